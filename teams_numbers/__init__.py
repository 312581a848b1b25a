"""What both rooms share: contracts, Graph, failures, queues. Knows neither room, nor Azure Functions."""
