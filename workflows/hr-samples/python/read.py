"""Print how requests ended; an event is deleted once it is printed, and comes again if this stops before."""

import json
import os
import sys

from azure.identity import DefaultAzureCredential
from azure.storage.queue import QueueClient

if local := os.environ.get("LOCAL_STORAGE"):  # the queue service of `make run`
    queue = QueueClient.from_connection_string(local, "number-events")
elif endpoint := os.environ.get("QUEUE_ENDPOINT"):
    queue = QueueClient(endpoint, "number-events", DefaultAzureCredential())
else:
    sys.exit("set QUEUE_ENDPOINT to https://<account>.queue.core.windows.net")
for message in queue.receive_messages(visibility_timeout=60):
    event = json.loads(message.content)
    error = event["data"].get("error")
    print(event["id"], event["subject"], event["type"], error["advice"] if error else "")
    queue.delete_message(message)
