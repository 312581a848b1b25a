#!/bin/sh
# Print an Entra token for storage: from the managed identity where there is one, else from `az login`.
set -eu
resource=https://storage.azure.com/
ask() { curl -sS -G --noproxy '*' --connect-timeout 5 --data-urlencode "resource=$resource" "$@"; }
if [ -n "${IDENTITY_HEADER:-}" ]; then # App Service, Functions, Container Apps
  answer=$(ask -f -d api-version=2019-08-01 -H "X-IDENTITY-HEADER: $IDENTITY_HEADER" "$IDENTITY_ENDPOINT")
elif [ -n "${IDENTITY_ENDPOINT:-}" ]; then # Azure Arc: whoever asks proves it by a file that only its group may read
  headers=$(ask -o /dev/null -D - -d api-version=2020-06-01 -H "Metadata: true" "$IDENTITY_ENDPOINT")
  key=$(printf '%s' "$headers" | tr -d '\r' | sed -n 's/^[Ww][Ww][Ww]-[Aa]uthenticate: *Basic realm=//p')
  case $key in
  *..*) echo "a strange key file: $key" >&2 && exit 1 ;;
  "${ARC_TOKENS:-/var/opt/azcmagent/tokens}"/*.key) secret=$(cat "$key") ;;
  *) echo "a strange key file: $key" >&2 && exit 1 ;;
  esac
  answer=$(ask -f -d api-version=2020-06-01 -H "Metadata: true" -H "Authorization: Basic $secret" "$IDENTITY_ENDPOINT")
elif az account get-access-token --resource $resource --query accessToken --output tsv 2>/dev/null; then
  exit 0
else # a virtual machine
  host=${AZURE_POD_IDENTITY_AUTHORITY_HOST:-http://169.254.169.254}
  answer=$(ask -f -d api-version=2018-02-01 -H "Metadata: true" "$host/metadata/identity/oauth2/token") ||
    { echo "no managed identity here, and az is not signed in: az login" >&2 && exit 1; }
fi
token=$(printf '%s' "$answer" | tr -d '\r\n' | sed -n 's/.*"access_token" *: *"\([^"]*\)".*/\1/p')
[ -n "$token" ] || { echo "the identity endpoint gave no token" >&2 && exit 1; }
printf '%s\n' "$token"
