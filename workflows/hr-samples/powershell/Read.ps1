# Print how requests ended; an event is deleted once it is printed, and comes again if this stops before.
param([Parameter(Mandatory)] [string] $StorageAccount)

if (-not (Get-AzContext)) { Connect-AzAccount | Out-Null }   # in Azure Automation: Connect-AzAccount -Identity
$context = New-AzStorageContext -StorageAccountName $StorageAccount -UseConnectedAccount
$queue = (Get-AzStorageQueue -Name 'number-events' -Context $context).QueueClient
while ($messages = $queue.ReceiveMessages(32, [TimeSpan]::FromSeconds(60)).Value) {
    foreach ($message in $messages) {
        $event_ = $message.Body.ToString() | ConvertFrom-Json
        "$($event_.id) $($event_.subject) $($event_.type) $($event_.data.error.advice)"
        $queue.DeleteMessage($message.MessageId, $message.PopReceipt) | Out-Null
    }
}
