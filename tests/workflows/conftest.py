"""A storage account that is reached by identity, for the tests that run what workflows/ holds."""

from collections.abc import Iterator

import pytest

from tests.host.processes import until
from tests.workflows.identity import Account, account


@pytest.fixture(scope="session")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """The account, one for all tests."""
    with account(tmp_path_factory.mktemp("certificates")) as running:
        yield running


@pytest.fixture
def queues(storage: Account) -> Iterator[Account]:
    """The account with the contract's two queues, empty, and its log up to date."""
    before = len(storage.calls())
    for name in ("number-requests", "number-events"):
        storage.queues.create_queue(name)
    until("two queues in the log", lambda: sum(call.startswith("PUT") for call in storage.calls()[before:]) > 1)
    yield storage
    for name in ("number-requests", "number-events"):
        storage.queues.delete_queue(name)
