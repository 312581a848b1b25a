"""The desk and the app together: a file of a thousand requests, sent and followed on the local stack."""

import os
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest
import requests

from desk.account import connect, local_identity
from local.demo import SCALED
from local.graph.inventory import good_numbers
from local.stack import Stack, free_port
from tests.desk.conftest import Desk, clean_environment

#: Time enough for every request, and as many calls as the emulator bears.
_SETTINGS = {"REQUEST_DEADLINE_HOURS": "0.1", "GRAPH_REQUESTS_PER_SECOND": "200"}
_TAKEN, _ON_PREMISES = "45", "74"


@pytest.mark.timeout(400)
def test_a_thousand_rows_go_through_and_every_one_is_accounted_for(tmp_path: Path) -> None:
    numbers = list(islice(good_numbers(), 980))  # of the first area codes
    numbers += [f"+1{area}55501{digits}" for area in range(231, 241) for digits in (_TAKEN, _ON_PREMISES)]
    lines = [f"{number},6f0b2f8c-90f5-4a0e-9c39-{place:012},callingPlan" for place, number in enumerate(numbers)]
    with Stack(SCALED | _SETTINGS) as stack:
        names = dict(zip(("REQUESTS_QUEUE", "OPERATIONS_QUEUE", "EVENTS_QUEUE"), stack.queue_names, strict=True))
        desk = Desk(tmp_path, stack.queues, clean_environment() | {"NumbersStorage": stack.connection} | names)
        desk.file(*lines, header="telephoneNumber,assignmentTargetId,numberType")
        done = desk.run("send", "requests.csv", "--wait", "--rate", "1000", "--timeout", "300", seconds=350)
        left = stack.queues.get_queue_client(names["EVENTS_QUEUE"]).get_queue_properties().approximate_message_count
    assert (done.code, done.error) == (1, "")
    results = desk.results()
    assert [line["line"] for line in results] == [str(place) for place in range(2, 1002)]
    assert Counter((line["outcome"], line["code"]) for line in results) == {
        ("Succeeded", ""): 980,
        ("Failed", "numberTaken"): 10,
        ("Failed", "onPremisesNumber"): 10,
    }
    assert left == 0


def test_local_is_the_local_stack_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        os.environ, "NumbersStorage", "AccountName=elsewhere;AccountKey=a2V5;EndpointSuffix=example.com"
    )
    monkeypatch.setitem(os.environ, "NumbersStorage__queueServiceUri", "https://elsewhere.example.com")
    account = connect(local=True)
    assert account.name == "127.0.0.1:10001/devstoreaccount1"
    assert account.local
    assert connect(local=False).name == "elsewhere.queue.example.com"


def test_who_reads_the_local_settings_can_sign_in_to_a_stack_on_named_ports() -> None:
    stack = Stack(ports=(free_port(), free_port()))
    try:
        stack.graph.start()
        asked = {"api-version": "2019-08-01", "resource": stack.graph_url}
        header = {"X-IDENTITY-HEADER": local_identity()["IDENTITY_HEADER"]}
        answer = requests.get(f"{stack.graph_url}/msi/token", params=asked, headers=header, timeout=30)
    finally:
        stack.__exit__(None, None, None)
    assert answer.json()["access_token"]
