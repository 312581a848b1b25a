// The Logic App that puts requests on the queue, its connection and the one role it needs.
// az deployment group create -g <group of the storage account> -f workflows/logic-app-request/main.bicep -p storageAccountName=<name> callerAppId=<app id>

@description('Where the Logic App runs.')
param location string = resourceGroup().location

@description('The Logic App\'s name.')
param name string = 'logic-number-request'

@description('The storage account with the queues: the output NUMBERS_STORAGE_ACCOUNT of the app\'s deployment.')
param storageAccountName string

@description('The queue that assign_number reads.')
param requestsQueue string = 'number-requests'

@description('http: an HR system calls. schedule: the Logic App asks an HR system every quarter of an hour.')
@allowed([
  'http'
  'schedule'
])
param trigger string = 'http'

@description('http: the application (client) id of the only caller that is let in.')
param callerAppId string = ''

@description('http: the audience of the caller\'s token, with a slash at its end as Entra writes it.')
param callerAudience string = environment().resourceManager

@description('schedule: where the HR system lists who needs a number.')
param hrUrl string = ''

@description('schedule: the HR system\'s application id URI; the Logic App\'s identity asks for a token for it.')
param hrAudience string = ''

var storageQueueDataMessageSender = 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'
var scheduleParameters = {
  hrUrl: {
    value: hrUrl
  }
  hrAudience: {
    value: hrAudience
  }
}

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageAccountName
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices@2024-01-01' existing = {
  parent: account
  name: 'default'
}

resource requests 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' existing = {
  parent: queues
  name: requestsQueue
}

resource connection 'Microsoft.Web/connections@2016-06-01' = {
  name: '${name}-azurequeues'
  location: location
  properties: {
    displayName: 'Azure Queues by managed identity'
    api: {
      id: subscriptionResourceId('Microsoft.Web/locations/managedApis', location, 'azurequeues')
    }
    #disable-next-line BCP089
    parameterValueSet: {
      name: 'managedIdentityAuth'
      values: {}
    }
  }
}

resource app 'Microsoft.Logic/workflows@2019-05-01' = {
  name: name
  location: location
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    state: 'Enabled'
    definition: trigger == 'http' ? loadJsonContent('definition.json') : loadJsonContent('schedule.definition.json')
    parameters: union(
      {
        '$connections': {
          value: {
            azurequeues: {
              connectionId: connection.id
              connectionName: connection.name
              connectionProperties: {
                authentication: {
                  type: 'ManagedServiceIdentity'
                }
              }
              id: subscriptionResourceId('Microsoft.Web/locations/managedApis', location, 'azurequeues')
            }
          }
        }
        storageAccount: {
          value: storageAccountName
        }
        requestsQueue: {
          value: requestsQueue
        }
      },
      trigger == 'http' ? {} : scheduleParameters
    )
    // The address alone opens nothing: no shared access signature, only the named application's Entra token.
    accessControl: {
      triggers: {
        #disable-next-line BCP037
        sasAuthenticationPolicy: {
          state: 'Disabled'
        }
        openAuthenticationPolicies: {
          policies: trigger == 'http'
            ? {
                'HR-system': {
                  type: 'AAD'
                  claims: [
                    {
                      name: 'iss'
                      value: 'https://sts.windows.net/${tenant().tenantId}/'
                    }
                    {
                      name: 'aud'
                      value: callerAudience
                    }
                    {
                      name: 'appid'
                      value: callerAppId
                    }
                  ]
                }
              }
            : {}
        }
      }
    }
  }
}

resource sender 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(requests.id, app.id, storageQueueDataMessageSender)
  scope: requests
  properties: {
    description: 'Puts requests on the queue.'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageQueueDataMessageSender)
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

output logicAppName string = app.name
output principalId string = app.identity.principalId
