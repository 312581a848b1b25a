#!/bin/sh
# Send one request, signed in as whoever runs this: a new hire, or with the argument `leaver` a leaver.
set -eu
cd "$(dirname "$0")"
case ${1:-hire} in
hire) request='{"requestId": "hire-2026-00417", "userPrincipalName": "anna@contoso.example", "pool": "seattle"}' ;;
leaver) request='{"requestId": "leave-2026-00417", "action": "unassign", "userPrincipalName": "anna@contoso.example"}' ;;
*) echo "$1: say hire or leaver" >&2 && exit 2 ;;
esac
: "${QUEUE_ENDPOINT:?set it to https://<account>.queue.core.windows.net}"
token=$(sh token.sh) # on a line of its own: a failure inside another command would go unnoticed
message=$(printf '%s' "$request" | base64 | tr -d '\n')
curl -sSf -o /dev/null -X POST "${QUEUE_ENDPOINT%/}/number-requests/messages?messagettl=-1" \
  -H "Authorization: Bearer $token" -H "x-ms-version: 2021-12-02" -H "Content-Type: application/xml" \
  -H "x-ms-date: $(LC_ALL=C date -u '+%a, %d %b %Y %H:%M:%S GMT')" \
  --data "<QueueMessage><MessageText>$message</MessageText></QueueMessage>"
