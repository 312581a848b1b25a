#!/usr/bin/env bash
# Lists who may put requests on the queue and who may read events, and takes the role from whoever is no longer named:
# Azure keeps a role assignment when its id leaves REQUEST_SENDERS or EVENT_READERS.
#
#   scripts/revoke_neighbors.sh            lists, changes nothing
#   scripts/revoke_neighbors.sh --remove   removes the role assignments of those who are no longer named
#
# The two lists are read from the environment, else from azd's (azd env get-value). Only what infra/ assigned is touched: not
# the app itself, no Logic App of workflows/, nobody who was given a role by hand. Who runs it needs the role User Access
# Administrator (or Role Based Access Control Administrator) and a login: az login --tenant <tenant id>
set -euo pipefail

fail() {
  echo "$1" >&2
  exit 1
}

[[ $# -eq 0 || ($# -eq 1 && "$1" == --remove) ]] || fail 'Usage: scripts/revoke_neighbors.sh [--remove]'
readonly remove="${1:-}"
command -v az >/dev/null || fail 'The Azure CLI (az) is needed: https://aka.ms/azure-cli'

# Nothing is taken for an empty list but an empty list: a folder without azd's environment must not revoke everybody.
setting() {
  local name="$1" value
  if [[ -n "${!name+set}" ]]; then
    value="${!name}"
  else
    value="$(azd env get-value "$name" 2>/dev/null)" ||
      fail "$name is set neither in the environment nor in azd's. Set it as the deployment has it, empty if it names nobody."
  fi
  printf '%s' "$value" | tr '[:upper:]' '[:lower:]' | tr -d '[:space:]'
}

account="$(setting NUMBERS_STORAGE_ACCOUNT)"
senders="$(setting REQUEST_SENDERS)"
readers="$(setting EVENT_READERS)"
queues="$(az storage account show --name "$account" --query id --output tsv)/queueServices/default/queues"

check() {
  local list="$1" named="$2" queue="$3" assigned id principal who description
  assigned="$(az role assignment list --scope "$queues/$queue" --output tsv \
    --query "[].[id, principalId, principalName || '-', description || '-']")"
  echo "$queue, $list:"
  while IFS=$'\t' read -r id principal who description; do
    [[ "$description" == "Named in $list:"* ]] || continue
    principal="$(printf '%s' "$principal" | tr '[:upper:]' '[:lower:]')"
    if [[ ",$named," == *",$principal,"* ]]; then
      echo "  named            $principal  $who"
    elif [[ "$remove" == --remove ]]; then
      az role assignment delete --ids "$id" --output none </dev/null
      echo "  removed          $principal  $who"
    else
      echo "  no longer named  $principal  $who"
      left=1
    fi
  done <<<"$assigned"
}

left=''
check REQUEST_SENDERS "$senders" number-requests
check EVENT_READERS "$readers" number-events
[[ -z "$left" ]] || echo 'Run it again with --remove to take the role from those who are no longer named.'
