"""An administrator changes who has a number, while orders for it run."""

import pytest

from local.graph.bodies import Refusal
from tests.emulator.world import GOOD, ORIGIN, SOMEBODY_ELSE, USER, World

MOVE = f"{ORIGIN}/emulator/move"


def test_an_order_whose_number_was_moved_meanwhile_fails_as_taken(world: World) -> None:
    location = world.post().headers["Location"]
    world.move(GOOD, SOMEBODY_ELSE)
    world.clock.sleep(2)
    (line,) = world.get(location).json()["numbers"]
    assert (line["status"], "already been assigned" in line["statusDetail"]) == ("failed", True)
    assert world.held() == {GOOD: SOMEBODY_ELSE}


def test_an_administrator_moves_numbers_at_once_over_http_and_in_the_process(world: World) -> None:
    body = {"telephoneNumber": GOOD, "assignmentTargetId": USER.upper(), "assignmentCategory": "private"}
    assert world.session.post(MOVE, json=body).status_code == 204
    shown = world.number()
    assert (shown["assignmentTargetId"], shown["assignmentCategory"]) == (USER, "private")
    world.emulator.move(GOOD, None)
    assert world.number()["assignmentStatus"] == "unassigned"
    assert [change["by"] for change in world.stats()["holderChanges"]] == ["admin", "admin"]
    assert world.stats()["orders"] == []
    unlisted = {"telephoneNumber": "+493012345", "assignmentTargetId": USER, "numberType": "directRouting"}
    assert world.session.post(MOVE, json=unlisted).status_code == 204
    assert world.number("+493012345")["numberType"] == "directRouting"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"telephoneNumber": GOOD}, 400),
        ({"telephoneNumber": GOOD, "assignmentTargetId": "anna@contoso.example"}, 400),
        ({"telephoneNumber": "one", "assignmentTargetId": None}, 400),
        ({"telephoneNumber": GOOD, "assignmentTargetId": None, "to": 1}, 400),
        ({"telephoneNumber": GOOD, "assignmentTargetId": None, "assignmentCategory": "x"}, 400),
        ({"telephoneNumber": "+493012345", "assignmentTargetId": None}, 404),
        ([], 400),
    ],
)
def test_a_wrong_move_is_refused_and_moves_nothing(world: World, body: object, status: int) -> None:
    answer = world.session.post(MOVE, json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, "invalidMove")
    assert world.stats()["holderChanges"] == []
    with pytest.raises(Refusal):
        world.emulator.move("one", None)
