# Send one number assignment request, signed in as whoever runs this. Needs: Install-Module Az.Accounts, Az.Storage
param([Parameter(Mandatory)] [string] $StorageAccount)

if (-not (Get-AzContext)) { Connect-AzAccount | Out-Null }   # in Azure Automation: Connect-AzAccount -Identity
$request = @{
    requestId          = 'hire-2026-00417'
    telephoneNumber    = '+1 206 555 0100'
    assignmentTargetId = '6f0b2f8c-90f5-4a0e-9c39-1f0a3f8b6d21'
    numberType         = 'callingPlan'
    context            = @{ employeeId = '00417' }
} | ConvertTo-Json -Compress
$context = New-AzStorageContext -StorageAccountName $StorageAccount -UseConnectedAccount
$queue = Get-AzStorageQueue -Name 'number-requests' -Context $context
$queue.QueueClient.SendMessage($request, $null, [TimeSpan]::FromSeconds(-1)) | Out-Null
