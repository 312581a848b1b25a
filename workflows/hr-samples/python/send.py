"""Send one request, signed in as whoever runs this: a new hire, or with the argument `leaver` a leaver."""

import json
import os
import sys

from azure.identity import DefaultAzureCredential
from azure.storage.queue import QueueClient

person = "anna@contoso.example"
requests = {
    "hire": {"requestId": "hire-2026-00417", "userPrincipalName": person, "pool": "seattle"},
    "leaver": {"requestId": "leave-2026-00417", "action": "unassign", "userPrincipalName": person},
}
word = sys.argv[1] if sys.argv[1:] else "hire"
if word not in requests:
    sys.exit(f"{word}: say hire or leaver")
if local := os.environ.get("LOCAL_STORAGE"):  # the queue service of `make run`
    queue = QueueClient.from_connection_string(local, "number-requests")
elif endpoint := os.environ.get("QUEUE_ENDPOINT"):
    queue = QueueClient(endpoint, "number-requests", DefaultAzureCredential())
else:
    sys.exit("set QUEUE_ENDPOINT to https://<account>.queue.core.windows.net")
queue.send_message(json.dumps(requests[word]), time_to_live=-1)
