// Two accounts, so that whoever may write requests never comes near the host's locks and the app's package.
param location string
param tags object
param hostAccountName string
param numbersAccountName string
param sku string
param queueNames object
param workspaceId string

resource host 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  // checkov:skip=CKV_AZURE_35: Flex Consumption without a network has no fixed address to allow; every request needs an Entra token and a role
  // checkov:skip=CKV_AZURE_206: the default keeps a copy in each of three zones; STORAGE_SKU=Standard_GZRS adds a second region
  // checkov:skip=CKV_AZURE_36: the account has no network rules, so there is nothing to let Microsoft's services past
  name: hostAccountName
  location: location
  tags: tags
  sku: {
    name: sku
  }
  kind: 'StorageV2'
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource hostBlobs 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: host
  name: 'default'
}

resource packages 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: hostBlobs
  name: 'app-package'
  properties: {
    publicAccess: 'None'
  }
}

resource numbers 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  // checkov:skip=CKV_AZURE_35: HR systems and Logic Apps write from addresses that are not known here; every request needs an Entra token and a role
  // checkov:skip=CKV_AZURE_206: the default keeps a copy in each of three zones; STORAGE_SKU=Standard_GZRS adds a second region
  // checkov:skip=CKV_AZURE_36: the account has no network rules, so there is nothing to let Microsoft's services past
  name: numbersAccountName
  location: location
  tags: tags
  sku: {
    name: sku
  }
  kind: 'StorageV2'
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource numbersQueues 'Microsoft.Storage/storageAccounts/queueServices@2024-01-01' = {
  parent: numbers
  name: 'default'
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' = [
  for queue in items(queueNames): {
    parent: numbersQueues
    name: queue.value
  }
]

// Who wrote to which queue, and who deleted; reads are left out, since the app asks for messages around the clock.
resource queueLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: numbersQueues
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'StorageWrite'
        enabled: true
      }
      {
        category: 'StorageDelete'
        enabled: true
      }
    ]
  }
}

output hostAccountName string = host.name
output hostBlobEndpoint string = host.properties.primaryEndpoints.blob
output packageContainerName string = packages.name
output numbersAccountName string = numbers.name
output numbersQueueEndpoint string = numbers.properties.primaryEndpoints.queue
