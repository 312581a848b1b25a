// The Logic App behind the custom task extension. The flow that resumes the workflow is ../logic-app-completed.
// az deployment group create -g <group of the storage account> -f workflows/lifecycle-workflow/main.bicep -p storageAccountName=<name>

@description('Where the Logic App runs.')
param location string = resourceGroup().location

@description('The Logic App\'s name; the custom task extension names it, too.')
param name string = 'logic-number-lifecycle'

@description('The storage account with the queues: the output NUMBERS_STORAGE_ACCOUNT of the app\'s deployment.')
param storageAccountName string

@description('The queue that assign_number reads.')
param requestsQueue string = 'number-requests'

@description('assign: for joiners. unassign: for leavers; needs neither pools nor the permission to read users.')
@allowed([
  'assign'
  'unassign'
])
param action string = 'assign'

@description('assign: office location of the user -> pool of numbers; * is for all other offices.')
param pools object = {}

var storageQueueDataMessageSender = 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'
// the same in every tenant: https://learn.microsoft.com/entra/id-governance/configure-logic-app-lifecycle-workflows
var lifecycleWorkflowsAppId = 'ce79fdc4-cd1d-4ea5-8139-e74d7dbe0bb7'

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
    definition: loadJsonContent('definition.json')
    parameters: {
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
      action: {
        value: action
      }
      pools: {
        value: pools
      }
    }
    // Only Lifecycle Workflows may call, with a proof-of-possession token made for this Logic App alone.
    accessControl: {
      triggers: {
        #disable-next-line BCP037
        sasAuthenticationPolicy: {
          state: 'Disabled'
        }
        openAuthenticationPolicies: {
          policies: {
            AzureADLifecycleWorkflowsAuthPOPAuthPolicy: {
              type: 'AADPOP'
              claims: [
                {
                  name: 'iss'
                  value: 'https://sts.windows.net/${tenant().tenantId}/'
                }
                {
                  name: 'aud'
                  #disable-next-line no-hardcoded-env-urls // as Microsoft's page spells it; the app is for the global cloud only
                  value: 'https://management.azure.com'
                }
                {
                  name: 'appid'
                  value: lifecycleWorkflowsAppId
                }
                {
                  name: 'm'
                  value: 'POST'
                }
                {
                  name: 'u'
                  value: split(environment().resourceManager, '/')[2]
                }
                {
                  name: 'p'
                  value: resourceId('Microsoft.Logic/workflows', name)
                }
              ]
            }
          }
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
