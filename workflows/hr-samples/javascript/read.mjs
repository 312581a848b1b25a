// Print how requests ended; an event is deleted once it is printed, and comes again if this stops before.
import { DefaultAzureCredential } from "@azure/identity";
import { QueueServiceClient } from "@azure/storage-queue";

const { LOCAL_STORAGE: local, QUEUE_ENDPOINT: endpoint } = process.env; // local: the queue service of `make run`
if (!local && !endpoint) {
  console.error("set QUEUE_ENDPOINT to https://<account>.queue.core.windows.net");
  process.exit(1);
}
const service = local
  ? QueueServiceClient.fromConnectionString(local)
  : new QueueServiceClient(endpoint, new DefaultAzureCredential());
const queue = service.getQueueClient("number-events");
let batch;
do {
  batch = await queue.receiveMessages({ numberOfMessages: 32, visibilityTimeout: 60 });
  for (const message of batch.receivedMessageItems) {
    const event = JSON.parse(message.messageText);
    console.log(event.id, event.subject, event.type, event.data.error?.advice ?? "");
    await queue.deleteMessage(message.messageId, message.popReceipt);
  }
} while (batch.receivedMessageItems.length > 0);
