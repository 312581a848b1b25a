"""The app starts with what its files say, and not without a setting."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LOCAL = json.loads((ROOT / "local.settings.json").read_text(encoding="utf-8"))["Values"]


def test_the_app_does_not_start_without_a_setting_and_says_which() -> None:
    environment = {key: value for key, value in os.environ.items() if key != "EVENTS_QUEUE"}
    environment |= {key: value for key, value in LOCAL.items() if key != "EVENTS_QUEUE"}
    done = subprocess.run(
        [sys.executable, "-c", "import function_app"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert done.stderr.strip().splitlines()[-1].endswith("App settings: EVENTS_QUEUE: is missing; set it")


def test_host_json_and_the_code_agree() -> None:
    queues = json.loads((ROOT / "host.json").read_text(encoding="utf-8"))["extensions"]["queues"]
    assert queues["maxDequeueCount"] == 100  # an hour of an outage, spaced a minute, uses none up that matters
    assert queues["messageEncoding"] == "none"
    assert int(LOCAL["PYTHON_THREADPOOL_THREAD_COUNT"]) >= queues["batchSize"] + queues["newBatchThreshold"]
