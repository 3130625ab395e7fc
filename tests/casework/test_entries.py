from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from escalation_desk.casework.choices import Channel, Form, Visibility
from escalation_desk.casework.entries import SLIP, amendment, answer, question, refuse_removal, removable
from escalation_desk.casework.people import User
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.timeline import Clarification, Message

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
ME = User(id="me", full_name="Linh", login="linh")
OTHER = User(id="other", full_name="Mai", login="mai")


def entry(**said: object) -> Message:
    return Message(**({"case": "c", "body": "x", "by": ME.id, "created_at": NOW} | said))  # type: ignore[arg-type]


def test_an_author_may_take_an_entry_back_for_ten_minutes() -> None:
    refuse_removal(entry(), ME, NOW + SLIP)
    assert removable(entry(), ME, NOW + SLIP)


def test_after_ten_minutes_it_stays() -> None:
    with pytest.raises(Refused, match="10 minutes"):
        refuse_removal(entry(), ME, NOW + SLIP + timedelta(seconds=1))


def test_nobody_takes_back_what_somebody_else_wrote() -> None:
    with pytest.raises(Refused, match="Somebody else"):
        refuse_removal(entry(), OTHER, NOW)
    assert not removable(entry(), OTHER, NOW)


def test_what_the_crm_recorded_stays() -> None:
    with pytest.raises(Refused, match="CRM"):
        refuse_removal(entry(form=Form.EVENT), ME, NOW)


def test_a_correction_is_an_entry_of_the_same_kind_that_points_to_the_first() -> None:
    first = entry(id="m", form=Form.MESSAGE, visibility=Visibility.PUBLIC, channel=Channel.EMAIL)
    second = amendment(first, "y", OTHER, NOW + timedelta(days=1))
    assert (second.amends, second.form, second.visibility, second.channel) == (
        "m",
        Form.MESSAGE,
        Visibility.PUBLIC,
        Channel.EMAIL,
    )
    assert (first.body, second.body, second.by) == ("x", "y", OTHER.id)


@pytest.mark.parametrize("text", ["", "  \n"])
def test_empty_words_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        amendment(entry(), text, ME, NOW)
    with pytest.raises(Refused):
        question("c", text, NOW)
    with pytest.raises(Refused):
        answer(Clarification(case="c", question="?"), text, NOW)
