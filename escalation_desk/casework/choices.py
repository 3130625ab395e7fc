"""Words of the desk that a field may hold: a stable code, and a label that is translated where it is shown."""

from __future__ import annotations

from enum import Enum
from typing import Self

from escalation_desk.i18n import N_


class Choice(str, Enum):  # noqa: UP042 - StrEnum takes no label beside the code.
    """A code with a label. Codes are never reused; labels may change."""

    label: str

    def __new__(cls, code: str, label: str) -> Self:
        made = str.__new__(cls, code)
        made._value_ = code
        made.label = label
        return made

    def __str__(self) -> str:
        return str(self._value_)


class Language(Choice):
    EN = "en", N_("English")
    VI = "vi", N_("Vietnamese")
    ID = "id", N_("Indonesian")
    ZH = "zh", N_("Chinese")
    TH = "th", N_("Thai")
    MS = "ms", N_("Malay")
    PT = "pt", N_("Portuguese")
    OTHER = "other", N_("Other")


class Market(Choice):
    VN = "VN", N_("Viet Nam")
    ID = "ID", N_("Indonesia")
    TH = "TH", N_("Thailand")
    MY = "MY", N_("Malaysia")
    PH = "PH", N_("Philippines")
    SG = "SG", N_("Singapore")
    SEA = "SEA", N_("South-East Asia")
    OTHER = "other", N_("Other")


class Platform(Choice):
    TIKTOK_SHOP = "tiktok_shop", N_("TikTok Shop")
    SHOPEE = "shopee", N_("Shopee")
    LAZADA = "lazada", N_("Lazada")
    OTHER = "other", N_("Other")


class Currency(Choice):
    VND = "VND", "VND"
    IDR = "IDR", "IDR"
    THB = "THB", "THB"
    MYR = "MYR", "MYR"
    PHP = "PHP", "PHP"
    SGD = "SGD", "SGD"
    USD = "USD", "USD"
    BRL = "BRL", "BRL"


class Channel(Choice):
    PHONE = "phone", N_("Phone")
    EMAIL = "email", N_("Email")
    IN_APP_CHAT = "in_app_chat", N_("In-app chat")
    MESSAGING = "messaging", N_("Messaging app (Zalo, WhatsApp, LINE)")
    CRM = "crm", N_("CRM ticket")
    SELLER_CENTER = "seller_center", N_("Seller centre ticket")
    SOCIAL = "social", N_("Social media")
    PRESS = "press", N_("Press")
    LETTER = "letter", N_("Official letter")
    MEETING = "meeting", N_("Meeting or visit")
    INTERNAL_CHAT = "internal_chat", N_("Internal chat")
    WEB = "web", N_("Web form")


class PartyKind(Choice):
    CUSTOMER = "customer", N_("Customer")
    SELLER = "seller", N_("Seller")
    CREATOR = "creator", N_("Creator")
    INTERNAL = "internal", N_("Internal colleague")
    AUTHORITY = "authority", N_("Authority or rights owner")


class Source(Choice):
    TIER1_CRM = "tier1_crm", N_("Tier 1 via CRM")
    ACCOUNT_MANAGER = "account_manager", N_("Account or creator manager")
    GOVERNANCE = "governance", N_("Governance")
    FRAUD_LOSS = "fraud_loss", N_("Fraud & loss")
    IPR = "ipr", N_("IPR team")
    MANAGER = "manager", N_("Manager escalation")
    ALERT = "alert", N_("Crisis alert")
    DIRECT = "direct", N_("Direct contact")
    PROACTIVE = "proactive", N_("Found by the desk")


class Severity(Choice):
    S1 = "S1", N_("S1 Critical")
    S2 = "S2", N_("S2 High")
    S3 = "S3", N_("S3 Medium")
    S4 = "S4", N_("S4 Low")

    @property
    def squares(self) -> str:
        """Severity that survives a black-and-white printer."""
        return {"S1": "■■■■", "S2": "■■■□", "S3": "■■□□", "S4": "■□□□"}[self.value]


class Urgency(Choice):
    U1 = "U1", N_("U1 Immediate")
    U2 = "U2", N_("U2 Today")
    U3 = "U3", N_("U3 Standard")


class Priority(Choice):
    P0 = "P0", N_("P0 Critical")
    P1 = "P1", N_("P1 High")
    P2 = "P2", N_("P2 Normal")
    P3 = "P3", N_("P3 Low")

    @property
    def squares(self) -> str:
        return {"P0": "■■■■", "P1": "■■■□", "P2": "■■□□", "P3": "■□□□"}[self.value]


class RiskFlag(Choice):
    LEGAL = "legal", N_("Legal")
    MEDIA = "media", N_("Media or social")
    SAFETY = "safety", N_("Safety")
    PRIVACY = "privacy", N_("Personal data")
    FRAUD = "fraud", N_("Fraud")
    IPR = "ipr", N_("Intellectual property")
    VIP = "vip", N_("Key seller or creator")
    MONEY = "money", N_("Large amount")
    MINOR = "minor", N_("Minor or vulnerable person")


class Temperature(Choice):
    CALM = "calm", N_("Calm")
    UPSET = "upset", N_("Upset")
    THREATENING = "threatening", N_("Threatening")
    MEDIA = "media", N_("Going to the media")


class CaseFamily(Choice):
    COMPLAINT = "complaint", N_("Complaint")
    DISPUTE = "dispute", N_("Dispute")
    GOVERNANCE = "governance", N_("Policy and governance")
    FRAUD_LOSS = "fraud_loss", N_("Fraud & loss")
    IPR = "ipr", N_("Intellectual property")
    FULFILMENT = "fulfilment", N_("Fulfilment")
    PAYMENT = "payment", N_("Payment and settlement")
    ACCOUNT = "account", N_("Account and appeal")
    PRODUCT_SAFETY = "product_safety", N_("Product safety")
    CRISIS = "crisis", N_("Crisis")
    SELLER_SUPPORT = "seller_support", N_("Seller support")
    OTHER = "other", N_("Other")


class CaseStatus(Choice):
    NEW = "new", N_("New")
    OPEN = "open", N_("In progress")
    PENDING_REQUESTER = "pending_requester", N_("Waiting for requester")
    PENDING_INTERNAL = "pending_internal", N_("Waiting for internal team")
    PENDING_THIRD_PARTY = "pending_third_party", N_("Waiting for third party")
    RESOLVED = "resolved", N_("Resolved")
    CLOSED = "closed", N_("Closed")
    CANCELLED = "cancelled", N_("Cancelled")

    @property
    def live(self) -> bool:
        """Whether somebody still has work with the case: it counts in the backlog."""
        return self not in {CaseStatus.RESOLVED, CaseStatus.CLOSED, CaseStatus.CANCELLED}

    @property
    def waiting(self) -> bool:
        return str(self).startswith("pending_")


class WaitingOn(Choice):
    US = "us", N_("Us")
    CUSTOMER = "customer", N_("Customer")
    SELLER = "seller", N_("Seller")
    TEAM = "team", N_("Point of contact or team")
    AUTHORITY = "authority", N_("Authority")
    CARRIER = "carrier", N_("Carrier")
    TIME = "time", N_("Time")


class Assignment(Choice):
    UNASSIGNED = "unassigned", N_("Unassigned")
    OFFERED = "offered", N_("Offered")
    ACCEPTED = "accepted", N_("Accepted")


class CancelReason(Choice):
    DUPLICATE = "duplicate", N_("Duplicate (merged)")
    OUT_OF_SCOPE = "out_of_scope", N_("Out of scope")
    RETURNED_TIER1 = "returned_tier1", N_("Returned to Tier 1")
    WITHDRAWN = "withdrawn", N_("Withdrawn by requester")
    TEST = "test", N_("Test entry")


class ReopenReason(Choice):
    NOT_FIXED = "not_fixed", N_("Not fixed")
    CAME_BACK = "came_back", N_("Problem came back")
    WRONG_INFO = "wrong_info", N_("Wrong information given")
    PROMISE_MISSED = "promise_missed", N_("Promise not kept")
    NEW_EVIDENCE = "new_evidence", N_("New evidence")
    NOT_ACCEPTED = "not_accepted", N_("Outcome not accepted")


class ResolutionCode(Choice):
    FIXED = "fixed", N_("Solved as requested")
    PARTIAL = "partial", N_("Solved in part")
    EXPLAINED = "explained", N_("Explained, decision stands")
    COMPENSATED = "compensated", N_("Goodwill or compensation")
    WORKAROUND = "workaround", N_("Workaround, fix tracked")
    DECLINED = "declined", N_("Declined by policy")
    NO_RESPONSE = "no_response", N_("No answer from requester")
    REFERRED = "referred", N_("Referred outside (court, police, bank)")


class FaultParty(Choice):
    PLATFORM = "platform", N_("Platform")
    SELLER = "seller", N_("Seller")
    CUSTOMER = "customer", N_("Customer")
    CREATOR = "creator", N_("Creator")
    LOGISTICS_PARTNER = "logistics_partner", N_("Carrier")
    PAYMENT_PARTNER = "payment_partner", N_("Payment partner or bank")
    THIRD_PARTY = "third_party", N_("Other third party")
    FORCE_MAJEURE = "force_majeure", N_("Force majeure")
    UNDETERMINED = "undetermined", N_("Not determined")


class VerificationMethod(Choice):
    """How the desk made sure that what was done has arrived."""

    REQUESTER_CONFIRMED = "requester_confirmed", N_("Requester confirmed")
    SYSTEM_CHECK = "system_check", N_("Checked in the system")
    CALLBACK = "callback", N_("Call-back")
    NO_REPLY_AFTER_NUDGES = "no_reply_after_nudges", N_("No reply after nudges")
    WAIVED = "waived", N_("Waived by lead")


class KnowledgeDecision(Choice):
    LINKED = "linked", N_("Article linked")
    CREATED = "created", N_("Article written")
    FLAGGED = "flagged_for_update", N_("Article flagged for an update")
    NOT_NEEDED = "not_needed", N_("Not needed")


class BadCaseDecision(Choice):
    NEEDED = "needed", N_("Review needed")
    NOT_NEEDED = "not_needed", N_("No review needed")


class Form(Choice):
    """What an entry of the timeline is."""

    NOTE = "note", N_("Internal note")
    MESSAGE = "message", N_("Message")
    CALL = "call", N_("Call")
    CHAT = "chat", N_("Chat")
    POC = "poc", N_("Message to a point of contact")
    DECISION = "decision", N_("Decision")
    REPORT = "report", N_("Status report")
    EVENT = "event", N_("Event in the CRM")


class Direction(Choice):
    IN = "in", N_("Incoming")
    OUT = "out", N_("Outgoing")
    INTERNAL = "internal", N_("Internal")


class Visibility(Choice):
    INTERNAL = "internal", N_("Internal")
    PUBLIC = "public", N_("External")


class FollowUpForm(Choice):
    PROMISE = "promise", N_("Promise")
    REMINDER = "reminder", N_("Reminder")
    CALLBACK = "callback", N_("Call-back")
    CHECK = "check", N_("Check")


class FollowUpState(Choice):
    OPEN = "open", N_("Still open")
    DONE = "done", N_("Done")
    CANCELLED = "cancelled", N_("Cancelled")


class ConflictForm(Choice):
    BOTH_CHANGED = "both_changed", N_("Both changed it")
    REFUSED = "refused", N_("Refused by a rule of the desk")
    DELETED = "deleted", N_("Deleted by the other")
    TWICE = "twice", N_("Perhaps there twice")


class ConflictState(Choice):
    OPEN = "open", N_("To be settled")
    MINE = "mine", N_("Mine was taken")
    THEIRS = "theirs", N_("Theirs was taken")
    BOTH = "both", N_("Both were kept")


class PromisedBy(Choice):
    US = "us", N_("We promised")
    THEM = "them", N_("They promised")


class SellerSegment(Choice):
    KEY = "key", N_("Key")
    MID = "mid", N_("Mid-size")
    LONG_TAIL = "long_tail", N_("Long tail")
    NEW = "new", N_("New")


class SellerStatus(Choice):
    ACTIVE = "active", N_("Active")
    RESTRICTED = "restricted", N_("Restricted")
    SUSPENDED = "suspended", N_("Suspended")
    CLOSED = "closed", N_("Closed")


class SellerRisk(Choice):
    GREEN = "green", N_("Green")
    AMBER = "amber", N_("Amber")
    RED = "red", N_("Red")


class NoteForm(Choice):
    CALL = "call", N_("Call")
    MESSAGE = "message", N_("Message")
    MEETING = "meeting", N_("Meeting")
    WARNING = "warning", N_("Early warning")
    SESSION = "session", N_("Improvement session")
    PROMISE = "promise", N_("Promise")
    FEEDBACK = "feedback", N_("Feedback")
    PREFERENCE = "preference", N_("Preference")
    RISK = "risk", N_("Risk")
    INTERNAL = "internal", N_("Internal remark")


class Sentiment(Choice):
    VERY_NEGATIVE = "very_negative", N_("Very negative")
    NEGATIVE = "negative", N_("Negative")
    NEUTRAL = "neutral", N_("Neutral")
    POSITIVE = "positive", N_("Positive")
    VERY_POSITIVE = "very_positive", N_("Very positive")


class Trust(Choice):
    LOW = "low", N_("Low")
    MEDIUM = "medium", N_("Medium")
    HIGH = "high", N_("High")


class NoteVisibility(Choice):
    DESK = "desk", N_("Desk")
    LEADS = "leads", N_("Leads")


class Role(Choice):
    VIEWER = "viewer", N_("Viewer")
    SPECIALIST = "specialist", N_("Specialist")
    SHIFT_LEAD = "shift_lead", N_("Shift lead")
    LEAD = "lead", N_("Team lead")
    KB_EDITOR = "kb_editor", N_("Knowledge editor")
    ADMIN = "admin", N_("Administrator")


class ExportKind(Choice):
    CASE_SUMMARY = "case_summary", N_("Case summary")
    LIST = "list", N_("List")
    ESCALATION_BRIEF = "escalation_brief", N_("Escalation brief")


class ExportFormat(Choice):
    DOCX = "docx", "Word"
    XLSX = "xlsx", "Excel"
    PDF = "pdf", "PDF"
    PRINT = "print", N_("Print")


class PersonalData(Choice):
    MASKED = "masked", N_("Masked")
    FULL = "full", N_("Full")


class EvidenceKind(Choice):
    SCREENSHOT = "screenshot", N_("Screenshot")
    PHOTO = "photo", N_("Photo")
    DOCUMENT = "document", N_("Document")
    EMAIL = "email", N_("Email")
    TEXT = "text", N_("Text")
    OTHER = "other", N_("Other")
