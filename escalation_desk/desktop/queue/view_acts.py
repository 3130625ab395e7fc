"""Saving, renaming, sharing and deleting views. The desk's own views and those of others are saved as one's own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QFormLayout, QHBoxLayout, QLineEdit, QMenu, QVBoxLayout

from escalation_desk.casework.desk import SavedView
from escalation_desk.casework.refusal import Refused
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import PlainLabel, ask_yes_no, button, literal
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QWidget

    from escalation_desk.desktop.pages import Frame
    from escalation_desk.desktop.queue.place import QueuePlace
    from escalation_desk.desktop.queue.views import ListView
    from escalation_desk.journal.work import Work


class ViewActs(QObject):
    """What can be done with the view that the queue shows."""

    def __init__(self, frame: Frame, place: QueuePlace) -> None:
        super().__init__(place)
        self._frame = frame
        self._place = place

    def show_menu(self, at: QPoint, view: ListView | None = None) -> None:
        """Offer what may be done with a view; without one, with the view on the screen."""
        menu = QMenu(self._frame.window())
        shown = view is None or view.code == self._place.view.code
        view = view or self._place.view
        if shown:
            menu.addAction(literal(_("Save as a view of mine…")), self.save_as)
        if view.mine:
            if shown:
                menu.addAction(literal(_("Save changes to “{view}”", view=view.title)), self.save)
            menu.addAction(literal(_("Rename…")), lambda: self.rename(view))
            menu.addAction(literal(_("Duplicate")), lambda: self.duplicate(view))
            share = menu.addAction(literal(_("Share with the team")), lambda: self.share(view))
            share.setCheckable(True)
            share.setChecked(view.shared)
            menu.addSeparator()
            menu.addAction(literal(_("Delete…")), lambda: self.delete(view))
        if shown:
            menu.addSeparator()
            menu.addAction(literal(_("Colours…")), self.colour)
            menu.addAction(literal(_("View as at the beginning")), self.reset)
        menu.popup(at)

    def save_as(self) -> None:
        """Ask for a name and save what is on the screen as a view of one's own."""
        asked = NameDialog(self._frame.window(), self._place.view.title)
        asked.accepted.connect(lambda: self._add(asked.name.text().strip(), self._definition(), shared=asked.shared))
        asked.open()

    def save(self) -> None:
        """Let the view on the screen be as it looks now."""
        view, definition = self._place.view, self._definition()
        if not view.mine:
            self.save_as()
            return

        def operate(work: Work) -> None:
            self._own(work, view).definition = definition

        self._frame.verbs.do(N_("Save the view {view}"), operate, view=view.title)

    def rename(self, view: ListView) -> None:
        asked = NameDialog(self._frame.window(), view.title, shared=view.shared)

        def go() -> None:
            title, shared = asked.name.text().strip(), asked.shared

            def operate(work: Work) -> None:
                record = self._own(work, view)
                record.title, record.shared = title, shared

            self._frame.verbs.do(N_("Rename the view {view}"), operate, view=view.title)

        asked.accepted.connect(go)
        asked.open()

    def duplicate(self, view: ListView) -> None:
        self._add(_("{view} (copy)", view=view.title), dict(view.definition), shared=False)

    def share(self, view: ListView) -> None:
        def operate(work: Work) -> None:
            self._own(work, view).shared = not view.shared

        title = N_("Keep the view {view} to myself") if view.shared else N_("Share the view {view}")
        self._frame.verbs.do(title, operate, view=view.title)

    def delete(self, view: ListView) -> None:
        if not ask_yes_no(
            self._frame.window(),
            _("Delete the view “{view}”?", view=view.title),
            _("The cases in it stay as they are."),
            yes=_("Delete"),
            danger=True,
        ):
            return

        def operate(work: Work) -> None:
            work.remove(self._own(work, view))

        def done(_nothing: object) -> None:
            if self._place.view.code == view.code:
                self._frame.open_place("queue", "mine")

        self._frame.verbs.do(N_("Delete the view {view}"), operate, done, view=view.title)

    def colour(self) -> None:
        """Ask which cases of the view on the screen wear which colour."""
        from escalation_desk.desktop.queue.colour_dialog import ColourDialog  # For the few who colour.

        asked = ColourDialog(self._frame, self._place.look.colours, self._place.now())
        asked.chosen.connect(lambda rules: self._place.change(replace(self._place.look, colours=rules)))
        asked.open()

    def reset(self) -> None:
        """Look at the view as it was saved, or as the desk made it."""
        view = self._place.view
        self._frame.kept.put(f"look:{view.code}", {})
        self._frame.kept.put(f"columns:{view.code}", None)
        self._place.head.clear_search()
        self._place.show_view(view)

    def _definition(self) -> dict[str, Any]:
        return self._place.look.definition() | {"columns": self._place.columns.as_data()}

    def _add(self, title: str, definition: dict[str, Any], *, shared: bool) -> None:
        def operate(work: Work) -> str:
            made = work.add(SavedView(title=title, owner=self._frame.verbs.me.id, shared=shared, definition=definition))
            return made.id

        self._frame.verbs.do(
            N_("Save the view {view}"),
            operate,
            lambda made: self._frame.open_place("queue", made),
            view=title,
        )

    def _own(self, work: Work, view: ListView) -> SavedView:
        record = work.get(SavedView, view.record)
        if record.owner != self._frame.verbs.me.id:
            raise Refused(_("Only whoever made “{view}” changes it; save it as a view of yours.", view=view.title))
        return record


_LONGEST: Final = 60


class NameDialog(QDialog):
    """Asks for the name of a view, and whether the team may see it."""

    def __init__(self, parent: QWidget, name: str, *, shared: bool = False) -> None:
        super().__init__(parent)
        letters = look().letters
        self.name = QLineEdit(name, maxLength=_LONGEST)
        self.name.setAccessibleName(_("Name of the view"))
        self.name.selectAll()
        self._share = QCheckBox(_("Share with the team"))
        self._share.setChecked(shared)
        self.setWindowTitle(_("View"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.page, letters.page, letters.page, letters.wide)
        column.setSpacing(letters.wide)
        column.addWidget(PlainLabel(_("How is the view called?"), Role.HEADING))
        form = QFormLayout()
        form.addRow(_("Name"), self.name)
        form.addRow("", self._share)
        column.addLayout(form)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(button(_("Cancel"), self.reject))
        save = button(_("Save"), self.accept, kind="first")
        save.setDefault(True)
        buttons.addWidget(save)
        column.addLayout(buttons)
        self.name.textChanged.connect(lambda text: save.setEnabled(bool(text.strip())))
        self.setMinimumWidth(letters.px(26))

    @property
    def shared(self) -> bool:
        return bool(self._share.isChecked())
