// The Logic App that reads completion events, its connections, its small table of handled events and its two roles.
// az deployment group create -g <group of the storage account> -f workflows/logic-app-completed/main.bicep -p storageAccountName=<name> teamId=<id> channelId=<id> ticketMail=<address>

@description('Where the Logic App runs.')
param location string = resourceGroup().location

@description('The Logic App\'s name.')
param name string = 'logic-number-completed'

@description('The storage account with the queues: the output NUMBERS_STORAGE_ACCOUNT of the app\'s deployment.')
param storageAccountName string

@description('The queue that poll_operation and assign_number write events to.')
param eventsQueue string = 'number-events'

@description('The table that remembers the ids of events that were handled.')
param handledTable string = 'HandledEvents'

@description('The team whose channel hears of successes.')
param teamId string

@description('The channel in that team.')
param channelId string

@description('The ticket system\'s mailbox; also where mail goes whose request named nobody.')
param ticketMail string

var storageQueueDataMessageProcessor = '8a0f0c08-91a1-4084-bc3d-661d67233fed'
var storageTableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageAccountName
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices@2024-01-01' existing = {
  parent: account
  name: 'default'
}

resource events 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' existing = {
  parent: queues
  name: eventsQueue
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices@2024-01-01' = {
  parent: account
  name: 'default'
}

resource handled 'Microsoft.Storage/storageAccounts/tableServices/tables@2024-01-01' = {
  parent: tables
  name: handledTable
}

resource queuesConnection 'Microsoft.Web/connections@2016-06-01' = {
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

// Microsoft offers no managed identity for these two: after the deployment a person opens each once and presses Authorize.
resource teamsConnection 'Microsoft.Web/connections@2016-06-01' = {
  name: '${name}-teams'
  location: location
  properties: {
    displayName: 'Microsoft Teams'
    api: {
      id: subscriptionResourceId('Microsoft.Web/locations/managedApis', location, 'teams')
    }
  }
}

resource mailConnection 'Microsoft.Web/connections@2016-06-01' = {
  name: '${name}-office365'
  location: location
  properties: {
    displayName: 'Office 365 Outlook'
    api: {
      id: subscriptionResourceId('Microsoft.Web/locations/managedApis', location, 'office365')
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
            connectionId: queuesConnection.id
            connectionName: queuesConnection.name
            connectionProperties: {
              authentication: {
                type: 'ManagedServiceIdentity'
              }
            }
            id: subscriptionResourceId('Microsoft.Web/locations/managedApis', location, 'azurequeues')
          }
          teams: {
            connectionId: teamsConnection.id
            connectionName: teamsConnection.name
            id: subscriptionResourceId('Microsoft.Web/locations/managedApis', location, 'teams')
          }
          office365: {
            connectionId: mailConnection.id
            connectionName: mailConnection.name
            id: subscriptionResourceId('Microsoft.Web/locations/managedApis', location, 'office365')
          }
        }
      }
      storageAccount: {
        value: storageAccountName
      }
      eventsQueue: {
        value: eventsQueue
      }
      handledTable: {
        value: handled.name
      }
      teamId: {
        value: teamId
      }
      channelId: {
        value: channelId
      }
      ticketMail: {
        value: ticketMail
      }
    }
  }
}

resource reader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(events.id, app.id, storageQueueDataMessageProcessor)
  scope: events
  properties: {
    description: 'Reads and deletes completion events.'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      storageQueueDataMessageProcessor
    )
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

resource rememberer 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(handled.id, app.id, storageTableDataContributor)
  scope: handled
  properties: {
    description: 'Remembers which events were handled.'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageTableDataContributor)
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

output logicAppName string = app.name
output principalId string = app.identity.principalId
