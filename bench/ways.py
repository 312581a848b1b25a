"""The ways that are compared: ours, and what one would write instead."""

from pathlib import Path

from local.stack import ROOT

PEERS = Path(__file__).resolve().parent / "peers"
OURS, SDK, PLAIN = "this app", "msgraph-sdk", "one at a time"
#: Each way's function app.
APPS = {OURS: ROOT, SDK: PEERS / "sdk", PLAIN: PEERS / "plain"}
