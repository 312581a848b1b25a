#!/bin/sh
# Send one number assignment request, signed in as whoever runs this.
set -eu
cd "$(dirname "$0")"
message=$(base64 <<'JSON' | tr -d '\n'
{"requestId": "hire-2026-00417", "telephoneNumber": "+1 206 555 0100", "numberType": "callingPlan",
 "assignmentTargetId": "6f0b2f8c-90f5-4a0e-9c39-1f0a3f8b6d21", "context": {"employeeId": "00417"}}
JSON
)
curl -sSf -o /dev/null -X POST "$QUEUE_ENDPOINT/number-requests/messages?messagettl=-1" \
  -H "Authorization: Bearer $(sh token.sh)" -H "x-ms-version: 2021-12-02" -H "Content-Type: application/xml" \
  -H "x-ms-date: $(LC_ALL=C date -u '+%a, %d %b %Y %H:%M:%S GMT')" \
  --data "<QueueMessage><MessageText>$message</MessageText></QueueMessage>"
