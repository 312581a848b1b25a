// The workbook: layout from workbook.json, queries from kql/, joined by name so that each query exists once.
param location string
param tags object
param workspaceId string

var queries = {
  'outcomes-over-time': loadTextContent('kql/outcomes-over-time.kql')
  'time-to-number': loadTextContent('kql/time-to-number.kql')
  'failures-by-code': loadTextContent('kql/failures-by-code.kql')
  throttling: loadTextContent('kql/throttling.kql')
  backlog: loadTextContent('kql/backlog.kql')
  'newest-failures': loadTextContent('kql/newest-failures.kql')
  'pool-levels': loadTextContent('kql/pool-levels.kql')
  'unassign-brake': loadTextContent('kql/unassign-brake.kql')
}

// any(): the items differ in shape, and their names are looked up among the queries
var layout = any(loadJsonContent('workbook.json'))

var parts = [
  for item in layout.items: contains(queries, item.name)
    ? union(item, { content: union(item.content, { query: queries[item.name] }) })
    : item
]

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'teams-number-assignments')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Teams number assignments'
    category: 'workbook'
    sourceId: workspaceId
    version: 'Notebook/1.0'
    serializedData: string({
      version: layout.version
      items: parts
      fallbackResourceIds: [
        workspaceId
      ]
      '$schema': layout['$schema']
    })
  }
}

output id string = workbook.id
