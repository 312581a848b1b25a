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
request = json.dumps(requests[sys.argv[1] if sys.argv[1:] else "hire"])
if local := os.environ.get("LOCAL_STORAGE"):  # the queue service of `make run`
    queue = QueueClient.from_connection_string(local, "number-requests")
else:
    queue = QueueClient(os.environ["QUEUE_ENDPOINT"], "number-requests", DefaultAzureCredential())
queue.send_message(request, time_to_live=-1)
