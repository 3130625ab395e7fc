"""What the list of sellers counts is what their pages count, however promises were moved, done or called off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation_desk.casework import acts
from escalation_desk.casework.choices import FollowUpForm, PromisedBy
from escalation_desk.casework.people import User
from escalation_desk.casework.promises import FollowUp, kept_rate
from escalation_desk.casework.seller import Seller
from escalation_desk.journal import reading
from escalation_desk.journal.journal import Journal
from escalation_desk.journal.kept_promises import kept_rates

if TYPE_CHECKING:
    import pytest

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
_DOINGS = st.tuples(
    st.integers(-3, 3),
    st.sampled_from(("left", "done", "moved", "moved and done", "cancelled")),
    st.sampled_from(tuple(PromisedBy)),
    st.sampled_from((FollowUpForm.PROMISE, FollowUpForm.PROMISE, FollowUpForm.REMINDER)),
    st.booleans(),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_DOINGS, max_size=6))
def test_the_list_counts_as_the_page_does(
    tmp_path_factory: pytest.TempPathFactory, doings: list[tuple[int, str, PromisedBy, FollowUpForm, bool]]
) -> None:
    journal = Journal(tmp_path_factory.mktemp("desk"), bytes(32), lambda: NOW)
    me = User(full_name="Linh", login="linh")
    journal.set_profile(me)
    with journal.entry("Sellers") as work:
        seller = work.add(Seller(shop_name="Mây Tre")).id
        alias = work.add(Seller(shop_name="May Tre", merged_into=seller)).id
    with journal.entry("Promises") as work:
        for hours, what, by, form, of_alias in doings:
            about = alias if of_alias else seller
            one = work.add(acts.promise(what, NOW + hours * HOUR, me, seller=about, promised_by=by, form=form))
            _happen(one, what, me)
    with journal.writing() as made:
        all_ones = reading.all_of(made, FollowUp)
        counted = kept_rates(made, [seller], NOW)
    journal.close()
    expected = kept_rate(all_ones, NOW)
    assert counted == ({seller: expected} if expected.n else {})


def _happen(one: FollowUp, what: str, me: User) -> None:
    if "moved" in what:
        acts.move_due(one, NOW + 5 * HOUR, "later", me, NOW)
    if "done" in what:
        acts.finish(one, NOW)
    if what == "cancelled":
        acts.cancel(one, "no need")
