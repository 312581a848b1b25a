// Who may do what, on the smallest scope that Azure allows. docs/deploy.md holds the same table with the reasons.
param hostAccountName string
param numbersAccountName string
param componentName string
param queueNames object
param principalId string
param requestSenders array
param eventReaders array

var roleIds = {
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  storageQueueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  storageQueueDataMessageProcessor: '8a0f0c08-91a1-4084-bc3d-661d67233fed'
  storageQueueDataMessageSender: 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'
  storageQueueDataReader: '19e7f393-937e-4f77-808e-94535e297925'
}

resource hostAccount 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: hostAccountName
}

resource numbersAccount 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: numbersAccountName
}

resource numbersQueues 'Microsoft.Storage/storageAccounts/queueServices@2024-01-01' existing = {
  parent: numbersAccount
  name: 'default'
}

resource requests 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' existing = {
  parent: numbersQueues
  name: queueNames.requests
}

resource operations 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' existing = {
  parent: numbersQueues
  name: queueNames.operations
}

resource events 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' existing = {
  parent: numbersQueues
  name: queueNames.events
}

resource requestsPoison 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' existing = {
  parent: numbersQueues
  name: queueNames.requestsPoison
}

resource operationsPoison 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' existing = {
  parent: numbersQueues
  name: queueNames.operationsPoison
}

resource unassignments 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' existing = {
  parent: numbersQueues
  name: queueNames.unassignments
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource hostStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(hostAccount.id, principalId, roleIds.storageBlobDataOwner)
  scope: hostAccount
  properties: {
    description: 'The Functions host keeps its locks, its keys and the app package here.'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.storageBlobDataOwner)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

// Not Message Processor: renewing a lease and putting a message back change a message, which that role may not.
resource appRequests 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(requests.id, principalId, roleIds.storageQueueDataContributor)
  scope: requests
  properties: {
    description: 'Receives requests, renews their lease, puts them back.'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roleIds.storageQueueDataContributor
    )
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource appOperations 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(operations.id, principalId, roleIds.storageQueueDataContributor)
  scope: operations
  properties: {
    description: 'Stores pending operations, receives and postpones them.'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roleIds.storageQueueDataContributor
    )
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource appEvents 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(events.id, principalId, roleIds.storageQueueDataMessageSender)
  scope: events
  properties: {
    description: 'Sends completion events; never reads them.'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roleIds.storageQueueDataMessageSender
    )
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource appRequestsPoison 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(requestsPoison.id, principalId, roleIds.storageQueueDataMessageSender)
  scope: requestsPoison
  properties: {
    description: 'Sets unreadable requests aside.'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roleIds.storageQueueDataMessageSender
    )
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource appOperationsPoison 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(operationsPoison.id, principalId, roleIds.storageQueueDataMessageSender)
  scope: operationsPoison
  properties: {
    description: 'Sets unreadable pending operations aside.'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roleIds.storageQueueDataMessageSender
    )
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

// Adds to the day's count and reads it. Only a person may clear it: the app cannot release its own brake.
resource appUnassignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for roleId in [
    roleIds.storageQueueDataMessageSender
    roleIds.storageQueueDataReader
  ]: {
    name: guid(unassignments.id, principalId, roleId)
    scope: unassignments
    properties: {
      description: 'Counts the unassignments of the last 24 hours.'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]

resource appTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(component.id, principalId, roleIds.monitoringMetricsPublisher)
  scope: component
  properties: {
    description: 'Sends telemetry; the role covers logs too.'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roleIds.monitoringMetricsPublisher
    )
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

// The neighbors may be identities, groups or people, so no principalType is stated; they exist already. Azure keeps an
// assignment when its id leaves the list: scripts/revoke_neighbors.sh finds it by the description and removes it.
resource senders 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for sender in requestSenders: {
    name: guid(requests.id, sender, roleIds.storageQueueDataMessageSender)
    scope: requests
    properties: {
      description: 'Named in REQUEST_SENDERS: puts requests on the queue.'
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roleIds.storageQueueDataMessageSender
      )
      principalId: sender
    }
  }
]

resource readers 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for reader in eventReaders: {
    name: guid(events.id, reader, roleIds.storageQueueDataMessageProcessor)
    scope: events
    properties: {
      description: 'Named in EVENT_READERS: reads and deletes completion events.'
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roleIds.storageQueueDataMessageProcessor
      )
      principalId: reader
    }
  }
]
