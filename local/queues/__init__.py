"""A storage queue service in memory, at the level of `azure.storage.queue`: for tests, simulations, and integrators.

    service = MemoryQueueService(clock)
    service.create_queue("number-requests")
    service.get_queue_client("number-requests").send_message("hello")

It keeps what Azure Queue Storage and Azurite keep: visibility timeouts, dequeue counts, pop receipts that the next
receive makes void, expiry, at most 32 messages per receive and 64 KiB per message, and their errors by status and code.
tests/queues/ holds it and Azurite to the same promises.

Left out: authentication, access policies, service properties, secondary endpoints, message encoders, async clients.
"""

from local.queues.client import MemoryQueueClient, Operation
from local.queues.service import Around, MemoryQueueService

__all__ = ["Around", "MemoryQueueClient", "MemoryQueueService", "Operation"]
