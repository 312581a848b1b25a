// Send one request, signed in as whoever runs this: a new hire, or with the argument `leaver` a leaver.
import { DefaultAzureCredential } from "@azure/identity";
import { QueueServiceClient } from "@azure/storage-queue";

const userPrincipalName = "anna@contoso.example";
const requests = {
  hire: { requestId: "hire-2026-00417", userPrincipalName, pool: "seattle" },
  leaver: { requestId: "leave-2026-00417", action: "unassign", userPrincipalName },
};
const request = requests[process.argv[2] ?? "hire"];
if (!request) throw new Error("hire or leaver?");
const { LOCAL_STORAGE: local, QUEUE_ENDPOINT: endpoint } = process.env; // local: the queue service of `make run`
const service = local
  ? QueueServiceClient.fromConnectionString(local)
  : new QueueServiceClient(endpoint, new DefaultAzureCredential());
await service.getQueueClient("number-requests").sendMessage(JSON.stringify(request), { messageTimeToLive: -1 });
