"""Break each decision on purpose, one at a time, and name those that no quick test notices. `make mutate` runs it.

Usage: python -m scripts.mutate [MODULE ...]   (teams_numbers.lifecycle; without any: all modules of the table)

To add a module, add a line to NOTICED_BY: the module, and the test files that must notice. A survivor is killed by a
test, or by deleting the code that nothing needs, or it stands in tests/mutation/accepted.toml with its reason.
"""

import ast
import contextlib
import os
import sys
import time
import tomllib
from pathlib import Path

from scripts.mutant_runs import FailingTestsError, cold, warm
from scripts.mutations import mutations

ROOT = Path(__file__).parent.parent
ACCEPTED = ROOT / "tests" / "mutation" / "accepted.toml"

#: The tests of the life of a request: each look at a work item, against answers that are values.
_LIFE = (
    "tests/decisions/test_lifecycle.py",
    "tests/decisions/test_loop.py",
    "tests/decisions/test_careful.py",
    "tests/decisions/test_deadlines.py",
    "tests/decisions/test_operations.py",
    "tests/decisions/test_order_answers.py",
    "tests/decisions/test_order_expiry.py",
    "tests/decisions/test_pool_requests.py",
    "tests/decisions/test_pauses.py",
    "tests/decisions/test_repeated_orders.py",
    "tests/decisions/test_replacements.py",
    "tests/decisions/test_rows.py",
    "tests/decisions/test_settings_changed.py",
    "tests/decisions/test_waves.py",
    "tests/decisions/test_wishes.py",
)
_MESSAGES = (
    "tests/contracts/test_events.py",
    "tests/contracts/test_messages.py",
    "tests/contracts/test_rejections.py",
    "tests/contracts/test_request.py",
    "tests/contracts/test_request_bounds.py",
)
#: The tests of a request alone: the quick ones.
_WISHES = (
    "tests/contracts/test_wish.py",
    "tests/contracts/test_rejections.py",
    "tests/contracts/test_request_bounds.py",
    "tests/contracts/test_messages.py",
)
#: The tests of numbers as people write them; what they promise of any text is in test_numbers_properties.py.
_NUMBERS = (
    "tests/decisions/test_numbers.py",
    "tests/decisions/test_numbers_refused.py",
    "tests/decisions/test_numbers_unmarked.py",
)
_GRAPH = (
    "tests/pipeline/test_graph_bodies.py",
    "tests/pipeline/test_graph_calls.py",
    "tests/pipeline/test_graph_lists.py",
    "tests/pipeline/test_graph_pace.py",
    "tests/pipeline/test_graph_people.py",
)
#: Which quick tests must notice when a module is broken. All of them run in `make test`.
NOTICED_BY: dict[str, tuple[str, ...]] = {
    "teams_numbers.lifecycle": _LIFE,
    "teams_numbers.orders": _LIFE,
    "teams_numbers.goal": _LIFE,
    "teams_numbers.wishes": _LIFE,
    "teams_numbers.look": _LIFE,
    "teams_numbers.deadline": _LIFE,
    "teams_numbers.replacement": _LIFE,
    "teams_numbers.standings": _LIFE,
    "teams_numbers.questions": _LIFE,
    "teams_numbers.records": ("tests/decisions/test_records.py",),
    "teams_numbers.loop": ("tests/decisions/test_loop.py",),
    "teams_numbers.work_item": _MESSAGES,
    "teams_numbers.events": _MESSAGES,
    "function_app": ("tests/host/test_functions.py",),
    "assign_number.request": _MESSAGES,
    "assign_number.rejection": ("tests/contracts/test_rejection_words.py", "tests/contracts/test_rejections.py"),
    "assign_number.submission": ("tests/decisions/test_submission.py",),
    "poll_operation.item": (
        "tests/decisions/test_work_list.py",
        "tests/decisions/test_work_list_failures.py",
        "tests/decisions/test_work_list_in_flight.py",
    ),
    "poll_operation.poller": ("tests/decisions/test_poll_turns.py", "tests/pipeline/test_poll_run.py"),
    "teams_numbers.in_flight": ("tests/decisions/test_in_flight.py",),
    "teams_numbers.inventory": ("tests/decisions/test_inventory.py",),
    "teams_numbers.pages": ("tests/decisions/test_pages.py",),
    "teams_numbers.people": ("tests/decisions/test_people.py",),
    "teams_numbers.pools": (
        "tests/decisions/test_pool_bounds.py",
        "tests/decisions/test_pool_requests.py",
        "tests/decisions/test_pools.py",
    ),
    "teams_numbers.outbox": ("tests/decisions/test_outbox.py",),
    "teams_numbers.queues": ("tests/queues/test_app_queues.py", "tests/queues/test_account_answers.py"),
    "teams_numbers.calls": (*_GRAPH, "tests/pipeline/test_silence.py", "tests/pipeline/test_token_storm.py"),
    "teams_numbers.graph": _GRAPH,
    "teams_numbers.session": ("tests/pipeline/test_session.py",),
    "teams_numbers.reply": ("tests/decisions/test_reply.py",),
    "teams_numbers.limits": ("tests/decisions/test_limits.py",),
    "teams_numbers.pace": ("tests/decisions/test_pace.py",),
    "teams_numbers.identity": ("tests/decisions/test_tokens.py", "tests/queues/test_account_answers.py"),
    "teams_numbers.faults": ("tests/decisions/test_faults.py",),
    "teams_numbers.schedule": ("tests/decisions/test_schedule.py", "tests/decisions/test_waves.py"),
    "teams_numbers.answers": ("tests/decisions/test_answers.py",),
    "teams_numbers.reasons": ("tests/decisions/test_reasons.py",),
    "desk.pasted": ("tests/decisions/test_reasons.py",),
    "teams_numbers.words": ("tests/decisions/test_words.py",),
    "teams_numbers.failures": ("tests/decisions/test_failures.py", "tests/decisions/test_failure_wordings.py"),
    "teams_numbers.catalogue.entry": ("tests/decisions/test_failures.py", "tests/decisions/test_failure_wordings.py"),
    "teams_numbers.numbers": (*_NUMBERS, "tests/decisions/test_masks.py"),
    "teams_numbers.numbering": _NUMBERS,
    "teams_numbers.guesses": _NUMBERS,
    "teams_numbers.contracts": (*_WISHES, "tests/contracts/test_events.py"),
    "teams_numbers.fields": _WISHES,
    "scripts.request_schema": ("tests/contracts/test_messages.py",),
    "teams_numbers.earlier": ("tests/contracts/test_version_1.py",),
    "teams_numbers.origin": ("tests/decisions/test_origin.py", "tests/decisions/test_queries.py"),
    "teams_numbers.queries": ("tests/decisions/test_queries.py",),
    "teams_numbers.settings": ("tests/decisions/test_settings.py",),
    "teams_numbers.services": ("tests/pipeline/test_services.py",),
    "teams_numbers.log": ("tests/decisions/test_log.py",),
}


def check(module: str, accepted: dict[str, str]) -> tuple[int, int, int]:
    """Run all mutations of a module and print the survivors; return how many there were, survived, have no reason.

    Raises:
        FailingTestsError: the tests fail on the product as it is.
    """
    path, tests = ROOT / f"{module.replace('.', '/')}.py", NOTICED_BY[module]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = list(mutations(tree))
    survivors = [(one, True) for one in cold(module, path, tree, [one for one in found if not one.inside], tests)]
    survivors += warm(module, path, tree, [one for one in found if one.inside], tests)
    bad = 0
    for one, reached in sorted(survivors, key=lambda survivor: survivor[0].line):
        if f"{module.rpartition('.')[2]}.{one.name}" not in accepted:
            bad += 1
            word = "survives" if reached else "not run "
            print(f"{word} {path.relative_to(ROOT)}:{one.line}: {one.name}", flush=True)
    return len(found), len(survivors), bad


def main(modules: tuple[str, ...]) -> int:
    """Run the mutations of some modules; print the survivors; return 1 where one has no reason."""
    accepted = tomllib.loads(ACCEPTED.read_text(encoding="utf-8"))
    failed = False
    for module in modules:
        began = time.monotonic()
        child = os.fork()  # a module's tests, and what they import, stay out of the next one's
        if child == 0:
            said, status = "its tests fail on the product as it is", 2
            with contextlib.suppress(FailingTestsError):
                most, left, bad = check(module, accepted)
                seconds = time.monotonic() - began
                said = f"{most} mutations, {left} survive, {bad} of them without a reason; {seconds:.0f} s"
                status = int(bad > 0)
            print(f"{module}: {said}", flush=True)
            os._exit(status)
        failed |= os.waitpid(child, 0)[1] != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:]) or tuple(NOTICED_BY)))
