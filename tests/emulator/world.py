"""A tenant of its own for one test: the emulator in this process, under a clock that only the test moves."""

from datetime import UTC, datetime
from typing import Any

import requests

from local.graph.adapter import Adapter
from local.graph.emulator import Emulator

ORIGIN = "https://graph.example"
NUMBERS = f"{ORIGIN}/v1.0/admin/teams/telephoneNumberManagement/numberAssignments"
OPERATIONS = f"{ORIGIN}/v1.0/admin/teams/telephoneNumberManagement/operations"
USER = "6f0b2f8c-90f5-4a0e-9c39-1f0a3f8b6d21"
SOMEBODY_ELSE = "0d9a4c52-6f0e-4d6c-b0f2-3b8a8f3f3f10"
GOOD = "+12065550100"
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC).timestamp()


class Clock:
    """Tells the time that the test made it."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> float:
        return self.time

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.time, UTC)

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


class World:
    """The emulator, a clock, and a session that carries a good token."""

    def __init__(self, **plan: Any) -> None:
        self.clock = Clock()
        self.emulator = Emulator((ORIGIN,), self.clock, seed=1)
        self.emulator.change(plan)
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.mount(ORIGIN, Adapter(self.emulator, self.clock.sleep))
        self.session.headers["Authorization"] = f"Bearer {self.token()}"

    def token(self, audience: str = ORIGIN) -> str:
        """Return a token, as the identity endpoint gives it."""
        answer = self.session.get(
            f"{ORIGIN}/msi/token",
            params={"api-version": "2019-08-01", "resource": audience},
            headers={"X-IDENTITY-HEADER": "local"},
        )
        return str(answer.json()["access_token"])

    def post(self, number: str = GOOD, target: str = USER, action: str = "assignNumber", **more: Any) -> Any:
        """Order a number; a field that is None is left out."""
        body = {"telephoneNumber": number, "assignmentTargetId": target, "numberType": "callingPlan"} | more
        body = {key: value for key, value in body.items() if value is not None}
        return self.session.post(f"{NUMBERS}/{action}", json=body, timeout=(5, 20), allow_redirects=False)

    def unassign(self, number: str = GOOD, kind: str = "callingPlan") -> Any:
        """Take a number back."""
        return self.post(number, action="unassignNumber", numberType=kind, assignmentTargetId=None)

    def update(self, number: str = GOOD, **fields: Any) -> Any:
        """Change a number's location, site or reverse lookup."""
        return self.post(number, action="updateNumber", numberType=None, assignmentTargetId=None, **fields)

    def move(self, number: str, target: str | None) -> None:
        """Let an administrator give a number to somebody, or to nobody."""
        self.emulator.move(number, target)

    def listed(self, filter: str = "", **query: str) -> list[str]:  # noqa: A002 - OData's word
        """Return the numbers of one page of the list."""
        parameters = {f"${key}": value for key, value in query.items()} | ({"$filter": filter} if filter else {})
        answer = self.session.get(NUMBERS, params=parameters, timeout=(5, 20))
        return [number["telephoneNumber"] for number in answer.json()["value"]]

    def held(self) -> Any:
        """Return who truly has which number, by number."""
        return self.stats()["holders"]

    def get(self, url: str) -> Any:
        """Read an address."""
        return self.session.get(url, timeout=(5, 20), allow_redirects=False)

    def number(self, number: str = GOOD) -> Any:
        """Return a number as Graph shows it."""
        answer = self.session.get(NUMBERS, params={"$filter": f"telephoneNumber eq '{number}'"}, timeout=(5, 20))
        (found,) = answer.json()["value"]
        return found

    def stats(self) -> Any:
        """Return what the emulator counted."""
        return self.session.get(f"{ORIGIN}/emulator/stats").json()


def error(answer: requests.Response) -> tuple[int, str]:
    """Return a Graph error's status and message."""
    return answer.status_code, answer.json()["error"]["message"]
