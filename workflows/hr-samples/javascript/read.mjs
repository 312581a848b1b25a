// Print how requests ended; an event is deleted once it is printed, and comes again if this stops before.
import { DefaultAzureCredential } from "@azure/identity";
import { QueueClient } from "@azure/storage-queue";

const queue = new QueueClient(`${process.env.QUEUE_ENDPOINT}/number-events`, new DefaultAzureCredential());
let batch;
do {
  batch = await queue.receiveMessages({ numberOfMessages: 32, visibilityTimeout: 60 });
  for (const message of batch.receivedMessageItems) {
    const event = JSON.parse(message.messageText);
    console.log(event.id, event.subject, event.type, event.data.error?.advice ?? "");
    await queue.deleteMessage(message.messageId, message.popReceipt);
  }
} while (batch.receivedMessageItems.length > 0);
