// Grants the app's identity the Graph permissions it needs. Opt-in: the deployer needs a directory role for it.
// The other way, for whoever holds that role and does not deploy: scripts/grant_graph_permission.sh
extension microsoftGraphV1

param principalId string
param lookUpUsers bool

var permissions = concat(['TeamsTelephoneNumber.ReadWrite.All'], lookUpUsers ? ['User.ReadBasic.All'] : [])

// Microsoft Graph itself, as every tenant knows it
resource graph 'Microsoft.Graph/servicePrincipals@v1.0' existing = {
  appId: '00000003-0000-0000-c000-000000000000'
}

resource grants 'Microsoft.Graph/appRoleAssignedTo@v1.0' = [
  for permission in permissions: {
    appRoleId: filter(graph.appRoles, role => role.value == permission)[0].id
    principalId: principalId
    resourceId: graph.id
  }
]
