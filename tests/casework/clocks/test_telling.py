"""What clocks tell: warnings, a sentence of explanation, deadlines of others, and why one was missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus, Direction, Market, Platform, Priority, WaitingOn
from escalation_desk.casework.clocks import deadlines, misses
from escalation_desk.casework.clocks.explaining import explain, length
from escalation_desk.casework.clocks.policies import Rules
from escalation_desk.casework.clocks.records import Calendar, Deadline, DeadlineRule, DeadlineSide, Holiday, SlaPolicy
from escalation_desk.casework.clocks.running import Clock, ClockKind, ClockState, Facts, Phase, Spoken, clocks_of
from escalation_desk.casework.clocks.warnings import Level, warnings_of
from escalation_desk.casework.clocks.working import DAYS, moment, seconds
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import speaking
from escalation_desk.journal.seed import of_kind

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
POLICY = SlaPolicy(
    id="std",
    code="P1-VN",
    labels={"en": "x"},
    targets=({"priority": "P1", "calendar": "VN", "resolution_min": 120},),
    warn_at=(
        {"fraction": 0.5, "tell": ["owner"]},
        {"fraction": 0.9, "tell": ["owner", "lead"], "only": ["P0", "P1"]},
        {"fraction": 0.75, "tell": ["nobody"], "only": ["P3"]},
        {"fraction": 1.0, "tell": ["lead"]},
        {"before_min": 10, "tell": ["owner"]},
        {"after_min": 30, "tell": ["duty_manager"]},
    ),
)
HOURS = Calendar(
    code="VN",
    labels={"en": "Desk VN", "vi": "Bàn VN"},
    time_zone="Asia/Ho_Chi_Minh",
    week={d: [["09:00", "19:00"]] for d in DAYS},
)
RULES = Rules.of([POLICY], [HOURS], ())
S = CaseStatus


def at(hour: str, day: int = 2) -> int:
    return seconds(datetime.fromisoformat(f"2026-03-{day:02}T{hour}:00+07:00"))


def clock(*phases: tuple[str, CaseStatus], as_of: int | None = None, **said: Any) -> Clock:
    made = tuple(Phase(at(hour), status, Priority.P1, "std", said.get("on")) for hour, status in phases)
    (found,) = clocks_of(Facts(made[0].at, made), RULES, as_of or made[-1].at)
    return found


def test_a_clock_warns_at_parts_of_its_working_time_and_so_many_minutes_from_its_end() -> None:
    evening = clock(("18:00", S.OPEN))
    assert [
        (moment(w.at).astimezone(ZONE).strftime("%d %H:%M"), w.level, w.tell)
        for w in warnings_of(evening, POLICY, RULES)
    ] == [
        ("02 19:00", Level.NOTICE, ("owner",)),
        ("03 09:48", Level.URGENT, ("owner", "lead")),
        ("03 09:50", Level.URGENT, ("owner",)),
        ("03 10:00", Level.MISSED, ("lead",)),
        ("03 10:30", Level.MISSED, ("duty_manager",)),
    ]


def test_a_clock_that_stands_or_is_done_warns_nobody() -> None:
    standing = clock(("9:00".zfill(5), S.OPEN), ("09:30", S.PENDING_REQUESTER))
    done = clock(("09:00", S.OPEN), ("09:30", S.RESOLVED))
    assert warnings_of(standing, POLICY, RULES) == warnings_of(done, POLICY, RULES) == ()
    assert warnings_of(clock(("09:00", S.OPEN)), None, RULES) == ()


def test_a_clock_explains_itself_in_one_sentence() -> None:
    made = clock(
        *(("09:10", S.OPEN), ("09:20", S.PENDING_REQUESTER), ("10:20", S.OPEN)),
        *(("10:30", S.PENDING_REQUESTER), ("11:35", S.OPEN)),
    )
    assert explain(made, RULES, ZONE) == (
        "Due 02/03/2026 13:15, with 1 h 40 left, because policy P1-VN v1 gives P1 2 h, started 02/03/2026 09:10, "
        "paused 2 h 05 in 2 intervals (Waiting for requester), calendar Desk VN."
    )


@pytest.mark.parametrize(
    ("phases", "as_of", "words"),
    [
        ((("09:00", S.OPEN),), "10:00", "Due 02/03/2026 11:00, with 1 h left, because policy P1-VN v1 gives P1 2 h"),
        ((("09:00", S.OPEN),), "12:00", "Was due 02/03/2026 11:00 and is 1 h over"),
        ((("09:00", S.OPEN), ("12:00", S.RESOLVED)), "18:00", "was done on 02/03/2026 12:00, 1 h over"),
        ((("09:00", S.OPEN), ("10:00", S.RESOLVED)), "18:00", "Met on 02/03/2026 10:00, 1 h before the end"),
        ((("09:00", S.OPEN), ("10:00", S.CANCELLED)), "18:00", "Not counted from 02/03/2026 10:00 on"),
        (
            (("09:00", S.OPEN), ("10:00", S.PENDING_REQUESTER)),
            "18:00",
            "Paused since 02/03/2026 10:00 (Seller) with 1 h left",
        ),
    ],
)
def test_every_state_of_a_clock_has_its_sentence(
    phases: tuple[tuple[str, CaseStatus], ...], as_of: str, words: str
) -> None:
    assert words in explain(clock(*phases, as_of=at(as_of), on=WaitingOn.SELLER), RULES, ZONE)


def test_the_sentence_speaks_the_language_of_its_reader() -> None:
    made = clock(("09:00", S.OPEN))
    with speaking("vi"):
        said = explain(made, RULES, ZONE)
    assert "Bàn VN" in said
    assert said != explain(made, RULES, ZONE)


def test_lengths_are_said_to_the_minute() -> None:
    assert [length(n) for n in (0, 35, 60, 125, 1800)] == ["0 min", "35 min", "1 h", "2 h 05", "30 h"]


def seeded_rules() -> tuple[DeadlineRule, ...]:
    return tuple(one for one in of_kind("deadline_rule") if isinstance(one, DeadlineRule))


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({"market": Market.VN, "reason": "GOV.DATA_BREACH"}, ["VN-BREACH"]),
        ({"market": Market.ID, "reason": "GOV.DATA_BREACH"}, ["ID-BREACH"]),
        (
            {"market": Market.ID, "platform": Platform.TIKTOK_SHOP, "reason": "CUS.RFD.DISPUTE"},
            ["TTS-DISPUTE-DECISION", "TTS-DISPUTE-EVIDENCE", "TTS-DISPUTE-WINDOW"],
        ),
        ({"market": Market.ID, "platform": Platform.SHOPEE, "reason": "CUS.RFD.DISPUTE"}, []),
        ({"market": Market.TH}, []),
    ],
)
def test_rules_of_deadlines_are_offered_by_platform_market_and_reason(said: dict[str, Any], codes: list[str]) -> None:
    assert [rule.code for rule in deadlines.offered(seeded_rules(), Case(title="t", **said))] == codes


def test_an_external_deadline_runs_in_calendar_time() -> None:
    rule = next(one for one in seeded_rules() if one.code == "TTS-LOGISTICS-CLAIM")
    made = deadlines.by_rule(rule, Case(id="c", title="t"), NOW)
    assert (made.due_at, made.side, made.case) == (NOW + timedelta(days=40), DeadlineSide.SELLER, "c")


def to_answer() -> Deadline:
    return deadlines.by_hand(Case(id="c", title="t"), "Answer the ministry", NOW + timedelta(hours=1))


def test_a_deadline_is_met_or_dropped_once_and_says_how_it_stands() -> None:
    open_one, in_time, late, gone = (to_answer() for _ in range(4))
    later = NOW + timedelta(hours=2)
    assert [deadlines.state_of(open_one, now) for now in (NOW, later)] == [ClockState.RUNNING, ClockState.BREACHED]
    deadlines.meet(in_time, NOW, later)
    deadlines.meet(late, later, later)
    assert [deadlines.state_of(one, later) for one in (in_time, late)] == [ClockState.MET, ClockState.BREACHED]
    deadlines.drop(gone, "withdrawn by the ministry")
    assert (deadlines.state_of(gone, later), gone.open) == (ClockState.VOID, False)
    for one in (in_time, gone):
        with pytest.raises(Refused, match="already"):
            deadlines.meet(one, NOW, later)


def test_a_deadline_needs_words_a_reason_to_be_dropped_and_a_past_to_be_met() -> None:
    with pytest.raises(Refused):
        deadlines.by_hand(Case(id="c", title="t"), "  ", NOW)
    with pytest.raises(Refused, match="why"):
        deadlines.drop(to_answer(), " ")
    with pytest.raises(Refused, match="not happened"):
        deadlines.meet(to_answer(), NOW + timedelta(seconds=1), NOW)


def test_why_a_deadline_was_missed_is_kept_with_who_held_the_case() -> None:
    missed = clock(("09:00", S.OPEN), as_of=at("12:00"))
    case = Case(title="t", owner="linh")
    assert misses.unexplained(case, (missed,)) == (missed,)
    case.breaches = misses.explained(case, missed, controllable=False, why=" bank closed ", me="lead", now=NOW)
    case.breaches = misses.explained(case, missed, controllable=True, why="ours after all", me="lead", now=NOW)
    said = misses.why_missed(case, ClockKind.RESOLUTION, 1)
    assert said is not None
    assert (said["why"], said["held_by"], said["controllable"], len(case.breaches)) == (
        "ours after all",
        "linh",
        True,
        2,
    )
    assert misses.unexplained(case, (missed,)) == ()


def test_what_was_not_missed_has_nothing_to_explain_and_a_reason_has_words() -> None:
    running, missed = (clock(("09:00", S.OPEN), as_of=at(hour)) for hour in ("10:00", "12:00"))
    for one, why in ((running, "x"), (missed, " ")):
        with pytest.raises(Refused):
            misses.explained(Case(title="t"), one, controllable=True, why=why, me="lead", now=NOW)


def test_the_holidays_of_a_new_desk_cover_three_years_of_two_markets() -> None:
    days = [one for one in of_kind("holiday") if isinstance(one, Holiday)]
    years = {(one.market, one.day.year) for one in days if one.day}
    assert years == {(market, year) for market in (Market.VN, Market.ID) for year in (2025, 2026, 2027)}
    assert len({(one.market, one.day) for one in days}) == len(days), "no day is named twice"


@pytest.mark.parametrize(
    ("worked", "free"), [("2025-04-26", "2025-05-02"), ("2026-01-10", "2026-01-02"), ("2026-08-22", "2026-08-31")]
)
def test_a_worked_saturday_stands_for_a_day_that_is_free(worked: str, free: str) -> None:
    made = next(one for one in of_kind("calendar") if isinstance(one, Calendar) and one.code == "CAL-BIZ-VN")
    holidays = [one for one in of_kind("holiday") if isinstance(one, Holiday)]
    working = Rules.of((), [made], holidays).working("CAL-BIZ-VN")
    hours = [
        working.spent(begins := seconds(datetime.fromisoformat(f"{day}T00:00+07:00")), begins + 86400)
        for day in (worked, free)
    ]
    assert hours == [8 * 3600, 0]


def test_who_speaks_first_is_told_apart_by_direction() -> None:
    """The requester's own word is no answer of the desk."""
    target = ({"priority": "P1", "calendar": "VN", "first_response_min": 60},)
    rules = Rules.of([SlaPolicy(id="std", code="A", labels={"en": "A"}, targets=target)], [HOURS], ())
    facts = Facts(at("09:00"), (Phase(at("09:00"), S.OPEN, Priority.P1, "std"),), (Spoken(at("09:10"), Direction.IN),))
    (made,) = clocks_of(facts, rules, at("09:30"))
    assert made.state is ClockState.RUNNING
