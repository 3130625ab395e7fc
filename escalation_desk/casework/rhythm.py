"""How often a seller is spoken to where nobody has agreed on it: by how much depends on the shop, and its risk."""

from __future__ import annotations

from typing import Final

from escalation_desk.casework.choices import SellerRisk, SellerSegment

RHYTHM: Final = {
    SellerSegment.KEY: {SellerRisk.GREEN: 14, SellerRisk.AMBER: 7, SellerRisk.RED: 2},
    SellerSegment.MID: {SellerRisk.GREEN: 30, SellerRisk.AMBER: 14, SellerRisk.RED: 5},
    SellerSegment.NEW: {SellerRisk.GREEN: 14, SellerRisk.AMBER: 7, SellerRisk.RED: 5},
    SellerSegment.LONG_TAIL: {SellerRisk.GREEN: 90, SellerRisk.AMBER: 30, SellerRisk.RED: 14},
}
"""Days from one contact to the next where nothing was agreed with a seller; one without a risk is as a green one.

They stand here and in no setting: the next contact is computed, and must be the same at every workstation.
"""
