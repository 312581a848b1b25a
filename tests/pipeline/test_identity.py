"""No secret anywhere: the app reaches the queues as it reaches Graph, by its identity."""

from pathlib import Path

import trustme

from local.demo import SCALED
from local.stack import Stack, Tls
from tests.pipeline.life import Life


def test_a_request_passes_through_queues_that_take_only_tokens_over_https(tmp_path: Path) -> None:
    authority = trustme.CA()
    server = authority.issue_cert("127.0.0.1")
    tls = Tls(tmp_path / "server.pem", tmp_path / "key.pem", tmp_path / "authority.pem")
    server.cert_chain_pems[0].write_to_path(tls.certificate)
    server.private_key_pem.write_to_path(tls.key)
    authority.cert_pem.write_to_path(tls.authority)
    with Stack(SCALED, tls=tls) as stack, Life(stack) as life:
        assert "AccountKey" not in "".join(stack.environment.values())
        assert life.end(life.send(requestId="by-identity", telephoneNumber="+12095550100")) == ("Succeeded", None)
        assert life.end(life.send_text("rubbish")) == ("Rejected", "invalidRequest")
