"""What the roles that workflows/ asks for allow, call by call."""

import re

#: Call -> the data actions of which any lets it through, below Microsoft.Storage/storageAccounts/queueServices/queues.
#: Source: https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory
_ACTIONS = {
    ("POST", "messages"): [{"messages/add/action"}, {"messages/write"}],
    ("GET", "messages"): [{"messages/process/action"}, {"messages/read", "messages/delete"}],
    ("DELETE", "messages/{id}"): [{"messages/process/action"}, {"messages/delete"}],
    ("GET", ""): [{"read"}],
    ("HEAD", ""): [{"read"}],
    ("PUT", ""): [{"write"}],
}
#: Role -> its data actions. Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage
ROLES = {
    "Storage Queue Data Message Sender": {"messages/add/action"},
    "Storage Queue Data Message Processor": {"messages/read", "messages/process/action"},
}
SENDER, PROCESSOR = ROLES


def allowed(call: str, queue: str, role: str) -> bool:
    """Return whether a role on a queue lets a call through: `GET /account/queue/messages?…`."""
    method, _, address = call.partition(" ")
    path, _, query = address.partition("?")
    if not (match := re.fullmatch(rf"/[^/]+/{queue}/?(.*)", path)):
        return False
    if query.startswith("comp="):
        return False
    rest = re.sub(r"^messages/[^/]+$", "messages/{id}", match[1])
    return any(actions <= ROLES[role] for actions in _ACTIONS.get((method, rest), []))
