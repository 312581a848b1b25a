// Print how requests ended; an event is deleted once it is printed, and comes again if this stops before.
using System.Text.Json.Nodes;
using Azure.Identity;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

var endpoint = Environment.GetEnvironmentVariable("QUEUE_ENDPOINT");
var queue = new QueueClient(new Uri($"{endpoint}/number-events"), new DefaultAzureCredential());
while ((await queue.ReceiveMessagesAsync(32, TimeSpan.FromSeconds(60))).Value is { Length: > 0 } messages)
    foreach (QueueMessage message in messages)
    {
        var ended = JsonNode.Parse(message.Body.ToString())!;
        Console.WriteLine($"{ended["id"]} {ended["subject"]} {ended["type"]} {ended["data"]!["error"]?["advice"]}");
        await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt);
    }
