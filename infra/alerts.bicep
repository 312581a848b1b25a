// Someone is told when the app stops working. Each query ends in one number, `value`; each alert carries the query to run next.
param location string
param tags object
param actionGroupName string
param ruleNamePrefix string
param workspaceId string
param emails array
param oldestPendingSeconds int
param failurePercent int

var rules = [
  {
    name: 'poison'
    title: 'A message came to rest in a poison queue'
    reason: 'Nobody works on a message in number-requests-poison or pending-operations-poison any more; a person must decide. docs/operations.md, "Poison queues"; next query: infra/kql/next-poison.kql'
    severity: 2
    query: loadTextContent('kql/alert-poison.kql')
    nextQuery: loadTextContent('kql/next-poison.kql')
    frequency: 'PT5M'
    window: 'PT10M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'configuration-fault'
    title: 'Graph refuses the app'
    reason: 'Graph answered 401 or 403, or there was no token: permission, consent or identity is wrong, and every request waits until it is right. docs/operations.md, "Configuration fault"; next query: infra/kql/next-configuration-fault.kql'
    severity: 1
    query: loadTextContent('kql/alert-configuration-fault.kql')
    nextQuery: loadTextContent('kql/next-configuration-fault.kql')
    frequency: 'PT5M'
    window: 'PT10M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'poll-missing'
    title: 'poll_operation does not run'
    reason: 'No poll.run record for 10 minutes: the app is stopped, does not start, or cannot send its log, and no requester hears how a request ended. docs/operations.md, "poll_operation does not run"; next query: infra/kql/next-poll-missing.kql'
    severity: 1
    query: loadTextContent('kql/alert-poll-missing.kql')
    nextQuery: loadTextContent('kql/next-poll-missing.kql')
    frequency: 'PT5M'
    window: 'PT10M'
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'oldest-pending'
    title: 'An order has been pending for long'
    reason: 'Graph accepted an order and has not finished it, and its request is older than the time allowed: usually a delay at Microsoft, sometimes an outage. docs/operations.md, "Oldest pending order"; next query: infra/kql/next-oldest-pending.kql'
    severity: 2
    query: loadTextContent('kql/alert-oldest-pending.kql')
    nextQuery: loadTextContent('kql/next-oldest-pending.kql')
    frequency: 'PT15M'
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: oldestPendingSeconds
  }
  {
    name: 'failure-rate'
    title: 'Many requests end without a number'
    reason: 'More requests than usual failed, were rejected or timed out in the last hour: often one cause upstream, such as a wrong number type or missing licenses. docs/operations.md, "Failure rate"; next query: infra/kql/failures-by-code.kql'
    severity: 2
    query: loadTextContent('kql/alert-failure-rate.kql')
    nextQuery: loadTextContent('kql/failures-by-code.kql')
    frequency: 'PT15M'
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: failurePercent
  }
]

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'TeamsNumbers'
    emailReceivers: [for (email, index) in emails: {
      name: 'email-${index}'
      emailAddress: trim(email)
      useCommonAlertSchema: true
    }]
  }
}

resource queryRules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for rule in rules: {
  name: '${ruleNamePrefix}-${rule.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: rule.title
    description: rule.reason
    severity: rule.severity
    enabled: true
    autoMitigate: true
    // a table exists only once its first record has arrived
    skipQueryValidation: true
    scopes: [
      workspaceId
    ]
    evaluationFrequency: rule.frequency
    windowSize: rule.window
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
      actionGroups: [
        actionGroup.id
      ]
      customProperties: {
        nextQuery: rule.nextQuery
      }
    }
  }
}]
