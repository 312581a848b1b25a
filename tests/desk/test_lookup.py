"""`desk number`, `desk person`, `desk pools`: what Graph shows, who signs in, and what is under way."""

import json
import re
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from azure.core.exceptions import AzureError

from desk import signin
from local.graph.people import object_id
from local.stack import PLAN, Stack
from tests.desk.conftest import Desk, clean_environment
from tests.desk.entra import CLIENT, TENANT, Entra
from tests.values import work_item

#: Numbers of the emulated tenant: one that is free, one that somebody has, one of a pool of Direct Routing numbers.
FREE, TAKEN, UNLISTED = "+12065550101", "+12065550145", "+493012345001"
ANNA = "anna@contoso.example"
POOLS = {
    "seattle": {
        "numberType": "callingPlan",
        "numbers": [{"startsWith": "+1206555010"}],
        "country": "US",
        "locationId": "loc-1",
        "lowWater": 5,
    },
    "taken": {
        "numberType": "callingPlan",
        "numbers": [{"startsWith": TAKEN}],
        "country": "US",
        "locationId": "loc-1",
    },
    "berlin": {"numberType": "directRouting", "numbers": [{"from": "+493012345000", "to": "+493012345009"}]},
}


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack({"NUMBER_POOLS": json.dumps(POOLS)}, with_host=False) as stack:
        yield stack


@pytest.fixture
def there(stack: Stack, tmp_path: Path) -> Iterator[Desk]:
    """A desk that signs in to the emulator as the app does."""
    for name in stack.queue_names:
        stack.queues.get_queue_client(name).clear_messages()
    asked = ("GRAPH_ENDPOINT", "IDENTITY_ENDPOINT", "IDENTITY_HEADER", "AZURE_TOKEN_CREDENTIALS", "NUMBER_POOLS")
    environment = clean_environment() | {name: stack.environment[name] for name in asked}
    yield Desk(tmp_path, stack.queues, environment | {"NumbersStorage": stack.connection})
    for path in ("reset", "plan"):
        requests.post(f"{stack.graph_url}/emulator/{path}", json=PLAN, timeout=10).raise_for_status()


@pytest.fixture
def entra(stack: Stack, tmp_path: Path) -> Iterator[Entra]:
    def token() -> str:
        asked = {"api-version": "2019-08-01", "resource": stack.graph_url}
        header = {"X-IDENTITY-HEADER": stack.environment["IDENTITY_HEADER"]}
        answer = requests.get(f"{stack.graph_url}/msi/token", params=asked, headers=header, timeout=10)
        return str(answer.json()["access_token"])

    with Entra(tmp_path, token) as entra:
        yield entra


def change(desk: Desk, **plan: Any) -> None:
    origin = desk.environment["GRAPH_ENDPOINT"].removesuffix("/v1.0")
    requests.post(f"{origin}/emulator/plan", json=PLAN | plan, timeout=10).raise_for_status()


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_a_number_is_told_with_its_holder_place_and_state(there: Desk) -> None:
    done = there.run("number", "+1", "(206)", "555-0145")
    assert (done.code, done.error) == (0, "")
    said = lines(done.out)
    assert said[0] == TAKEN
    assert "Held by 00000000-0000-0000-0000-000000000001" in said
    assert "Type callingPlan · US" in said
    assert "Activation activated" in said
    assert "Pool taken" in said


def test_a_free_number_and_one_that_graph_does_not_list_are_told_apart(there: Desk) -> None:
    free, unlisted = there.run("number", FREE), there.run("number", UNLISTED)
    assert "Held by nobody: it is free" in lines(free.out)
    assert (free.code, unlisted.code) == (0, 1)
    assert "it does not list the number. One of Direct Routing is listed from its first assignment on" in unlisted.out
    assert "Pool berlin" in lines(unlisted.out)


def test_what_is_no_number_is_said_as_the_app_says_it(there: Desk) -> None:
    done = there.run("number", "206 555 0101")
    assert done.code == 2
    assert done.error.startswith("desk: NUMBER: the country code is missing")


def test_a_person_is_told_with_every_number_that_is_masked_unless_it_may_be_shown(there: Desk) -> None:
    masked, shown = (there.run("person", "has-two@contoso.example", *option) for option in ((), ("--show-numbers",)))
    assert "holds 2:" in masked.out
    assert "primary" in masked.out
    assert "alternate" in masked.out
    assert "+1•••••••" in masked.out
    assert (len(re.findall(r"\+1\d{10}", masked.out)), len(re.findall(r"\+1\d{10}", shown.out))) == (0, 2)


def test_a_person_is_found_by_object_id_too(there: Desk) -> None:
    person = object_id("has-two@contoso.example")
    assert "holds 2:" in there.run("person", person.upper()).out


def test_nobody_of_that_name_and_no_name_at_all_are_said(there: Desk) -> None:
    nobody, odd = there.run("person", "nobody@contoso.example"), there.run("person", "anna")
    assert nobody.code == 1
    assert "The tenant has nobody of this name." in nobody.out
    assert odd.code == 2
    assert "must be a user principal name" in odd.error


def test_what_is_under_way_for_a_person_and_a_number_is_told_with_what_it_waits_for(there: Desk) -> None:
    request = {"telephoneNumber": FREE, "userPrincipalName": ANNA, "assignmentTargetId": None}
    item = work_item(fields=request, person=object_id(ANNA), number=FREE, reason="licenseMissing", reason_times=3)
    there.put("pending-operations", item.to_text())
    there.put("pending-operations", work_item().to_text())
    there.put("number-requests", json.dumps({"requestId": "new-1", "userPrincipalName": ANNA, "pool": "seattle"}))
    for by, name in (("person", ANNA), ("number", FREE)):
        done = there.run(by, name)
        (line,) = [line for line in lines(done.out) if line.startswith("Under way r-1")]
        assert line.endswith("no order is open; waits for: licenseMissing, 3 times")
        assert (FREE in done.out) == (by == "number")
        assert ("Under way new-1: assign, new" in done.out) == (by == "person")


def test_without_an_account_graph_is_read_all_the_same(there: Desk) -> None:
    there.environment.pop("NumbersStorage")
    done = there.run("number", FREE)
    assert done.code == 0
    assert "Held by nobody: it is free" in lines(done.out)
    assert "not looked at, since no account is named" in done.out


def test_pools_tell_free_used_and_low_water_and_which_is_low(there: Desk) -> None:
    done = there.run("pools")
    assert (done.code, done.error) == (1, "")
    rows = {line.split()[0]: line.split() for line in lines(done.out) if " callingPlan " in line or " direct" in line}
    assert rows["seattle"][-4:] == ["10", "0", "0", "5"]
    assert rows["taken"][-3:] == ["0", "1", "0"]
    assert rows["berlin"][-3:] == ["10", "0", "0"]
    assert "taken has no free number." in done.out
    assert "seattle is low" not in done.out


def test_a_bar_of_a_narrow_screen_is_whole(there: Desk) -> None:
    done = there.run("pools", environment={"COLUMNS": "80"})
    assert "…" not in done.out


def test_pools_may_come_from_their_file(there: Desk) -> None:
    there.environment.pop("NUMBER_POOLS")
    file = there.folder / "pools.json"
    file.write_text(json.dumps({"berlin": POOLS["berlin"]}), encoding="utf-8")
    assert there.run("pools", "--file", "pools.json").code == 0
    file.write_text('{"berlin": {}}', encoding="utf-8")
    assert "pools.json: pool 'berlin': numberType: is missing" in there.run("pools", "--file", "pools.json").error
    assert there.run("pools").error.startswith("desk: no pools: set NUMBER_POOLS")
    file.write_text("{}", encoding="utf-8")
    assert there.run("pools", "--file", "pools.json").error.startswith("desk: pools.json: holds no pool yet")


def test_a_sign_in_without_the_permission_is_told_which_one_it_needs(there: Desk) -> None:
    change(there, roles=[])
    done = there.run("number", FREE)
    assert done.code == 3
    assert done.error.startswith("desk: no permission: Graph refuses this sign-in")
    assert "TeamsTelephoneNumber.Read.All" in done.error
    assert done.error.count("\n") == 1


def test_a_sign_in_that_may_not_find_people_is_told_to_use_the_object_id(there: Desk) -> None:
    done = there.run("person", "lookup-forbidden@contoso.example")
    assert done.code == 3
    assert "Grant it User.ReadBasic.All, or give the object id" in done.error


@pytest.mark.parametrize("named", ["", "AzureCliCredential", "dev"])
def test_without_an_app_registration_it_says_that_the_azure_cli_will_not_do(there: Desk, named: str) -> None:
    done = there.run("pools", environment={"AZURE_TOKEN_CREDENTIALS": named})
    assert done.code == 3
    assert done.error.startswith("desk: no sign-in to Graph: say --client-id and --tenant-id")
    assert "Azure CLI's token for Graph lacks that permission" in done.error


def test_half_an_app_registration_is_not_enough(there: Desk) -> None:
    done = there.run("pools", "--client-id", CLIENT)
    assert done.code == 2
    assert "say both --client-id and --tenant-id" in done.error


@pytest.mark.parametrize("device", [True, False])
def test_a_person_signs_in_by_code_or_in_a_browser(there: Desk, entra: Entra, *, device: bool) -> None:
    words = ["--client-id", CLIENT, "--tenant-id", TENANT] + ["--device-code"] * device
    done = there.run("number", FREE, *words, environment=entra.environment)
    assert (done.code, done.out.splitlines()[0]) == (0, FREE)
    assert done.error.startswith("To sign in to Microsoft Graph, open" if device else "Sign in to Microsoft Graph")
    assert ("B7KQ2" in done.error) == device
    assert {asked["client_id"] for asked in entra.asked} == {CLIENT}
    origin = there.environment["GRAPH_ENDPOINT"].removesuffix("/v1.0")
    assert f"{origin}/.default" in entra.asked[0].get("scope", entra.asked[-1].get("scope", ""))


def test_a_code_is_good_for_as_long_as_the_desk_waits(there: Desk, entra: Entra) -> None:
    words = ("--client-id", CLIENT, "--tenant-id", TENANT, "--device-code")
    asked_at = datetime.now(UTC)
    said = there.run("number", FREE, *words, environment=entra.environment).error
    waited_for = {f"good until {asked_at + timedelta(minutes=minutes):%H:%M} UTC" for minutes in (5, 6)}
    assert any(until in said for until in waited_for), said  # Entra's code would be good for fifteen minutes


def test_a_silent_entra_is_given_up_in_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("connection_timeout", 0.1), ("read_timeout", 0.2)):
        monkeypatch.setitem(signin._NETWORK, name, seconds)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AZURE_AUTHORITY_HOST", f"https://127.0.0.1:{silent.getsockname()[1]}")
        started = time.monotonic()
        with pytest.raises(AzureError):
            signin._person(CLIENT, TENANT, device_code=True).get_token("https://graph.microsoft.com/.default")
        assert time.monotonic() - started < 60  # by default it is twenty minutes


def test_a_sign_in_that_is_refused_is_said_in_one_line(there: Desk, entra: Entra) -> None:
    entra.refuses = True
    words = ("--client-id", CLIENT, "--tenant-id", TENANT, "--device-code")
    done = there.run("number", FREE, *words, environment=entra.environment)
    assert done.code == 3
    last = done.error.splitlines()[-1]
    assert last.startswith("desk: no sign-in to Graph:")
    assert "has not consented" in last
    assert "Trace" not in last


def test_the_page_names_every_option_of_the_sign_in() -> None:
    page = (Path(__file__).parents[2] / "docs" / "desk.md").read_text(encoding="utf-8")
    assert all(word in page for word in ("--client-id", "--tenant-id", "--device-code", "--local", "DESK_CLIENT_ID"))
