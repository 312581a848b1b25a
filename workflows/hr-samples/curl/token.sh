# Prints an Entra token for storage: from the managed identity where there is one, else from `az login`.
if [ -n "$IDENTITY_ENDPOINT" ]; then
  curl -sSf -H "X-IDENTITY-HEADER: $IDENTITY_HEADER" \
    "$IDENTITY_ENDPOINT?api-version=2019-08-01&resource=https://storage.azure.com/" |
    sed 's/.*"access_token" *: *"\([^"]*\)".*/\1/'
else
  az account get-access-token --resource https://storage.azure.com/ --query accessToken --output tsv
fi
