"""The files of a case: taken in by drag, paste or choice; looked at here, saved elsewhere, never run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QListWidget, QListWidgetItem, QMenu, QSizePolicy, QVBoxLayout, QWidget

from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.casework.timeline import Attachment
from escalation_desk.desktop.case.file_room import RoomLine, in_a_sentence, is_over, size_text
from escalation_desk.desktop.case.file_view import FileView
from escalation_desk.desktop.case.pictures import FORMATS, decode, png_of
from escalation_desk.desktop.look.icons import icon
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import PlainLabel, visible
from escalation_desk.i18n import N_, _
from escalation_desk.journal import reading
from escalation_desk.journal.evidence import attach, read_file, room_taken, safe_name
from escalation_desk.journal.sharing.files import WANT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QKeyEvent

    from escalation_desk.desktop.case.sight import Sight
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.evidence import Room
    from escalation_desk.journal.work import Work

_ATTACHMENT: Final = int(Qt.ItemDataRole.UserRole)
_THUMBNAIL: Final = 256


def local_files(data: QMimeData) -> list[Path]:
    """Name the files of this computer that are being dragged; what lies on a network is not even asked for."""
    paths = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    return [Path(path) for path in paths if path and not path.startswith(("//", "\\\\")) and Path(path).is_file()]


class Evidence(QObject):
    """Takes files into a case and gives them out again."""

    def __init__(self, frame: Frame, page: QWidget, sight: Callable[[], Sight | None]) -> None:
        super().__init__(page)
        self._frame = frame
        self._page = page
        self._sight = sight
        self._just_taken: set[str] = set()

    def settle(self) -> None:
        """Forget what was taken just now: the page shows it."""
        self._just_taken.clear()

    def choose(self) -> None:
        """Ask for files in the system's own window."""
        dialog = QFileDialog(self._page, _("Attach files"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.take_files([Path(name) for name in names]))
        dialog.open()

    def take_files(self, paths: Sequence[Path]) -> None:
        self._take([(path.name, lambda path=path: read_file(path)) for path in paths])  # type: ignore[misc]  # the default is a path.

    def take_image(self, image: QImage) -> None:
        """Keep a pasted screenshot."""
        self._take([(f"screenshot-{self._stamp()}.png", lambda: png_of(image))])

    def take_text(self, text: str) -> None:
        """Keep a text that is too long to be written as an entry."""
        self._take([(f"text-{self._stamp()}.txt", lambda: text.encode("utf-8", "replace"))])

    def remove(self, attachment: Attachment) -> None:
        """Take a file off the case; it can be undone, and the journal keeps its bytes."""
        self._frame.verbs.do(
            N_("Remove “{name}” from {case}"),
            lambda work: work.remove(work.get(Attachment, attachment.id)),
            name=attachment.file_name,
            case=self._case_no(),
        )

    def view(self, attachment: Attachment) -> None:
        """Show a file in a window of its own."""
        sight = self._sight()
        files = sight.attachments if sight else (attachment,)
        FileView(self._frame.verbs, files, attachment, self.save_as, self._page).open()

    def save_as(self, attachment: Attachment) -> None:
        """Ask where to, then write the bytes there. Nothing is opened."""
        dialog = QFileDialog(self._page, _("Save a copy"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(safe_name(attachment.file_name))
        dialog.fileSelected.connect(lambda name: self.write_to(attachment, Path(name)))
        dialog.open()

    def write_to(self, attachment: Attachment, path: Path) -> None:
        def write(made: Connection) -> Path:
            content = reading.blob(made, attachment.sha256)
            try:
                path.write_bytes(content)
            except OSError as error:
                raise Fault(_("“{path}” cannot be written: {error}.", path=path, error=error.strerror)) from error
            return path

        self._frame.verbs.ask(write, lambda done: self._frame.tell(_("Saved: {path}", path=done)), slow=True)

    def _take(self, offered: list[tuple[str, Callable[[], bytes]]]) -> None:
        sight = self._sight()
        if sight is None or not offered:
            return
        case, shown = sight.case.id, {held.sha256 for held in sight.attachments}

        def operate(work: Work) -> list[str]:
            """Take what can be taken; where nothing can, the first sentence is the answer."""
            refused = []
            for name, read in offered:
                try:
                    known = shown | self._just_taken
                    self._just_taken.add(attach(work, name, read(), case=case, known=known).sha256)
                except (Refused, Fault) as sentence:
                    refused.append(str(sentence))
            if len(refused) == len(offered):
                raise Refused(refused[0])
            return refused

        names = ", ".join(name for name, _read in offered)
        self._frame.verbs.do(N_("Attach {name} to {case}"), operate, self._tell, name=names, case=self._case_no())

    def _tell(self, refused: list[str]) -> None:
        """Say what was not taken and why, then how much room all evidence takes now."""
        sight = self._sight()
        if sight is None:
            return
        case, frame = sight.case.id, self._frame

        def say(room: Room) -> None:
            over = is_over(frame.kept, room)
            told = [*refused, in_a_sentence(frame.kept, room)]
            frame.tell(" ".join(told), "refused" if refused or over else "done")

        frame.verbs.ask(lambda made: room_taken(made, case), say, slow=True)

    def _stamp(self) -> str:
        return f"{self._frame.verbs.journal.now():%Y%m%d-%H%M%S}"

    def _case_no(self) -> str:
        sight = self._sight()
        return sight.case.case_no if sight else ""


class FileList(QWidget):
    """Files with small pictures. Enter looks, Delete removes, the menu key offers the rest."""

    def __init__(self, frame: Frame, evidence: Evidence) -> None:
        super().__init__()
        self._frame = frame
        self._evidence = evidence
        self._thumbnails: dict[str, QIcon] = {}
        self._shown: tuple[Attachment, ...] | None = None
        self.nothing = PlainLabel(_("No files. Drag one here, paste a screenshot, or press +."), Role.MUTED, wrap=True)
        self.room = RoomLine(frame)
        self.list = _Files()
        self.list.setIconSize(QSize(look().letters.px(3), look().letters.px(2.4)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.nothing)
        column.addWidget(self.list)
        column.addWidget(self.room)
        self.list.itemActivated.connect(lambda item: evidence.view(item.data(_ATTACHMENT)))
        self.list.removal_asked.connect(self._remove)
        self.list.customContextMenuRequested.connect(self._open_menu)

    def show_files(self, files: tuple[Attachment, ...]) -> None:
        if files == self._shown:
            self._look_again(files)
            return
        self._shown = files
        self._ask_for(files)
        self.list.clear()
        for held in files:
            item = QListWidgetItem(f"{visible(held.file_name)}\n{size_text(held.size)}", self.list)
            item.setData(_ATTACHMENT, held)
            item.setIcon(self._thumbnails.get(held.sha256) or icon(_sign_of(held)))
            if held.media_type in FORMATS and held.sha256 not in self._thumbnails:
                self._want(held)
        self.list.setVisible(bool(files))
        self.nothing.setVisible(not files)
        self.list.fit()
        self.room.show_room_of(files[0].case if files else None)

    def _ask_for(self, files: tuple[Attachment, ...]) -> None:
        """Let the bytes of an opened case come from the server, or stay here longer."""
        verbs = self._frame.verbs
        if files and self._frame.link.to is not None:
            now = instant_text(verbs.journal.now())
            verbs.keep(WANT, [(held.sha256, now) for held in files])

    def _look_again(self, files: tuple[Attachment, ...]) -> None:
        """Show the pictures whose bytes have come meanwhile."""
        if self._frame.link.to is not None:
            for held in files:
                if held.media_type in FORMATS and held.sha256 not in self._thumbnails:
                    self._want(held)

    def _want(self, held: Attachment) -> None:
        def read(made: Connection) -> tuple[str, QImage | None]:
            try:
                return held.sha256, decode(reading.blob(made, held.sha256), held.media_type, _THUMBNAIL)
            except Refused:  # It keeps its plain icon, and says why when somebody looks at it.
                return held.sha256, None

        self._frame.verbs.ask(read, self._show_thumbnail, slow=True)

    def _show_thumbnail(self, found: tuple[str, QImage | None]) -> None:
        digest, image = found
        if image is None:
            return
        self._thumbnails[digest] = QIcon(QPixmap.fromImage(image))
        for item in self.list.entries():
            if item.data(_ATTACHMENT).sha256 == digest:
                item.setIcon(self._thumbnails[digest])

    def _remove(self) -> None:
        held = self._current()
        if held:
            self._evidence.remove(held)

    def _current(self) -> Attachment | None:
        item: QListWidgetItem | None = self.list.currentItem()
        held: Any = item.data(_ATTACHMENT) if item is not None else None
        return held  # type: ignore[no-any-return]

    def _open_menu(self, at: Any) -> None:
        held = self._current()
        if held is None:
            return
        menu = QMenu(self)
        menu.addAction(icon("show"), _("Look at it"), lambda: self._evidence.view(held))
        menu.addAction(icon("download"), _("Save a copy…"), lambda: self._evidence.save_as(held))
        menu.addAction(icon("delete"), _("Remove from the case"), lambda: self._evidence.remove(held))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.list.viewport().mapToGlobal(at))


class _Files(QListWidget):
    removal_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Attachments"))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def entries(self) -> list[QListWidgetItem]:
        return [self.item(at) for at in range(self.count())]

    def fit(self) -> None:
        rows = sum(self.sizeHintForRow(at) for at in range(min(self.count(), 8)))
        self.setFixedHeight(rows + look().letters.tight)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and not event.modifiers():
            self.removal_asked.emit()
        else:
            super().keyPressEvent(event)


def _sign_of(held: Attachment) -> str:
    if held.media_type in FORMATS:
        return "image"
    return "document" if held.media_type.startswith(("text/", "application/pdf")) else "file"
