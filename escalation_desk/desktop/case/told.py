"""What the timeline says of each moment, in words: ready to be painted, read aloud, filtered and copied."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from escalation_desk.casework.choices import Channel, Direction, FollowUpForm, FollowUpState, Form, Visibility
from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.text import fold, one_line
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import visible
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from escalation_desk.desktop.case.sight import Sight
    from escalation_desk.desktop.moments import Clock
    from escalation_desk.journal.telling import Moment

FILTERS: Final = {
    "all": N_("All"),
    "talk": N_("Talk"),
    "notes": N_("Notes"),
    "changes": N_("Changes"),
    "promises": N_("Follow-ups"),
    "files": N_("Files"),
}

_FORMS: Final[dict[str, tuple[str, str, str]]] = {
    # form: filter, icon, words
    Form.NOTE: ("notes", "note", Form.NOTE.label),
    Form.MESSAGE: ("talk", "message", Form.MESSAGE.label),
    Form.CALL: ("talk", "call", Form.CALL.label),
    Form.CHAT: ("talk", "message", Form.CHAT.label),
    Form.POC: ("talk", "poc message", Form.POC.label),
    Form.DECISION: ("notes", "decision", Form.DECISION.label),
    Form.REPORT: ("notes", "flag", Form.REPORT.label),
    Form.EVENT: ("changes", "history", Form.EVENT.label),
}
_FOLDED_AT: Final = 14
_FOLDED_LETTERS: Final = 1_600


@dataclass(frozen=True)
class Entry:
    """One entry as it is shown. A quiet one takes a single line."""

    kind: str
    record: str
    at: str
    time: str
    who: str
    what: str
    body: str
    sign: str
    filter: str
    external: bool = False
    quiet: bool = False
    tone: Tone | None = None
    marks: tuple[tuple[str, Tone], ...] = ()
    pinned: bool = False
    amends: str | None = None
    words: str = field(default="", compare=False)

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.record}:{self.at}:{self.body[:40] if self.kind == 'change' else ''}"

    @property
    def side(self) -> str:
        """Say in a word who reads it."""
        return _(Visibility.PUBLIC.label) if self.external else _(Visibility.INTERNAL.label)

    @property
    def long(self) -> bool:
        return len(self.body) > _FOLDED_LETTERS or self.body.count("\n") >= _FOLDED_AT

    @property
    def folded_body(self) -> str:
        """Cut a long body to what is shown of it until somebody asks for all."""
        return "\n".join(self.body[:_FOLDED_LETTERS].split("\n")[: _FOLDED_AT - 2]) if self.long else self.body

    @property
    def spoken(self) -> str:
        """Say everything that the painting shows, for screen readers."""
        said = [self.what, self.who, self.time, *(text for text, _tone in self.marks)]
        if not self.quiet:
            said.insert(1, self.side)
        return ". ".join(part for part in (*said, self.body) if part)


def entries_of(sight: Sight, clock: Clock) -> list[Entry]:
    """Tell a whole case: first what the requester says, then what happened, oldest first."""
    corrected = frozenset(moment.amends for moment in sight.moments if moment.amends)
    teller = _Teller(sight, clock, corrected)
    told = [teller.tell(moment) for moment in sight.moments]
    return told if _says_it_already(sight) else [teller.description(), *told]


def _says_it_already(sight: Sight) -> bool:
    """Tell whether there is no description, or a CRM has it once more as the first message."""
    said = sight.case.description.strip()
    messages = (moment for moment in sight.moments if moment.kind == "message")
    first = next((moment.text for moment in messages), "")
    return not said or first.strip() == said


class _Teller:
    def __init__(self, sight: Sight, clock: Clock, corrected: frozenset[str]) -> None:
        self._sight = sight
        self._clock = clock
        self._corrected = corrected
        self._ways = {
            "message": self._message,
            "follow_up": self._follow_up,
            "attachment": self._attachment,
            "clarification": self._clarification,
            "change": self._change,
        }

    def tell(self, moment: Moment) -> Entry:
        return self._ways[moment.kind](moment)

    def description(self) -> Entry:
        """Tell what the requester says, from whom it is, who took it down, and when it came in."""
        case = self._sight.case
        who = visible(_asks(self._sight))
        parts = [_("Description"), _(case.channel.label)]
        if case.tier1_agent:
            parts.append(_("received by {name}", name=visible(case.tier1_agent)))
        at = instant_text(case.received_at or case.created_at or self._clock.now)
        return Entry(
            kind="description",
            record=case.id,
            at=at,
            time=self._hour(at),
            who=who,
            what=" · ".join(parts),
            body=case.description,
            sign="message",
            filter="talk",
            external=True,
            words=fold(f"{who} {case.description}"),
        )

    def _time(self, moment: Moment) -> str:
        return self._hour(moment.at)

    def _hour(self, at: str) -> str:
        return f"{datetime.fromisoformat(at).astimezone(self._clock.zone):%H:%M}"

    def _who(self, moment: Moment) -> str:
        return moment.author or (self._sight.name("user", moment.by) if moment.by else "")

    def _message(self, moment: Moment) -> Entry:
        kind, sign, label = _FORMS[moment.form or Form.NOTE]
        event = moment.form == Form.EVENT
        return Entry(
            kind="message",
            record=moment.record,
            at=moment.at,
            time=self._time(moment),
            who=visible(self._who(moment)),
            what=_(label) if event else self._what(moment, label),
            body=moment.text,
            sign=sign,
            filter=kind,
            external=moment.visibility == Visibility.PUBLIC,
            quiet=event,
            marks=tuple(self._marks(moment)),
            pinned=moment.pinned,
            amends=moment.amends,
            words=fold(f"{self._who(moment)} {moment.text}"),
        )

    def _what(self, moment: Moment, label: str) -> str:
        """Say what an entry is, by which channel it went, and between whom."""
        parts = [_(label)]
        if moment.direction == Direction.IN:
            parts.append(_(Direction.IN.label))
        if moment.channel and moment.form in {Form.MESSAGE, Form.CHAT}:
            parts.append(_(Channel(moment.channel).label))  # type: ignore[call-arg]  # looks a member up
        message = self._sight.messages.get(moment.record)
        if message and message.counterpart:
            parts.append(_("with {name}", name=visible(message.counterpart)))
        return " · ".join(parts)

    def _marks(self, moment: Moment) -> Iterator[tuple[str, Tone]]:
        if moment.amends:
            yield _("Correction"), Tone.VIOLET
        if moment.record in self._corrected:
            yield _("Corrected below"), Tone.VIOLET
        if moment.record in self._sight.later:
            yield _("Entered later, {when}", when=self._clock.short(moment.recorded_at)), Tone.NEUTRAL
        if moment.origin:
            yield _("From {case}", case=moment.origin), Tone.NEUTRAL
        if moment.automatic:
            yield _("Automatic"), Tone.NEUTRAL
        if moment.pinned:
            yield _("Pinned"), Tone.ACCENT

    def _follow_up(self, moment: Moment) -> Entry:
        form = FollowUpForm(moment.form or FollowUpForm.REMINDER)  # type: ignore[call-arg]  # looks a member up
        state = FollowUpState(moment.state or FollowUpState.OPEN)  # type: ignore[call-arg]  # as above
        when = self._clock.short(moment.due_at)
        return self._quiet(
            moment,
            what=_(form.label),
            body=_("{what}, due {when} ({state})", what=one_line(moment.text, 200), when=when, state=_(state.label)),
            sign="promise" if form is FollowUpForm.PROMISE else "bell",
            kind="promises",
        )

    def _attachment(self, moment: Moment) -> Entry:
        return self._quiet(moment, what=_("Attachment"), body=visible(moment.text), sign="attach", kind="files")

    def _clarification(self, moment: Moment) -> Entry:
        question, _newline, answer = moment.text.partition("\n")
        held = next((one for one in self._sight.questions if one.id == moment.record), None)
        if held:
            question, answer = held.question, held.answer or ""
        body = f"{question}\n→ {answer}" if answer else question
        mark = (_("Answered"), Tone.GOOD) if answer else (_("Waits for an answer"), Tone.WARN)
        return Entry(
            kind="clarification",
            record=moment.record,
            at=moment.at,
            time=self._time(moment),
            who=self._who(moment),
            what=_("Question"),
            body=body,
            sign="help",
            filter="talk",
            external=True,
            marks=(mark,),
            words=fold(body),
        )

    def _change(self, moment: Moment) -> Entry:
        return self._quiet(moment, what=_("Change"), body=moment.text, sign="edit", kind="changes")

    def _quiet(self, moment: Moment, *, what: str, body: str, sign: str, kind: str) -> Entry:
        return Entry(
            kind=moment.kind,
            record=moment.record,
            at=moment.at,
            time=self._time(moment),
            who=self._who(moment),
            what=what,
            body=body,
            sign=sign,
            filter=kind,
            quiet=True,
            words=fold(f"{self._who(moment)} {body}"),
        )


def _asks(sight: Sight) -> str:
    """Name whoever the case is from."""
    if sight.party:
        return sight.party.display_name
    return sight.seller.shop_name if sight.seller else _("Requester")


@dataclass(frozen=True)
class Day:
    """A line between two days."""

    text: str


@dataclass(frozen=True)
class Earlier:
    """Stands for entries that are not laid out yet."""

    count: int


Line = Entry | Day | Earlier


def lines_of(entries: Iterable[Entry], clock: Clock, hidden: int = 0) -> list[Line]:
    """Put days between the entries, and what stands for the earlier ones before them."""
    lines: list[Line] = [Earlier(hidden)] if hidden else []
    last = None
    for entry in entries:
        day = datetime.fromisoformat(entry.at).astimezone(clock.zone).date()
        if day != last:
            lines.append(Day(_day_text(datetime.fromisoformat(entry.at), clock)))
            last = day
        lines.append(entry)
    return lines


def _day_text(at: datetime, clock: Clock) -> str:
    here = at.astimezone(clock.zone)
    today = clock.now.astimezone(clock.zone).date()
    days = (today - here.date()).days
    date = f"{here:%d/%m/%Y}"
    if days == 0:
        return _("Today, {date}", date=date)
    return _("Yesterday, {date}", date=date) if days == 1 else date


def chosen(entries: Iterable[Entry], kind: str, search: str) -> list[Entry]:
    """Keep what a filter and the words typed let through."""
    wanted = fold(search).split()
    return [entry for entry in entries if kind in {"all", entry.filter} and all(word in entry.words for word in wanted)]
