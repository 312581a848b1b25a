#!/bin/sh
# Print one event, then delete it; it comes again if this stops before. Prints nothing if there is none.
set -eu
cd "$(dirname "$0")"
url="$QUEUE_ENDPOINT/number-events/messages"
call() {
  curl -sSf -H "Authorization: Bearer $(sh token.sh)" -H "x-ms-version: 2021-12-02" \
    -H "x-ms-date: $(LC_ALL=C date -u '+%a, %d %b %Y %H:%M:%S GMT')" "$@"
}
answer=$(call "$url?numofmessages=1&visibilitytimeout=60" | tr -d '\r\n')
field() { printf '%s' "$answer" | sed -n "s:.*<$1>\(.*\)</$1>.*:\1:p"; }
[ -n "$(field MessageId)" ] || exit 0
field MessageText | sed 's/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&apos;/'"'"'/g; s/&amp;/\&/g'
call -X DELETE -G --data-urlencode "popreceipt=$(field PopReceipt)" "$url/$(field MessageId)"
