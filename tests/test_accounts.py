"""The promise: what was read is the sum of what became of it, or it is a bug."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from richsync.accounts import Account, Held, Tally, account
from richsync.errors import BugError
from richsync.model import Disposition, SkipReason

STATES = (
    "new",
    "changed",
    "in doubt",
    "refused before",
    "unchanged",
    "accepted",
    "rejected",
    "refused",
    "duplicate",
    "scope",
)
COUNTS = st.tuples(st.integers(0, 99), st.integers(0, 999))


@given(
    st.dictionaries(st.sampled_from(STATES), COUNTS),
    st.dictionaries(st.sampled_from(SkipReason), st.integers(0, 9)),
)
def test_everything_has_one_disposition(
    states: dict[str, tuple[int, int]], skipped: dict[SkipReason, int]
) -> None:
    orders = sum(each for each, _ in states.values())
    records = sum(each for _, each in states.values()) + sum(skipped.values())
    made = account(Tally(orders, records), states, skipped, Held.LIMIT)
    made.check()
    assert sum((made.of(each) for each in Disposition), Tally()) == made.read
    assert made.held == (Held.LIMIT if made.of(Disposition.PENDING).orders else Held.NONE)


def test_each_state_and_reason_is_where_it_belongs() -> None:
    states = {state: (10**i, 2 * 10**i) for i, state in enumerate(STATES)}
    skipped = {SkipReason.WHERE: 3, SkipReason.NOT_A_RECORD: 0}
    made = account(Tally(1111111111, 2222222225), states, skipped, Held.DRY_RUN)
    made.check(100000)
    assert {each: made.of(each) for each in Disposition} == {
        Disposition.PENDING: Tally(1111, 2222),
        Disposition.UNCHANGED: Tally(10000, 20000),
        Disposition.ACCEPTED: Tally(100000, 200000),
        Disposition.REJECTED: Tally(11000000, 22000000),
        Disposition.SKIPPED: Tally(1100000000, 2200000003),
    }
    assert made.skipped == {
        SkipReason.WHERE: Tally(0, 3),
        SkipReason.DUPLICATE: Tally(10**8, 2 * 10**8),
        SkipReason.SCOPE: Tally(10**9, 2 * 10**9),
    }


@pytest.mark.parametrize("read", [Tally(3, 4), Tally(2, 5), Tally(2, 3), Tally(1, 4)])
def test_a_sum_that_does_not_add_up_is_a_bug(read: Tally) -> None:
    made = account(read, {"new": (1, 2), "rejected": (1, 1)}, {SkipReason.WHERE: 1}, Held.NONE)
    with pytest.raises(BugError, match="does not add up"):
        made.check()


@pytest.mark.parametrize("in_ledger", [0, 2])
def test_a_ledger_that_disagrees_is_a_bug(in_ledger: int) -> None:
    made = Account(Tally(1, 1), {Disposition.ACCEPTED: Tally(1, 1)})
    made.check(1)
    with pytest.raises(BugError, match=f"1 orders were accepted, and the ledger holds {in_ledger}"):
        made.check(in_ledger)


def test_a_new_state_of_the_plan_needs_a_disposition() -> None:
    with pytest.raises(KeyError):
        account(Tally(1, 1), {"lost": (1, 1)}, {}, Held.NONE)


def test_only_what_was_meant_to_be_sent_and_was_not_is_a_failure() -> None:
    assert {each for each in Held if each.is_failure} == {
        *(Held.INVALID_EXPORT, Held.RENAMED, Held.CHANGED, Held.DECLINED)
    }
