// Send one request, signed in as whoever runs this: a new hire, or with the argument `leaver` a leaver.
import { DefaultAzureCredential } from "@azure/identity";
import { QueueServiceClient } from "@azure/storage-queue";

const userPrincipalName = "anna@contoso.example";
const requests = {
  hire: { requestId: "hire-2026-00417", userPrincipalName, pool: "seattle" },
  leaver: { requestId: "leave-2026-00417", action: "unassign", userPrincipalName },
};
const word = process.argv[2] ?? "hire";
if (!Object.hasOwn(requests, word)) fail(`${word}: say hire or leaver`);
const { LOCAL_STORAGE: local, QUEUE_ENDPOINT: endpoint } = process.env; // local: the queue service of `make run`
if (!local && !endpoint) fail("set QUEUE_ENDPOINT to https://<account>.queue.core.windows.net");
const service = local
  ? QueueServiceClient.fromConnectionString(local)
  : new QueueServiceClient(endpoint, new DefaultAzureCredential());
await service.getQueueClient("number-requests").sendMessage(JSON.stringify(requests[word]), { messageTimeToLive: -1 });

function fail(text) {
  console.error(text);
  process.exit(1);
}
