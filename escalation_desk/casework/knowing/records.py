"""Answers that were written down once for all, procedures, and how far the steps of one are done on a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from escalation_desk.casework.choices import Choice, Language
from escalation_desk.casework.desk import in_language
from escalation_desk.casework.fields import Merge, field
from escalation_desk.casework.records import Record
from escalation_desk.i18n import N_


class ArticleForm(Choice):
    QA = "qa", N_("Question and answer")
    PROCEDURE = "procedure", N_("Procedure")
    POLICY_NOTE = "policy_note", N_("Policy note")
    KNOWN_ISSUE = "known_issue", N_("Known issue")
    BAD_CASE = "bad_case", N_("Lesson of a bad case")


class ArticleState(Choice):
    WIP = "wip", N_("Work in progress")
    NOT_VALIDATED = "not_validated", N_("Not validated")
    VALIDATED = "validated", N_("Validated")
    ARCHIVED = "archived", N_("Archived")


class Audience(Choice):
    INTERNAL = "internal", N_("Internal")
    EXTERNAL = "external", N_("External")


@dataclass(kw_only=True)
class Article(Record):
    """A question in the asker's words, and its answer."""

    kind: ClassVar[str] = "article"
    label: ClassVar[str] = N_("Article")

    number: str = field(
        N_("Number"), once=True, required=True, code=True, searchable=True, sortable=True, show="column"
    )
    form: ArticleForm = field(N_("Kind"), default=ArticleForm.QA, facet=True, show="column form")
    title: str = field(N_("Question"), required=True, searchable=True, show="column form")
    language: Language = field(N_("Language"), default=Language.EN, facet=True, show="column form")
    answer: str = field(N_("Answer"), required=True, long=True, searchable=True, merge=Merge.TEXT, show="column form")
    conditions: str | None = field(N_("When it holds"), default=None, long=True, merge=Merge.TEXT, show="form")
    policy: str | None = field(N_("Policy and clause"), default=None, show="form")
    reasons: frozenset[str] = field(N_("Reasons"), default=frozenset(), merge=Merge.SET, facet=True, show="form")
    state: ArticleState = field(N_("State"), default=ArticleState.WIP, facet=True, show="column form")
    audience: Audience = field(N_("For whom"), default=Audience.INTERNAL, facet=True, show="column form")
    owner: str | None = field(N_("Owner"), default=None, refers_to="user", facet=True, show="column form")
    source_cases: frozenset[str] = field(
        N_("From cases"), default=frozenset(), merge=Merge.SET, refers_to="case", show="form"
    )
    flags: tuple[dict[str, Any], ...] = field(N_("Remarks of readers"), default=(), merge=Merge.APPEND)

    @property
    def name(self) -> str:
        return f"{self.number} {self.title}"


@dataclass(kw_only=True)
class Procedure(Record):
    """What is to be done for cases of some reasons. A step is `{"code", "text": {"en": …}, "required"}`."""

    kind: ClassVar[str] = "procedure"
    label: ClassVar[str] = N_("Procedure")

    code: str = field(N_("Code"), once=True, required=True, code=True, show="column")
    edition: int = field(N_("Version"), default=1, once=True, show="column")
    labels: dict[str, str] = field(N_("Words"), default=None, required=True, show="column form")
    reasons: frozenset[str] = field(N_("Reasons"), default=frozenset(), merge=Merge.SET, show="column form")
    flags: frozenset[str] = field(N_("Risk"), default=frozenset(), merge=Merge.SET, show="column form")
    steps: tuple[dict[str, Any], ...] = field(N_("Steps"), default=(), required=True, once=True, show="form")
    owner: str | None = field(N_("Owner"), default=None, refers_to="user", show="column form")
    review_by: date | None = field(N_("Review by"), default=None, show="column form")
    active: bool = field(N_("Active"), default=True, show="form")

    @property
    def name(self) -> str:
        return in_language(self.labels)

    def natural_keys(self) -> frozenset[str]:
        return frozenset({f"{self.code}@{self.edition}"})


@dataclass(kw_only=True)
class Checklist(Record):
    """A procedure on a case. `ticks` says of each step who did it, or left it out and why: the last one counts."""

    kind: ClassVar[str] = "checklist"
    label: ClassVar[str] = N_("Checklist")

    case: str = field(N_("Case"), refers_to="case", once=True, required=True, show="column")
    procedure: str = field(N_("Procedure"), refers_to="procedure", once=True, required=True, show="column")
    ticks: tuple[dict[str, Any], ...] = field(N_("Steps done"), default=(), merge=Merge.APPEND, show="form")
