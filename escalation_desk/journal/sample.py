"""Fills a new desk with sample data of our own making: the acts of five colleagues over two months, ending now.

The files in resources/sample are written for people; README.txt there tells how to read them. Every time in them is a
distance from now, so that the sample always has something due today.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from escalation_desk.casework import acts
from escalation_desk.casework.absence import Absence
from escalation_desk.casework.case import Case
from escalation_desk.casework.contacts.records import Poc, RoutingRule
from escalation_desk.casework.desk import SavedView
from escalation_desk.casework.escalating.records import AuthorityRule
from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.ids import seed_id
from escalation_desk.casework.people import Party, Team, User
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.seller import Seller, SellerNote
from escalation_desk.casework.text import one_line
from escalation_desk.i18n import N_, speaking
from escalation_desk.journal import reading
from escalation_desk.journal.sample_steps import CaseAct, Data, Scene
from escalation_desk.journal.sample_verbs import take_step, title_of
from escalation_desk.journal.seen import MARK_SEEN, STAR
from escalation_desk.resources import file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from escalation_desk.casework.desk import Reason
    from escalation_desk.casework.records import Record
    from escalation_desk.journal.journal import Journal
    from escalation_desk.journal.work import Work

    Places = Callable[[], dict[str, str]]

R = TypeVar("R", bound="Record")
REACH = timedelta(days=61)
"""How far back the sample reaches; the desk must be older."""

_CASE_FILES = ("cases-vn", "cases-id")


def fill(journal: Journal, now: datetime | None = None) -> None:
    """Write the sample into a desk that has only its seed data, and leave one of the colleagues at work."""
    clock = journal.clock
    sample = _Sample(journal, Scene((now or datetime.now(UTC)).replace(microsecond=0)))
    with journal.writing() as made:
        # A sample that was cut off half way is thrown away and written anew, so nothing here waits for the platter.
        made.execute("PRAGMA synchronous = OFF")
        journal.guarded = False
        try:
            sample.tell()
        finally:
            journal.clock, journal.guarded = clock, True
            made.execute("PRAGMA synchronous = FULL")


def shown() -> dict[str, str]:
    """Name the case and the seller that show most: by the number of its ticket and by its shop id."""
    return dict(_read("desk")["shown"])


@dataclass(frozen=True, slots=True)
class _Act:
    """What somebody did at some time; all acts in order of time are the history."""

    at: datetime
    by: str
    title: str
    do: Callable[[Work], object]
    places: Places


class _Sample:
    def __init__(self, journal: Journal, scene: Scene) -> None:
        self.journal = journal
        self.scene = scene
        self.desk: Data = _read("desk")
        self._reasons = _reasons(journal)
        self._numbers: dict[str, str] = {}
        self._at_work = ""

    def tell(self) -> None:
        """Do everything in the order of time, then come back to now."""
        self._set_clock(self.scene.when(self.desk["begins"]))
        self._set_up()
        for act in sorted((*self._sellers(), *self._cases()), key=lambda one: one.at):
            self._do(act)
        self._set_clock(self.scene.now)
        self._work_as(self.desk["me"])
        self._leave_marks()

    def _set_clock(self, moment: datetime) -> None:
        self.journal.clock = lambda: moment

    def _do(self, act: _Act) -> None:
        self._set_clock(act.at)
        self._work_as(act.by)
        # What the program writes on a timeline is in the language of whoever acts.
        with speaking(str(self.scene.people[act.by].locale)), self.journal.entry(act.title, **act.places()) as work:
            act.do(work)

    def _work_as(self, key: str) -> None:
        if key != self._at_work:
            self.journal.set_profile(self.scene.people[key])
            self._at_work = key

    # --- the desk ---

    def _set_up(self) -> None:
        with self.journal.entry(N_("Set up the sample"), kind="fact") as work:
            for data in self.desk["teams"]:
                self._add(work, Team, data)
            for data in self.desk["colleagues"]:
                self.scene.people[data["key"]] = self._add(work, User, data)
            for data in _read("parties"):
                self._add(work, Party, data)
            self._contacts(work)
            for data in self.desk["absences"]:
                work.add(Absence(**self.scene.values(Absence, data)))
            for data in self.desk["views"]:
                work.add(SavedView(owner=self.scene.ids["user", self.desk["me"]], **data))

    def _contacts(self, work: Work) -> None:
        """Say who answers for the teams and the authorities that every desk begins with."""
        said = _read("contacts")
        for data in said["pocs"]:
            self._add(work, Poc, data)
        for code, key in said["routing"].items():
            rule = work.get(RoutingRule, seed_id(RoutingRule.kind, code))
            rule.poc = self.scene.ids["poc", key]
        for code, people in said["authorities"].items():
            work.get(AuthorityRule, seed_id(AuthorityRule.kind, code)).contacts = tuple(people)

    def _add(self, work: Work, kind: type[R], data: Data) -> R:
        record = kind(**self.scene.values(kind, {name: said for name, said in data.items() if name != "key"}))
        self.scene.add(work, record, data["key"])
        return record

    # --- sellers and their notes ---

    def _sellers(self) -> Iterator[_Act]:
        begin = self.scene.when(self.desk["begins"])
        for data in _read("sellers"):
            seller = Seller(**self.scene.values(Seller, data["seller"]))
            places = _named(seller=seller.shop_name)
            yield _Act(begin, self.desk["me"], N_("New seller {seller}"), self._adding(seller, data["key"]), places)
            for note in data["notes"]:
                yield from self._note(seller, data["key"], note, places)

    def _adding(self, record: Record, key: str) -> Callable[[Work], None]:
        return lambda work: self.scene.add(work, record, key)

    def _note(self, seller: Seller, key: str, data: Data, places: Places) -> Iterator[_Act]:
        at, by = self.scene.when(data["at"]), data["by"]
        promised = {f"{key} {data['at']} {said['promise']}": said for said in data.get("promises", ())}

        def write(work: Work) -> None:
            people = frozenset({self.scene.people[by].id})
            values = self.scene.values(SellerNote, data["note"])
            note = work.add(SellerNote(seller=seller.id, at=at, our_people=people, **values))
            for name, said in promised.items():
                to = seller.contact_person
                self.scene.promise(work, said, by, name, seller=seller.id, note=note.id, to_whom=to)

        yield _Act(at, by, N_("Note on {seller}"), write, places)
        for name, said in promised.items():
            if "done" in said:
                yield _Act(self.scene.when(said["done"]), by, N_("Promise kept: {seller}"), self._done(name), places)

    def _done(self, key: str) -> Callable[[Work], None]:
        return lambda work: acts.finish(work.get(FollowUp, self.scene.ids["follow_up", key]), work.now)

    # --- cases ---

    def _cases(self) -> Iterator[_Act]:
        for name in _CASE_FILES:
            for data in _read(name):
                yield self._receiving(data)
                yield from (self._acting(data["key"], act) for act in data["acts"])
        yield from (self._acting(act["case"], act) for act in _read("work"))

    def _receiving(self, data: Data) -> _Act:
        """Let a case come to the desk, with the severity and urgency that are usual for its reason."""
        at = self.scene.when(data["received"])
        reason = self._reasons[data["case"]["reason"]]
        usual: Data = {"severity": reason.severity, "urgency": reason.urgency, "received_at": at}

        def receive(work: Work) -> None:
            case = Case(**(usual | self.scene.values(Case, data["case"])))
            self.scene.add(work, case, data["key"])
            self._numbers[data["key"]] = case.case_no

        by = next((act["by"] for act in data["acts"]), self.desk["me"])
        return _Act(at, by, N_("New case: {title}"), receive, _named(title=one_line(data["case"]["title"], 60)))

    def _acting(self, key: str, act: Data) -> _Act:
        def take_steps(work: Work) -> None:
            on_case = CaseAct(self.scene, work, key, act["by"])
            for said in act["do"]:
                take_step(on_case, said)

        # The number is given when the case comes, which is later than these acts are read.
        return _Act(
            self.scene.when(act["at"]), act["by"], title_of(act["do"]), take_steps, lambda: {"case": self._numbers[key]}
        )

    # --- what this workstation remembers ---

    def _leave_marks(self) -> None:
        """Leave the history as a sync would: nothing waits to be sent, and Ctrl+Z begins with what is done from now."""
        elsewhere = seed_id("workstation", "sample")
        self.journal.local("UPDATE entry SET acknowledged_at = at, workstation = ?", (elsewhere,))
        seen = instant_text(self.scene.when(self.desk["seen"]))
        for (kind, key), record in self.scene.ids.items():
            if kind == Case.kind:
                self.journal.local(MARK_SEEN, (record, seen))
                self.journal.local(STAR, (record, int(key in self.desk["starred"])))


def _named(**places: str) -> Places:
    return lambda: places


def _reasons(journal: Journal) -> dict[str, Reason]:
    made = journal.reader()
    try:
        return reading.reasons(made)
    finally:
        made.close()


def _read(name: str) -> Any:
    return json.loads(file(f"sample/{name}.json").read_text("utf-8"))
