"""What a manager reads of the figures: one line for each question, from performance.json. Pure."""

from typing import Any

from bench.result import number

#: Dollars per 10,000 queue operations, East US: https://azure.microsoft.com/pricing/details/storage/queues/
DOLLARS_PER_OPERATION = 0.004 / 10_000


def summary(found: dict[str, Any]) -> list[list[str]]:
    """Return the table.

    Args:
        found: the content of performance.json.

    Raises:
        KeyError: a figure that it tells was not measured.
    """
    values = {target["name"]: target["value"] for target in found["targets"]}
    series = found["series"]
    loads, wave = series["Graph calls per assignment"]["loads"], series["a wave at the limit"]["runs"]
    now, before, two = (wave[way] for way in ("this version", "version 1", "two hosts, reads and writes apart"))
    soon, cpu, idle = values["done → event"], values["CPU per assignment"], values["idle"]
    storage = series["storage transactions per assignment"]["per"]
    memory = next(value for name, value in values["memory"].items() if name.startswith("MB"))
    limit = series["a wave at the limit"]["limit"]
    own = two["amount"] / limit

    def calls(load: str) -> str:
        return number(loads[load]["posts"] + loads[load]["gets"])

    def dollars(way: str) -> str:
        return f"{1000 * storage[way] * DOLLARS_PER_OPERATION:.4f}"

    return [
        ["question", "answer", "beside"],
        [
            "How many Graph calls does a number cost in a migration of 2,000?",
            f"{calls('wave')}: the order itself, and its share of the pages that show it before and after",
            f"version 1: {number(before['calls'] / before['amount'])} in its own wave, and no number read",
        ],
        [
            "How long does it take?",
            f"{number(two['amount'], 0)} numbers in {number(two['seconds'], 0)} s at {limit} calls a second",
            f"the orders alone: {number(own, 0)} s",
        ],
        [
            "And where one limit counts readings, too?",
            f"95 of 100 of {number(now['amount'], 0)} numbers in {number(now['most'], 0)} s",
            f"version 1: {number(before['most'], 0)} s",
        ],
        [
            "How soon after Graph is done does the event come in a wave?",
            (
                f"half within {number(soon['s p50 in the wave'], 1)} s, 99 of 100 within "
                f"{number(soon['s p99 in the wave'], 1)} s"
            ),
            "the timer runs every 15 s",
        ],
        [
            "And that of a single joiner?",
            f"half within {number(soon['s p50 alone'], 1)} s, 99 of 100 within {number(soon['s p99 alone'], 1)} s",
            f"{number(loads['lone']['gets'])} readings in the mean",
        ],
        [
            "What does picking from a pool add?",
            f"{calls('by pool')} Graph calls each, in a wave of 2,000",
            "no number twice",
        ],
        [
            "How much CPU does an assignment take?",
            f"{number(cpu['ms'], 1)} ms",
            f"with msgraph-sdk, and nothing verified: {number(cpu['ms with msgraph-sdk'], 1)} ms",
        ],
        [
            "What does the storage account charge?",
            f"{dollars('by number')} dollars for 1,000 assignments by number, {dollars('by pool')} by pool",
            f"with nothing to do: {idle['dollars a month']:.2f} dollars a month",
        ],
        ["How much memory does a large tenant need?", f"{number(memory, 0)} MB with 79,900 numbers listed", ""],
        [
            "What is lost or refused at the limit?",
            (
                f"{number(max(run['lost'] for run in (now, two)), 0)} lost, "
                f"{max(run['share'] for run in (now, two)):.2%} of the calls answered 429"
            ),
            f"version 1: {before['share']:.2%}",
        ],
    ]
