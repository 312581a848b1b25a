// The whole system in one resource group. `azd up` deploys it; docs/deploy.md says what to decide first.
targetScope = 'subscription'

import { entries, notActionGroups, notAddresses, notNumbers, notObjectIds, notWords } from 'lists.bicep'

@description('Name of the azd environment; every resource carries it as a tag.')
@minLength(1)
@maxLength(64)
param environmentName string

// Source: Microsoft's own azd templates for Flex Consumption, github.com/Azure-Samples/functions-quickstart-python-http-azd
@description('Azure region of all resources: one that offers Flex Consumption (az functionapp list-flexconsumption-locations).')
@allowed([
  'australiaeast'
  'australiasoutheast'
  'brazilsouth'
  'canadacentral'
  'centralindia'
  'centralus'
  'eastasia'
  'eastus'
  'eastus2'
  'francecentral'
  'germanywestcentral'
  'italynorth'
  'japaneast'
  'koreacentral'
  'northcentralus'
  'northeurope'
  'norwayeast'
  'southafricanorth'
  'southcentralus'
  'southeastasia'
  'southindia'
  'spaincentral'
  'swedencentral'
  'uaenorth'
  'uksouth'
  'ukwest'
  'westcentralus'
  'westeurope'
  'westus'
  'westus2'
  'westus3'
])
param location string

@description('Redundancy of both storage accounts. The queues are the only state, so the default survives the loss of a zone.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_ZRS'

@description('Memory of one instance in MB; CPU comes in proportion. The smallest size must index the app on a quarter of a core.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Most instances of each function. Graph is the limit, not the app: each instance sends up to GRAPH_REQUESTS_PER_SECOND.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 2

@description('Instances of assign_number that never stop. More than none costs money around the clock and saves a cold start.')
@minValue(0)
@maxValue(10)
param alwaysReadyAssign int = 0

@description('Instances of poll_operation that never stop.')
@minValue(0)
@maxValue(1)
param alwaysReadyPoll int = 0

@description('Object ids that may put requests on the request queue (the identity of an HR system, a Logic App), separated by commas.')
param requestSenders string = ''

@description('Object ids that may read and delete completion events, separated by commas.')
param eventReaders string = ''

@description('Addresses that alerts are sent to, separated by commas. Without one, alerts show in the portal only.')
param alertEmails string = ''

@description('Resource id of an action group that exists already; alerts are sent to it as well.')
param actionGroupId string = ''

@description('A pending order whose request is older than this is worth a look, in seconds. Most end within minutes.')
@minValue(60)
param oldestPendingSeconds int = 3600

@description('The percentage of requests without a number that is worth a look, over one hour.')
@minValue(0)
@maxValue(100)
param failurePercent int = 20

@description('What the app does at all, separated by commas: assign, unassign, update.')
param actions string = 'assign'

@description('The most unassignments in 24 hours, for the whole app; whatever is above waits for a person.')
@minValue(0)
@maxValue(100000)
param unassignPerDay int = 25

@description('Numbers that are never unassigned, with their country code, separated by commas.')
param protectedNumbers string = ''

@description('How strictly a number is checked before Graph sees it: possible by its country\'s plan, or digits only.')
@allowed(['possible', 'digits'])
param numberCheck string = 'possible'

@description('How far the list of numbers may lag behind what Teams did, in seconds.')
@minValue(1)
@maxValue(86400)
param listLagSeconds int = 300

@description('How long the app looks for the effect of a finished order before it says that it saw none, in seconds.')
@minValue(1)
@maxValue(86400)
param confirmSeconds int = 3600

@description('Grants the Graph permission with this deployment; the deployer then needs a directory role. See docs/deploy.md.')
param grantGraphPermission bool = false

@description('Grants User.ReadBasic.All as well, so that requests may name people by user principal name.')
param lookUpUsers bool = false

var abbreviations = loadJsonContent('abbreviations.json')
var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var queueNames = {
  requests: 'number-requests'
  operations: 'pending-operations'
  events: 'number-events'
  requestsPoison: 'number-requests-poison'
  operationsPoison: 'pending-operations-poison'
  unassignments: 'recent-unassignments'
}

var lists = {
  requestSenders: entries(requestSenders)
  eventReaders: entries(eventReaders)
  alertEmails: entries(alertEmails)
  actionGroups: entries(actionGroupId)
  actions: entries(actions)
  protectedNumbers: entries(protectedNumbers)
}
var problems = concat(
  notObjectIds('REQUEST_SENDERS', lists.requestSenders),
  notObjectIds('EVENT_READERS', lists.eventReaders),
  notAddresses('ALERT_EMAILS', lists.alertEmails),
  notActionGroups('ACTION_GROUP_ID', lists.actionGroups),
  notWords('ACTIONS', lists.actions, ['assign', 'unassign', 'update']),
  notNumbers('PROTECTED_NUMBERS', lists.protectedNumbers)
)

// A wrong list stops the deployment here, where Azure validates names, before it makes anything.
resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: empty(problems) ? '${abbreviations.resourcesResourceGroups}${environmentName}' : fail(join(problems, '; '))
  location: location
  tags: tags
}

module monitoring 'monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    location: location
    tags: tags
    workspaceName: '${abbreviations.operationalInsightsWorkspaces}${token}'
    componentName: '${abbreviations.insightsComponents}${token}'
  }
}

module identity 'identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${abbreviations.managedIdentityUserAssignedIdentities}${token}'
  }
}

module storage 'storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    location: location
    tags: tags
    hostAccountName: '${abbreviations.storageStorageAccounts}host${token}'
    numbersAccountName: '${abbreviations.storageStorageAccounts}num${token}'
    sku: storageSku
    queueNames: queueNames
    workspaceId: monitoring.outputs.workspaceId
  }
}

module roles 'roles.bicep' = {
  name: 'roles'
  scope: group
  params: {
    hostAccountName: storage.outputs.hostAccountName
    numbersAccountName: storage.outputs.numbersAccountName
    componentName: monitoring.outputs.componentName
    queueNames: queueNames
    principalId: identity.outputs.principalId
    requestSenders: lists.requestSenders
    eventReaders: lists.eventReaders
  }
}

module app 'app.bicep' = {
  name: 'app'
  scope: group
  params: {
    location: location
    tags: tags
    planName: '${abbreviations.webServerFarms}${token}'
    name: '${abbreviations.webSitesFunctions}${token}'
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    hostBlobEndpoint: storage.outputs.hostBlobEndpoint
    packageContainerName: storage.outputs.packageContainerName
    numbersQueueEndpoint: storage.outputs.numbersQueueEndpoint
    queueNames: queueNames
    applicationInsightsConnectionString: monitoring.outputs.connectionString
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyAssign: alwaysReadyAssign
    alwaysReadyPoll: alwaysReadyPoll
    actions: lists.actions
    unassignPerDay: unassignPerDay
    protectedNumbers: lists.protectedNumbers
    numberCheck: numberCheck
    listLagSeconds: listLagSeconds
    confirmSeconds: confirmSeconds
  }
  // the host reads its storage as soon as it starts
  dependsOn: [
    roles
  ]
}

module graphPermission 'graph-permission.bicep' = if (grantGraphPermission) {
  name: 'graph-permission'
  scope: group
  params: {
    principalId: identity.outputs.principalId
    lookUpUsers: lookUpUsers
  }
}

module alerts 'alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    location: location
    tags: tags
    actionGroupName: '${abbreviations.insightsActionGroups}${token}'
    ruleNamePrefix: '${abbreviations.insightsScheduledQueryRules}${token}'
    workspaceName: monitoring.outputs.workspaceName
    oldestPendingSeconds: oldestPendingSeconds
    failurePercent: failurePercent
    emails: lists.alertEmails
    moreActionGroupIds: lists.actionGroups
  }
}

module workbook 'workbook.bicep' = {
  name: 'workbook'
  scope: group
  params: {
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
  }
}

output AZURE_LOCATION string = location
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output SERVICE_ASSIGNMENTS_NAME string = app.outputs.name
output IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId
output NUMBERS_STORAGE_ACCOUNT string = storage.outputs.numbersAccountName
output REQUESTS_QUEUE_URL string = '${storage.outputs.numbersQueueEndpoint}${queueNames.requests}'
output EVENTS_QUEUE_URL string = '${storage.outputs.numbersQueueEndpoint}${queueNames.events}'
output LOG_WORKSPACE_ID string = monitoring.outputs.customerId
output WORKBOOK_ID string = workbook.outputs.id
