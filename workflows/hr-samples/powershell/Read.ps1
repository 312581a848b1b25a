# Print how requests ended; an event is deleted once it is printed, and comes again if this stops before.
#Requires -Version 7 -Modules @{ ModuleName = 'Az.Accounts'; ModuleVersion = '5.0.0' }
param([Parameter(Mandatory)] [string] $StorageAccount)

$ErrorActionPreference = 'Stop'
if (-not (Get-AzContext)) { Connect-AzAccount | Out-Null }   # in Azure Automation: Connect-AzAccount -Identity
$messages = "https://$StorageAccount.queue.core.windows.net/number-events/messages"
function Invoke-Queue([string] $Method, [string] $Uri) {
    $token = (Get-AzAccessToken -ResourceUrl 'https://storage.azure.com/').Token
    $headers = @{ 'x-ms-version' = '2021-12-02'; 'x-ms-date' = [DateTime]::UtcNow.ToString('R') }
    (Invoke-WebRequest -Method $Method -Uri $Uri -Authentication Bearer -Token $token -Headers $headers).Content
}
while ($true) {
    $answer = [xml]((Invoke-Queue -Method Get -Uri "${messages}?numofmessages=32&visibilitytimeout=60") -replace '^[^<]+')
    $batch = @($answer.SelectNodes('/QueueMessagesList/QueueMessage'))   # the service puts a byte order mark before it
    if ($batch.Count -eq 0) { break }
    foreach ($message in $batch) {
        $ended = $message.MessageText | ConvertFrom-Json -Depth 100
        "$($ended.id) $($ended.subject) $($ended.type) $($ended.data.error.advice)"
        $receipt = [Uri]::EscapeDataString($message.PopReceipt)
        Invoke-Queue -Method Delete -Uri "$messages/$($message.MessageId)?popreceipt=$receipt" | Out-Null
    }
}
