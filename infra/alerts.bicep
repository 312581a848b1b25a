// Someone is told when the app stops working. Each query ends in one number, `value`; a rule's title is the heading of its
// section in docs/operations.md. A mail shows the description alone, so that is where the query to run next is named.
param location string
param tags object
param actionGroupName string
param ruleNamePrefix string
param workspaceName string
param emails array
param moreActionGroupIds array
param oldestPendingSeconds int
param failurePercent int

var rules = [
  {
    name: 'poison'
    title: 'A message is in a poison queue'
    reason: 'Nothing works on a message in number-requests-poison or pending-operations-poison any more; a person must decide.'
    severity: 2
    query: loadTextContent('kql/alert-poison.kql')
    next: 'next-poison'
    frequency: 'PT5M'
    window: 'PT10M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'configuration-fault'
    title: 'Graph refuses the app'
    reason: 'Graph answered 401 or 403, or there was no token: permission, consent or identity is wrong, and every request waits until it is right.'
    severity: 1
    query: loadTextContent('kql/alert-configuration-fault.kql')
    next: 'next-configuration-fault'
    frequency: 'PT5M'
    window: 'PT10M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'poll-missing'
    title: 'poll_operation does not run'
    reason: 'No poll.run record for 10 minutes: the app is stopped, does not start, or cannot send its log, and nobody hears how a request ended.'
    severity: 1
    query: loadTextContent('kql/alert-poll-missing.kql')
    next: 'next-poll-missing'
    frequency: 'PT5M'
    window: 'PT10M'
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'oldest-pending'
    title: 'An order has been pending for long'
    reason: 'Graph accepted an order and has not finished it, and its request is older than the time allowed: usually a delay at Microsoft, sometimes an outage.'
    severity: 2
    query: loadTextContent('kql/alert-oldest-pending.kql')
    next: 'next-oldest-pending'
    frequency: 'PT15M'
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: oldestPendingSeconds
  }
  {
    name: 'failure-rate'
    title: 'Many requests end without a number'
    reason: 'More requests than usual failed, were rejected or timed out in the last hour: often one cause upstream, such as a wrong number type or missing licenses.'
    severity: 2
    query: loadTextContent('kql/alert-failure-rate.kql')
    next: 'failures-by-code'
    frequency: 'PT15M'
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: failurePercent
  }
  {
    name: 'unassign-paused'
    title: 'Unassignments are paused'
    reason: 'More numbers were to be taken away within 24 hours than UNASSIGN_PER_DAY allows. The rest waits until a person says whether that is right.'
    severity: 2
    query: loadTextContent('kql/alert-unassign-paused.kql')
    next: 'unassign-brake'
    frequency: 'PT15M'
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'pool-low'
    title: 'A number pool runs low'
    reason: 'At the last pick a pool held fewer free numbers than its lowWater. When it is empty, requests wait.'
    severity: 3
    query: loadTextContent('kql/alert-pool-low.kql')
    next: 'pool-levels'
    frequency: 'PT15M'
    window: 'P1D'
    operator: 'GreaterThan'
    threshold: 0
  }
]

var nextQueries = {
  'failures-by-code': loadTextContent('kql/failures-by-code.kql')
  'next-configuration-fault': loadTextContent('kql/next-configuration-fault.kql')
  'next-oldest-pending': loadTextContent('kql/next-oldest-pending.kql')
  'next-poison': loadTextContent('kql/next-poison.kql')
  'next-poll-missing': loadTextContent('kql/next-poll-missing.kql')
  'pool-levels': loadTextContent('kql/pool-levels.kql')
  'unassign-brake': loadTextContent('kql/unassign-brake.kql')
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'TeamsNumbers'
    emailReceivers: [
      for (email, index) in emails: {
        name: 'email-${index}'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

// In the portal: Logs of the workspace, Queries, and there the category below.
resource savedQueries 'Microsoft.OperationalInsights/workspaces/savedSearches@2023-09-01' = [
  for rule in rules: {
    parent: workspace
    name: rule.next
    properties: {
      category: 'Teams number assignments'
      displayName: 'After: ${rule.title}'
      query: nextQueries[rule.next]
      version: 2
    }
  }
]

resource queryRules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: '${ruleNamePrefix}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.title
      description: '${rule.reason} Next: run "After: ${rule.title}", a saved query of the workspace (infra/kql/${rule.next}.kql), then see docs/operations.md, "${rule.title}".'
      severity: rule.severity
      enabled: true
      autoMitigate: true
      // a table exists only once its first record has arrived
      skipQueryValidation: true
      scopes: [
        workspace.id
      ]
      evaluationFrequency: rule.frequency
      windowSize: rule.window
      // that query looks at the last ten minutes, and further back only for a sign that the app ever ran
      overrideQueryTimeRange: rule.name == 'poll-missing' ? 'P2D' : rule.window
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Maximum'
            metricMeasureColumn: 'value'
            operator: rule.operator
            threshold: rule.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: concat([actionGroup.id], moreActionGroupIds)
      }
    }
  }
]
