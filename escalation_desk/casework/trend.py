"""Whether the cases of a seller become more or fewer: two stretches of days side by side."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Final

from escalation_desk.casework.choices import Choice
from escalation_desk.i18n import N_

STRETCH: Final = timedelta(days=30)
_LEAST: Final = 2


class Trend(Choice):
    RISING = "rising", N_("Rising")
    FALLING = "falling", N_("Falling")
    STEADY = "steady", N_("Steady")


def trend_of(recent: int, earlier: int) -> Trend:
    """Compare the cases received in the last 30 days with those of the 30 days before.

    Rising or falling where they differ by at least 2 and by at least the root of their sum: as much as two counts of
    the same source differ by chance in two times out of three. Everything else is steady.
    """
    least = max(_LEAST, math.sqrt(recent + earlier))
    if abs(recent - earlier) < least:
        return Trend.STEADY
    return Trend.RISING if recent > earlier else Trend.FALLING
