#!/usr/bin/env bash
# Grants TeamsTelephoneNumber.ReadWrite.All on Microsoft Graph to the app's identity. Running it again changes nothing.
#
#   scripts/grant_graph_permission.sh <object id of the identity> [--look-up-users]
#
# --look-up-users grants User.ReadBasic.All as well, for requests that name people by user principal name.
# The object id is the deployment's output: azd env get-value IDENTITY_PRINCIPAL_ID
# Who runs it needs the directory role Privileged Role Administrator, and a login: az login --tenant <tenant id>
set -euo pipefail

readonly graph_app_id='00000003-0000-0000-c000-000000000000' # Microsoft Graph, the same in every tenant
readonly graph='https://graph.microsoft.com/v1.0'
permissions=('TeamsTelephoneNumber.ReadWrite.All')

fail() {
  echo "$1" >&2
  exit 1
}

[[ $# -eq 1 || ($# -eq 2 && "$2" == --look-up-users) ]] ||
  fail 'Usage: scripts/grant_graph_permission.sh <object id of the identity> [--look-up-users]'
[[ $# -eq 1 ]] || permissions+=('User.ReadBasic.All')
readonly identity="$1"
[[ "$identity" =~ ^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$ ]] ||
  fail "Not an object id: $identity. Take the value of: azd env get-value IDENTITY_PRINCIPAL_ID"
command -v az >/dev/null || fail 'The Azure CLI (az) is needed: https://aka.ms/azure-cli'

graph_id="$(az ad sp show --id "$graph_app_id" --query id --output tsv)"

grant() {
  local permission="$1" role_id granted
  role_id="$(az ad sp show --id "$graph_app_id" --output tsv \
    --query "appRoles[?value=='$permission' && contains(allowedMemberTypes, 'Application')].id | [0]")"
  [[ -n "$role_id" && "$role_id" != None ]] ||
    fail "This tenant's Microsoft Graph has no application permission $permission. Is it the global cloud?"

  granted="$(az rest --method get --url "$graph/servicePrincipals/$identity/appRoleAssignments" \
    --query "value[?resourceId=='$graph_id' && appRoleId=='$role_id'].id | [0]" --output tsv)"
  if [[ -n "$granted" && "$granted" != None ]]; then
    echo "Already granted: $permission to $identity."
    return
  fi

  az rest --method post --url "$graph/servicePrincipals/$identity/appRoleAssignments" --output none \
    --headers 'Content-Type=application/json' \
    --body "{\"principalId\": \"$identity\", \"resourceId\": \"$graph_id\", \"appRoleId\": \"$role_id\"}"
  echo "Granted: $permission to $identity. A token that the app already holds may last up to a day; restart the app to renew it."
}

for permission in "${permissions[@]}"; do
  grant "$permission"
done
