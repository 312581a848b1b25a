// The function app: Flex Consumption, Python 3.13, one identity, no secret, no HTTP function.
param location string
param tags object
param planName string
param name string
param identityId string
param identityClientId string
param hostBlobEndpoint string
param packageContainerName string
param numbersQueueEndpoint string
param queueNames object
param applicationInsightsConnectionString string
param maximumInstanceCount int
param alwaysReadyAssign int
param alwaysReadyPoll int
param instanceMemoryMB int
param actions array
param unassignPerDay int
param protectedNumbers array
param numberCheck string
param listLagSeconds int
param confirmSeconds int

// Every app setting; docs/deploy.md explains each. On Flex Consumption the runtime and its version stand below, not here.
var appSettings = {
  ACTIONS: join(actions, ',')
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD;ClientId=${identityClientId}'
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsightsConnectionString
  AZURE_CLIENT_ID: identityClientId
  AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential'
  AzureWebJobsStorage__blobServiceUri: hostBlobEndpoint
  AzureWebJobsStorage__clientId: identityClientId
  AzureWebJobsStorage__credential: 'managedidentity'
  CONFIRM_SECONDS: string(confirmSeconds)
  EVENT_SOURCE: '/teams/number-assignments'
  EVENTS_QUEUE: queueNames.events
  FIRST_POLL_SECONDS: '15'
  GRAPH_ENDPOINT: 'https://graph.microsoft.com/v1.0'
  GRAPH_REQUESTS_PER_SECOND: '20'
  LIST_LAG_SECONDS: string(listLagSeconds)
  MAX_POLL_SECONDS: '300'
  NUMBER_CHECK: numberCheck
  NUMBER_POOLS: string(loadJsonContent('pools.json'))
  NumbersStorage__clientId: identityClientId
  NumbersStorage__credential: 'managedidentity'
  NumbersStorage__queueServiceUri: numbersQueueEndpoint
  OPERATIONS_QUEUE: queueNames.operations
  POLL_BUDGET_SECONDS: '240'
  POLL_SCHEDULE: '*/15 * * * * *'
  POLL_WORKERS: '16'
  PROTECTED_NUMBERS: join(protectedNumbers, ',')
  PYTHON_THREADPOOL_THREAD_COUNT: '24'
  REQUEST_DEADLINE_HOURS: '24'
  REQUESTS_QUEUE: queueNames.requests
  UNASSIGN_PER_DAY: string(unassignPerDay)
  UNASSIGNMENTS_QUEUE: queueNames.unassignments
  WAIT_SECONDS: '60,300,900,3600'
}

var alwaysReadyForAssign = alwaysReadyAssign > 0
  ? [
      {
        name: 'function:assign_number'
        instanceCount: alwaysReadyAssign
      }
    ]
  : []

var alwaysReadyForPoll = alwaysReadyPoll > 0
  ? [
      {
        name: 'function:poll_operation'
        instanceCount: alwaysReadyPoll
      }
    ]
  : []

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  // checkov:skip=CKV_AZURE_225: the plan scales to zero; while a zone fails the queues keep the work, in three zones
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    tier: 'FlexConsumption'
    name: 'FC1'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  // checkov:skip=CKV_AZURE_222: closing the app's network closes azd's deployment address too; the app's own denies everyone
  // checkov:skip=CKV_AZURE_78: Flex Consumption has no FTP and refuses ftpsState
  // checkov:skip=CKV_AZURE_17: there is no HTTP function that a client could present a certificate to
  // checkov:skip=CKV_AZURE_212: Flex Consumption has no minimum of instances but alwaysReady, a parameter
  // checkov:skip=CKV_AZURE_213: a health check is an HTTP request, and no HTTP function answers it; see alert-poll-missing
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'assignments' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
      // nobody calls this app: its own address refuses everyone, its deployment address asks for an Entra token
      ipSecurityRestrictionsDefaultAction: 'Deny'
      scmIpSecurityRestrictionsUseMain: false
      scmIpSecurityRestrictionsDefaultAction: 'Allow'
      appSettings: [
        for setting in items(appSettings): {
          name: setting.key
          value: setting.value
        }
      ]
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostBlobEndpoint}${packageContainerName}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'python'
        version: '3.13'
      }
      scaleAndConcurrency: {
        maximumInstanceCount: maximumInstanceCount
        instanceMemoryMB: instanceMemoryMB
        alwaysReady: concat(alwaysReadyForAssign, alwaysReadyForPoll)
      }
    }
  }
}

// no user name and password may deploy
resource ftpCredentials 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource scmCredentials 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

output name string = app.name
