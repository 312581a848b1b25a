"""What an operator can mend is one line: what is wrong, where, and what to do. No key, no stack trace."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from local.stack import free_port
from tests.desk.conftest import Desk, connection, row

#: As the service documents its errors: https://learn.microsoft.com/rest/api/storageservices/status-and-error-codes2
_BODY = '<?xml version="1.0" encoding="utf-8"?><Error><Code>{0}</Code><Message>No.\nRequestId:1</Message></Error>'


class Refusing(ThreadingHTTPServer):
    """A queue service that answers everything with one status and error code."""

    status, code = 403, "AuthorizationPermissionMismatch"


class _Refuse(BaseHTTPRequestHandler):
    server: Refusing
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = _BODY.format(self.server.code).encode()
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(self.server.status)
        self.send_header("x-ms-error-code", self.server.code)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the library's names

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def refusing() -> Iterator[Refusing]:
    with Refusing(("127.0.0.1", 0), _Refuse) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def one_line(text: str) -> str:
    assert text.startswith("desk: ")
    assert text.count("\n") == 1, text
    return text


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["watch", "--for", "0"], ("read number-requests", "Storage Queue Data Reader")),
        (["send", "requests.csv"], ("put messages on number-requests", "Storage Queue Data Message Sender")),
        (["poison", "list"], ("read number-requests-poison", "Storage Queue Data Reader")),
    ],
)
def test_no_permission_names_the_queue_the_account_and_the_role(
    desk: Desk, refusing: Refusing, command: list[str], says: tuple[str, ...]
) -> None:
    desk.file(row(1))
    port = refusing.server_address[1]
    done = desk.run(*command, environment={"NumbersStorage": connection(port)})
    assert done.code == 3
    assert "no permission" in one_line(done.error)
    assert all(part in done.error for part in (*says, f"127.0.0.1:{port}/devstoreaccount1"))


def test_network_rules_are_told_from_roles(desk: Desk, refusing: Refusing) -> None:
    refusing.code = "AuthorizationFailure"
    done = desk.run("pending", environment={"NumbersStorage": connection(refusing.server_address[1])})
    assert "network rules" in one_line(done.error)


def test_a_missing_queue_is_named_with_the_setting_to_check(desk: Desk) -> None:
    done = desk.run("watch", "--for", "0", environment={"REQUESTS_QUEUE": "no-such-queue"})
    assert done.code == 3
    assert one_line(done.error).startswith("desk: no queue: no-such-queue does not exist in 127.0.0.1")
    assert "REQUESTS_QUEUE" in done.error


def test_a_wrong_key_is_a_wrong_account_and_is_not_repeated(desk: Desk, queue_port: int) -> None:
    done = desk.run("pending", environment={"NumbersStorage": connection(queue_port, "c2VjcmV0LWtleQ==")})
    assert done.code == 3
    assert "wrong account or key" in one_line(done.error)
    assert "c2VjcmV0" not in done.error


def test_a_wrong_account_name_is_said(desk: Desk, queue_port: int) -> None:
    wrong = connection(queue_port).replace("devstoreaccount1", "somebodyelse")
    done = desk.run("pending", environment={"NumbersStorage": wrong})
    assert done.code == 3
    assert "wrong account: 127.0.0.1" in one_line(done.error)


def test_nobody_at_the_address_is_said(desk: Desk) -> None:
    done = desk.run("pending", environment={"NumbersStorage": connection(free_port())})
    assert done.code == 3
    assert "no connection" in one_line(done.error)
    assert "make run" in done.error


def test_a_missing_connection_names_the_setting(desk: Desk) -> None:
    done = desk.run("pending", environment={"NumbersStorage": ""})
    assert done.code == 3
    assert "NumbersStorage__queueServiceUri: is missing; set it" in one_line(done.error)
    assert done.error.endswith("; on the local stack, add --local\n")


def test_what_is_no_connection_string_is_said_without_repeating_it(desk: Desk) -> None:
    done = desk.run("pending", environment={"NumbersStorage": "AccountKey=c2VjcmV0"})
    assert done.code == 2
    assert "NumbersStorage: is no connection string" in one_line(done.error)
    assert "c2VjcmV0" not in done.error


def test_an_unknown_kind_of_identity_is_no_wrong_connection_string(desk: Desk) -> None:
    address = {"NumbersStorage": "", "NumbersStorage__queueServiceUri": "https://127.0.0.1:1/account"}
    done = desk.run("pending", environment=address | {"AZURE_TOKEN_CREDENTIALS": "AzureCLI"})
    assert done.code == 2
    assert "no sign-in to the account: Invalid value for AZURE_TOKEN_CREDENTIALS" in one_line(done.error)


def test_the_desk_needs_no_setting_but_the_connection(desk: Desk) -> None:
    assert desk.run("watch", "--for", "0").code == 0


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b"telephoneNumber,Number type\n", "unknown column; did you mean numberType?"),
        (b"a\n\xff\xfe\n", "line 2 is no UTF-8"),
        (b'telephoneNumber\n"open', "line 2 is no CSV"),
    ],
)
def test_a_file_that_is_no_table_of_requests_is_said(desk: Desk, content: bytes, says: str) -> None:
    (desk.folder / "requests.csv").write_bytes(content)
    done = desk.run("send", "requests.csv")
    assert done.code == 2
    assert says in done.error


def test_a_file_that_is_not_there_is_said(desk: Desk) -> None:
    done = desk.run("send", "nothing.csv")
    assert (done.code, done.error) == (2, "desk: nothing.csv: cannot be read (No such file or directory)\n")
