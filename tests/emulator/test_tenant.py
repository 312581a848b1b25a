"""The state machine alone: no HTTP, no waiting."""

import math
from random import Random

import pytest

from local.graph.magic import Script, once
from local.graph.plan import Plan
from local.graph.tenant import Tenant
from local.graph.vocabulary import AssignmentCategory, OperationStatus
from tests.emulator.world import GOOD, SOMEBODY_ELSE, USER, Clock

PRIMARY = AssignmentCategory.PRIMARY


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tenant(clock: Clock) -> Tenant:
    return Tenant(clock, Random(1))  # noqa: S311 - ids of a test


def test_an_order_ends_at_its_time_however_late_one_looks(tenant: Tenant, clock: Clock) -> None:
    number = tenant.number(GOOD)
    assert number
    operation = tenant.order(number, USER, PRIMARY, None)
    clock.sleep(1000)
    assert operation.status(tenant.advance()) is OperationStatus.SUCCEEDED
    assert operation.done_at == operation.created_at + 1
    assert number.target == USER


def test_orders_end_in_the_order_of_their_times_not_of_their_acceptance(tenant: Tenant, clock: Clock) -> None:
    number = tenant.number(GOOD)
    assert number
    tenant.follow(Plan(operationSeconds=10))
    tenant.order(number, USER, PRIMARY, None)
    tenant.follow(Plan(operationSeconds=5))
    tenant.order(number, None, PRIMARY, None)
    clock.sleep(6)
    tenant.advance()
    assert (number.target, number.running) == (None, 1)
    clock.sleep(6)
    tenant.advance()
    assert (number.target, number.running) == (USER, 0)


def test_an_order_that_never_ends_leaves_the_others_alone(tenant: Tenant, clock: Clock) -> None:
    endless, good = tenant.number("+12065550167"), tenant.number(GOOD)
    assert endless
    assert good
    operation = tenant.order(endless, USER, PRIMARY, None)
    tenant.order(good, USER, PRIMARY, None)
    clock.sleep(1e9)
    assert operation.status(tenant.advance()) is OperationStatus.RUNNING
    assert math.isinf(operation.done_at)
    assert (endless.target, good.target) == (None, USER)


def test_a_holder_counts_once_however_many_orders_succeed_for_the_same_user(tenant: Tenant, clock: Clock) -> None:
    number = tenant.number(GOOD)
    assert number
    for target, times in ((USER, 3), (None, 1), (SOMEBODY_ELSE, 1)):
        for _ in range(times):
            tenant.order(number, target, PRIMARY, None)
            clock.sleep(2)
            tenant.advance()
    assert tenant.stats()["succeededPerNumber"] == {GOOD: 2}
    assert tenant.stats()["acceptedPerNumber"] == {GOOD: 4}
    assert tenant.stats()["acceptedPerNumberAndTarget"] == {f"{GOOD}|{USER}": 3, f"{GOOD}|{SOMEBODY_ELSE}": 1}


def test_a_plan_changes_later_orders_not_running_ones(tenant: Tenant, clock: Clock) -> None:
    number, other = tenant.number(GOOD), tenant.number("+12065550101")
    assert number
    assert other
    first = tenant.order(number, USER, PRIMARY, None)
    tenant.follow(Plan(operationSeconds=100))
    second = tenant.order(other, USER, PRIMARY, None)
    clock.sleep(50)
    now = tenant.advance()
    assert (first.status(now), second.status(now)) == (OperationStatus.SUCCEEDED, OperationStatus.RUNNING)


def test_a_script_happens_in_its_order_and_then_no_more_or_for_ever() -> None:
    assert [once("a", "b").at(index) for index in range(3)] == ["a", "b", None]
    assert [once("a").then("b").at(index) for index in range(4)] == ["a", "b", "b", "b"]
    assert Script[str]().at(0) is None
