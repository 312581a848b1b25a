# Send one request, signed in as whoever runs this: a new hire, or with -Leaver a leaver.
#Requires -Version 7 -Modules @{ ModuleName = 'Az.Accounts'; ModuleVersion = '5.0.0' }
param([Parameter(Mandatory)] [string] $StorageAccount, [switch] $Leaver)

$ErrorActionPreference = 'Stop'
if (-not (Get-AzContext)) { Connect-AzAccount | Out-Null }   # in Azure Automation: Connect-AzAccount -Identity
$person = 'anna@contoso.example'
$hire = @{ requestId = 'hire-2026-00417'; userPrincipalName = $person; pool = 'seattle' }
$leave = @{ requestId = 'leave-2026-00417'; action = 'unassign'; userPrincipalName = $person }
$request = if ($Leaver) { $leave } else { $hire }
$json = $request | ConvertTo-Json -Compress -Depth 100
$message = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($json))
$send = @{
    Method = 'Post'; Uri = "https://$StorageAccount.queue.core.windows.net/number-requests/messages?messagettl=-1"
    Authentication = 'Bearer'; Token = (Get-AzAccessToken -ResourceUrl 'https://storage.azure.com/').Token
    Headers = @{ 'x-ms-version' = '2021-12-02'; 'x-ms-date' = [DateTime]::UtcNow.ToString('R') }
    ContentType = 'application/xml'; Body = "<QueueMessage><MessageText>$message</MessageText></QueueMessage>"
}
Invoke-RestMethod @send | Out-Null
