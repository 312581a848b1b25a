"""Send one number assignment request, signed in as whoever runs this."""

import json
import os

from azure.identity import DefaultAzureCredential
from azure.storage.queue import QueueClient

request = {
    "requestId": "hire-2026-00417",
    "telephoneNumber": "+1 206 555 0100",
    "assignmentTargetId": "6f0b2f8c-90f5-4a0e-9c39-1f0a3f8b6d21",
    "numberType": "callingPlan",
    "context": {"employeeId": "00417"},
}
queue = QueueClient(os.environ["QUEUE_ENDPOINT"], "number-requests", DefaultAzureCredential())
queue.send_message(json.dumps(request), time_to_live=-1)
