// Send one number assignment request, signed in as whoever runs this.
import { DefaultAzureCredential } from "@azure/identity";
import { QueueClient } from "@azure/storage-queue";

const request = {
  requestId: "hire-2026-00417",
  telephoneNumber: "+1 206 555 0100",
  assignmentTargetId: "6f0b2f8c-90f5-4a0e-9c39-1f0a3f8b6d21",
  numberType: "callingPlan",
  context: { employeeId: "00417" },
};
const queue = new QueueClient(`${process.env.QUEUE_ENDPOINT}/number-requests`, new DefaultAzureCredential());
await queue.sendMessage(JSON.stringify(request), { messageTimeToLive: -1 });
