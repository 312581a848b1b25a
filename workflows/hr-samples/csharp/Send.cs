// Send one number assignment request, signed in as whoever runs this. Needs: Azure.Identity, Azure.Storage.Queues
using System.Text.Json;
using Azure.Identity;
using Azure.Storage.Queues;

var request = new
{
    requestId = "hire-2026-00417",
    telephoneNumber = "+1 206 555 0100",
    assignmentTargetId = "6f0b2f8c-90f5-4a0e-9c39-1f0a3f8b6d21",
    numberType = "callingPlan",
    context = new { employeeId = "00417" },
};
var endpoint = Environment.GetEnvironmentVariable("QUEUE_ENDPOINT");
var queue = new QueueClient(new Uri($"{endpoint}/number-requests"), new DefaultAzureCredential());
await queue.SendMessageAsync(JsonSerializer.Serialize(request), timeToLive: TimeSpan.FromSeconds(-1));
