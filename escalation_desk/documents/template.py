"""A .docx template a lead can edit: read once into prepared pieces of XML, then filled as often as there are cases.

No expression, no call, no loop variable: a tag is a name that the program knows, so a template can ask for nothing
that its author was not given, and a bad one is told on load. Filling joins text and escapes values; nothing is parsed
or copied per case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from escalation_desk.casework.refusal import Refused
from escalation_desk.documents.filling import Filling
from escalation_desk.documents.package import PackageWriter, read_package
from escalation_desk.documents.preparing import prepare_part
from escalation_desk.documents.properties import core_properties
from escalation_desk.documents.relations import Relations, checked_parts
from escalation_desk.documents.tags import Problem
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from escalation_desk.documents.filling import Node
    from escalation_desk.documents.properties import Properties
    from escalation_desk.documents.tags import Tags


@dataclass(frozen=True, slots=True)
class Template:
    """A checked template: the parts that stay as they are, and those with tags as prepared pieces."""

    name: str
    fixed: Mapping[str, bytes]
    prepared: Mapping[str, tuple[Node, ...]]
    relations: Relations

    def fill(self, stream: IO[bytes], values: Mapping[str, Any], properties: Properties) -> None:
        """Write the document. Rows are asked for one by one, so whoever gives them can count, or raise to stop."""
        with PackageWriter(stream) as package:
            package.write("[Content_Types].xml", self.relations.content_types)
            package.write("_rels/.rels", self.relations.root)
            filling = Filling(values)
            for name, nodes in self.prepared.items():
                package.write_pieces(name, filling.pieces(name, nodes))
            for name, content in self.relations.written(filling.placed):
                package.write(name, content)
            for name, content in self.fixed.items():
                package.write(name, content)
            for name, content in filling.media():
                package.write(name, content)
            package.write("docProps/core.xml", core_properties(properties))


def load_template(path: Path | None, tags: Tags, *, built_in: Path) -> tuple[Template, list[Problem]]:
    """Read a lead's template; where it cannot be used, say why and use the built-in one."""
    if path is None:
        return read_template(built_in, tags), []
    try:
        return read_template(path, tags), []
    except UnfitTemplate as unfit:
        return read_template(built_in, tags), unfit.problems


class UnfitTemplate(Refused):
    """A template that cannot be used, with every reason found."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        self.problems = problems
        reasons = " ".join(problem.sentence for problem in problems)
        super().__init__(_("The template {name} cannot be used. {reasons}", name=name, reasons=reasons))


def read_template(path: Path, tags: Tags) -> Template:
    """Read and check a template; UnfitTemplate names each bad tag."""
    problems: list[Problem] = []
    try:
        parts, relations = checked_parts(read_package(path), path.name)
        prepared = {
            name: prepare_part(content, name, tags, problems)
            for name, content in parts.items()
            if relations.has_text(name)
        }
    except Refused as refused:
        raise UnfitTemplate(path.name, [Problem(str(refused))]) from refused
    if problems:
        raise UnfitTemplate(path.name, problems)
    fixed = {name: content for name, content in parts.items() if name not in prepared}
    return Template(path.name, fixed, prepared, relations)
