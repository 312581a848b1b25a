#!/bin/sh
# Print one event, then delete it; it comes again if this stops before. Prints nothing if there is none.
set -eu
cd "$(dirname "$0")"
endpoint=${QUEUE_ENDPOINT:?set it to https://<account>.queue.core.windows.net}
url="${endpoint%/}/number-events/messages"
token=$(sh token.sh) # on a line of its own: a failure inside another command would go unnoticed
call() {
  curl -sSf -H "Authorization: Bearer $token" -H "x-ms-version: 2021-12-02" \
    -H "x-ms-date: $(LC_ALL=C date -u '+%a, %d %b %Y %H:%M:%S GMT')" "$@"
}
answer=$(call "$url?numofmessages=1&visibilitytimeout=60")
answer=$(printf '%s' "$answer" | tr -d '\r\n')
case $answer in *"<QueueMessagesList"*) ;; *) echo "this is no queue: $url" >&2 && exit 1 ;; esac
field() { printf '%s' "$answer" | sed -n "s:.*<$1>\(.*\)</$1>.*:\1:p"; }
[ -n "$(field MessageId)" ] || exit 0
field MessageText | sed 's/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&apos;/'"'"'/g; s/&amp;/\&/g'
call -X DELETE -G --data-urlencode "popreceipt=$(field PopReceipt)" "$url/$(field MessageId)"
