"""Catches a promise as it is typed in English, Vietnamese or Indonesian: what, and by when.

“gọi lại 15:00 mai”, “call back tomorrow 3pm”, “telepon besok 15.00”. What can be read in two ways is asked back and
never guessed; what nobody said, such as the hour of “tomorrow”, is filled in and said to be.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Final, NamedTuple

from escalation_desk.casework.text import clean, fold
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY_ENDS: Final = 18
"""“By tomorrow” without an hour means by the end of the day's work."""

_PARTS: Final = {
    **dict.fromkeys(("morning", "sang", "pagi"), (0, 12)),
    **dict.fromkeys(("noon", "trua", "siang"), (11, 14)),
    **dict.fromkeys(("afternoon", "chieu", "sore"), (12, DAY_ENDS)),
    **dict.fromkeys(("evening", "tonight", "toi", "malam"), (17, 21)),
    "dem": (19, 23),
}
"""From which hour a part of the day goes, and by when something is done that is promised for it."""
_DAYS: Final = {
    **dict.fromkeys(("today", "tonight", "hom nay", "hari ini"), 0),
    **dict.fromkeys(("this morning", "this afternoon", "this evening", "pagi ini", "siang ini", "sore ini"), 0),
    **dict.fromkeys(("malam ini", "nanti sore", "nanti malam", "sang nay", "trua nay", "chieu nay", "toi nay"), 0),
    "dem nay": 0,
    **dict.fromkeys(("tomorrow", "ngay mai", "mai", "besok"), 1),
    **dict.fromkeys(("day after tomorrow", "ngay kia", "ngay mot", "mot", "lusa"), 2),
}
_WEEKDAYS: Final = {
    name: number
    for number, names in enumerate(
        (
            ("monday", "thu hai", "thu 2", "senin"),
            ("tuesday", "thu ba", "thu 3", "selasa"),
            ("wednesday", "thu tu", "thu 4", "rabu"),
            ("thursday", "thu nam", "thu 5", "kamis"),
            ("friday", "thu sau", "thu 6", "jumat"),
            ("saturday", "thu bay", "thu 7", "sabtu"),
            ("sunday", "chu nhat", "hari minggu"),
        )
    )
    for name in names
}
_TONED: Final = {"mai": "mai", "mot": "mốt", "toi": "tối", "thu": "thứ"}
"""Words that with other tones are others: khuyến mãi is a sale, một is one, tôi is I, thu is to collect."""

_UNIT = r"(?P<unit>minutes?|mins?|phut|menit|hours?|hrs?|h|gio|tieng|jam|days?|d|ngay|hari|weeks?|tuan|minggu|m)"
_AWAY = re.compile(
    rf"(?:(?:\+|\b(?:in|within|trong(?: vong)?|dalam(?: waktu)?)\s)\s*(?P<n>\d{{1,3}})\s*{_UNIT}\b(?:\s+(?:nua|lagi))?)"
    rf"|(?:\b(?P<m>\d{{1,3}})\s*{_UNIT.replace('unit', 'other')}\s+(?:nua|lagi|from now)\b)"
)
_LENGTHS: Final = {
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "phut", "menit"), timedelta(minutes=1)),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "gio", "tieng", "jam"), timedelta(hours=1)),
    **dict.fromkeys(("d", "day", "days", "ngay", "hari"), timedelta(days=1)),
    **dict.fromkeys(("week", "weeks", "tuan", "minggu"), timedelta(days=7)),
}
_LEAD = r"(?:\b(?:at|by|before|until|luc|vao luc|vao|truoc|jam|pukul|pkl|sebelum)\s+)"
_DATE = re.compile(
    r"(?:\b(?:on|ngay|tanggal|tgl)\s+)?(?<![\d/.-])(?P<d>\d{1,2})/(?P<m>\d{1,2})(?:/(?P<y>\d{4}))?(?![\d/]|[.-]\d)"
)
_WORDS = "|".join(sorted(_PARTS, key=len, reverse=True))
_PART = rf"(?:\s*(?:in the |gio )?\b(?P<part>{_WORDS})\b)?"
_FREE = r"(?<![\d/.,:-])"
_ALONE = r"(?!\d|[:/.,-]\d)"
_CLOCKS: Final = tuple(
    re.compile(written + _PART)
    for written in (
        rf"(?P<lead>{_LEAD})?{_FREE}(?P<h>\d{{1,2}})(?P<sign>[:.])(?P<min>\d{{2}}){_ALONE}(?:\s*(?P<half>[ap]m)\b)?",
        rf"{_LEAD}?{_FREE}(?P<h>\d{{1,2}})\s?(?:h|gio)(?!\w)(?:\s?(?P<min>\d{{2}})(?:\s?phut)?(?!\w))?",
        rf"{_LEAD}?{_FREE}(?P<h>\d{{1,2}})h(?P<min>\d{{2}})(?!\w)",
        rf"{_LEAD}?{_FREE}(?P<h>\d{{1,2}})\s?(?P<half>[ap]m)\b",
        rf"\b(?:jam|pukul|pkl|luc)\s+(?P<h>\d{{1,2}}){_ALONE}(?!\w)",
        r"\bat\s+(?P<h>\d{1,2})(?=\s*(?:[,.;]|$))",
    )
)
_NAMES = "|".join(sorted([*_DAYS, *_WEEKDAYS], key=len, reverse=True))
_DAY = re.compile(
    rf"(?:\b(?P<part>{_WORDS})\s+)?(?:\b(?:on|by|before|truoc|vao|sebelum|hari|pada)\s+)*"
    rf"\b(?P<day>{_NAMES})\b{_PART.replace('part', 'after')}"
)
_CALLED: Final = frozenset({"chi", "anh", "co", "em", "ban", "ba", "ms", "mrs", "miss", "bu", "ibu", "mbak", "kak"})
_EDGES = re.compile(r"^[\s,;:.–-]+|[\s,;:–-]+$")


class Caught(NamedTuple):
    """What was understood. Without `due` the sentence `asks` what is not clear; `filled` says what nobody said."""

    text: str
    due: datetime | None = None
    asks: str = ""
    filled: str = ""


class _Said(NamedTuple):
    """A piece of time in the text: an hour, a day, both, or a length from now."""

    start: int
    end: int
    clock: tuple[int, int] | None = None
    day: date | None = None
    at: datetime | None = None
    part: tuple[int, int] | None = None
    asks: str = ""
    weekday: bool = False


def catch(text: str, now: datetime, zone: tzinfo) -> Caught:
    """Read what is promised and by when, in the zone of whoever types."""
    typed = clean(text)
    here = now.astimezone(zone)
    found = _pieces(typed, here)
    question = _unclear(found) if found else _("Say by when: 15:00, tomorrow 9:00, 25/11.")
    read = Caught("", asks=question) if question else _moment(found, here)
    return read._replace(text=typed.strip() if read.asks else _without(typed, found))


def _pieces(typed: str, here: datetime) -> list[_Said]:
    """Find every piece of time; a place that one of them took is not looked at again."""
    folded = _folded(typed)
    found: list[_Said] = []
    for said in (*_aways(folded, here), *_dates(folded, here), *_days(typed, folded, here)):
        if all(said.end <= one.start or one.end <= said.start for one in found):
            found.append(said)
    for said in _clocks(folded, found):
        if all(said.end <= one.start or one.end <= said.start for one in found):
            found.append(said)
    return sorted(found)


def _folded(typed: str) -> str:
    """Fold letter by letter, so that places stay the same."""
    return "".join(letter if len(letter := fold(sign)) == 1 else "\0" for sign in typed)


def _aways(folded: str, here: datetime) -> Iterator[_Said]:
    for found in _AWAY.finditer(folded):
        unit_length = _LENGTHS[found["unit"] or found["other"]]
        length = unit_length * int(found["n"] or found["m"])
        to = here + length
        if unit_length < timedelta(days=1):
            yield _Said(*found.span(), at=to.replace(second=0, microsecond=0))
        else:
            yield _Said(*found.span(), day=to.date())


def _dates(folded: str, here: datetime) -> Iterator[_Said]:
    for found in _DATE.finditer(folded):
        if (found["d"], found["m"], found["y"]) == ("24", "7", None):
            continue  # Round the clock, not the 24th of July.
        try:
            day = date(int(found["y"] or here.year), int(found["m"]), int(found["d"]))
        except ValueError:
            yield _Said(*found.span(), asks=_("“{date}” is no day; check it.", date=found[0].strip()))
            continue
        if not found["y"] and (here.date() - day).days > 183:
            day = day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else day
        yield _Said(*found.span(), day=day)


def _days(typed: str, folded: str, here: datetime) -> Iterator[_Said]:
    for found in _DAY.finditer(folded):
        start, end = found.span("day")
        if not _meant(typed, found["day"], start, end) or _word_before(folded, start) == "khuyen":
            continue
        asks = ""
        if found["day"] == "mai" and typed[start].isupper():
            if _word_before(folded, start) in _CALLED:
                continue  # chị Mai
            asks = _("Is “Mai” a name, or tomorrow? Write “ngày mai” for tomorrow.")
        ahead = _DAYS.get(found["day"])
        weekday = ahead is None
        if ahead is None:
            ahead = (_WEEKDAYS[found["day"]] - here.weekday()) % 7
        before = found["part"] if found["part"] and _meant(typed, found["part"], *found.span("part")) else None
        said = before or found["after"] or next((word for word in found["day"].split() if word in _PARTS), None)
        start = found.start() if before or not found["part"] else found.end("part")
        day = here.date() + timedelta(days=ahead)
        yield _Said(start, found.end(), day=day, part=_PARTS.get(said or ""), asks=asks, weekday=weekday)


def _word_before(folded: str, start: int) -> str:
    return next(iter(re.findall(r"\w+", folded[:start])[-1:]), "")


def _meant(typed: str, word: str, start: int, end: int) -> bool:
    """Tell whether a word that means a day only with its tones has them."""
    first = word.split(maxsplit=1)[0]
    toned = _TONED.get(first)
    return toned is None or typed[start:end].casefold().startswith(toned)


def _clocks(folded: str, days: list[_Said]) -> Iterator[_Said]:
    for pattern in _CLOCKS:
        for found in pattern.finditer(folded):
            said = found.groupdict()
            hour, minute = int(said["h"]), int(said.get("min") or 0)
            if hour > 24 or minute > 59 or (hour == 24 and minute):
                continue
            if said.get("sign") == "." and not _clearly_clock(found, folded, days):
                continue
            start, end = found.span()
            if said["part"] and any(one.start <= found.start("part") < one.end for one in days):
                end = found.start("part")  # “3 giờ | chiều mai”
            beside = next((one.part for one in days if one.part and _touching(one, start, end, folded)), None)
            yield _hour(said, (start, end), minute, _PARTS.get(said["part"] or "") or beside)


def _touching(one: _Said, start: int, end: int, folded: str) -> bool:
    between = folded[one.end : start] if one.end <= start else folded[end : one.start]
    return not between.strip()


def _clearly_clock(found: re.Match[str], folded: str, days: list[_Said]) -> bool:
    """Tell 15.00 from an amount: it follows a word for it, or stands beside a day or at the end."""
    beside = any(_touching(one, *found.span(), folded) for one in days)
    return bool(found["lead"] or found["half"] or found["part"] or beside or not folded[found.end() :].strip())


def _hour(said: dict[str, str | None], span: tuple[int, int], minute: int, part: tuple[int, int] | None) -> _Said:
    """Settle which half of the day an hour is in. One of the small hours that nobody settled is asked back."""
    hour, half = int(said["h"] or 0), said.get("half")
    if half:
        if not 1 <= hour <= 12:
            return _Said(*span, asks=_("{hour} is no hour of the morning or afternoon.", hour=hour))
        return _Said(*span, clock=(hour % 12 + (12 if half == "pm" else 0), minute))
    if part and part[0] >= 17 and hour == 12:
        return _Said(*span, asks=_("Midnight ends one day and begins the next; write 23:59 or 00:00 with the day."))
    if part:
        later = hour < part[0] <= hour + 12
        return _Said(*span, clock=(hour + 12 if later else hour % 24, minute), part=part)
    if 1 <= hour < 7 and not str(said["h"]).startswith("0"):
        return _Said(*span, asks=_either(hour, minute))
    return _Said(*span, clock=(hour % 24, minute))


def _either(hour: int, minute: int) -> str:
    morning, afternoon = f"{hour:02}:{minute:02}", f"{hour + 12:02}:{minute:02}"
    return _("Is it {morning} or {afternoon}? Write it so.", morning=morning, afternoon=afternoon)


def _unclear(found: list[_Said]) -> str:
    """Ask back where something can be read in two ways."""
    asked = next((one.asks for one in found if one.asks), "")
    clocks = {one.clock for one in found if one.clock}
    days = {one.day for one in found if one.day}
    lengths = [one for one in found if one.at]
    if not asked and (len(clocks) > 1 or len(days) > 1 or len(lengths) > 1 or (lengths and (clocks or days))):
        return _("More than one time is named; choose the one that is promised.")
    return asked


def _moment(found: list[_Said], here: datetime) -> Caught:
    away = next((one.at for one in found if one.at), None)
    if away:
        return Caught("", away.astimezone(UTC))
    clock = next((one.clock for one in found if one.clock), None)
    day = next((one.day for one in found if one.day), None)
    part = next((one.part for one in found if one.part), None)
    if clock is None:
        return _filled(day, part, here)
    at = _at(day or here.date(), clock, here)
    if at <= here and any(one.weekday for one in found):
        at = _at(at.date() + timedelta(days=7), clock, here)
    if at <= here:
        return Caught("", asks=_("{time} is past; say the day.", time=f"{at:%d/%m/%Y %H:%M}"))
    return Caught("", at.astimezone(UTC))


def _filled(day: date | None, part: tuple[int, int] | None, here: datetime) -> Caught:
    """Fill in an hour that nobody said, and say so."""
    hour = part[1] if part else DAY_ENDS
    at = _at(day or here.date(), (hour, 0), here)
    if at <= here:
        return Caught("", asks=_("{time} is past; say the day.", time=f"{at:%d/%m/%Y %H:%M}"))
    return Caught("", at.astimezone(UTC), filled=_("No hour was said; {time} is taken.", time=f"{at:%H:%M}"))


def _at(day: date, clock: tuple[int, int], here: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, *clock, tzinfo=here.tzinfo)


def _without(typed: str, found: list[_Said]) -> str:
    """Take the time out of the text; what is left is what was promised."""
    parts, done = [], 0
    for one in found:
        parts.append(typed[done : one.start].rstrip())
        done = max(done, one.end)
    left = " ".join(part for part in (*parts, typed[done:].strip()) if part.strip())
    return _EDGES.sub("", " ".join(left.split()))
