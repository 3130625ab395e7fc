"""Qt's own words (OK, Copy, the print dialog) from our catalogues: Qt brings no Vietnamese and no Indonesian."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTranslator

from escalation_desk.i18n import N_, _, language

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

# As Qt writes them, but without the mark of the letter that Alt reaches; Qt 6.10 and 6.11 have the same.
_BUTTONS: Final = (
    N_("OK"),
    N_("Save"),
    N_("Save All"),
    N_("Open"),
    N_("Yes"),
    N_("Yes to All"),
    N_("No"),
    N_("No to All"),
    N_("Abort"),
    N_("Retry"),
    N_("Ignore"),
    N_("Close"),
    N_("Cancel"),
    N_("Discard"),
    N_("Help"),
    N_("Apply"),
    N_("Reset"),
    N_("Restore Defaults"),
    N_("Show Details..."),
    N_("Hide Details..."),
)
_TYPING: Final = (
    N_("Undo"),
    N_("Redo"),
    N_("Cut"),
    N_("Copy"),
    N_("Copy Link Location"),
    N_("Paste"),
    N_("Delete"),
    N_("Select All"),
    N_("Step up"),
    N_("Step down"),
    N_("Insert Unicode control character"),
)
_MOVING: Final = (
    N_("Scroll here"),
    N_("Left edge"),
    N_("Right edge"),
    N_("Top"),
    N_("Bottom"),
    N_("Page up"),
    N_("Page down"),
    N_("Page left"),
    N_("Page right"),
    N_("Scroll up"),
    N_("Scroll down"),
    N_("Scroll left"),
    N_("Scroll right"),
    N_("Scroll Left"),
    N_("Scroll Right"),
    N_("Close Tab"),
)
_HEARD: Final = (
    N_("Triggers the action"),
    N_("Toggle"),
    N_("Toggles the state"),
    N_("Increase"),
    N_("Increase the value"),
    N_("Decrease"),
    N_("Decrease the value"),
    N_("ShowMenu"),
    N_("Shows the menu"),
    N_("SetFocus"),
    N_("Sets the focus"),
    N_("Scrolls up"),
    N_("Scrolls down"),
    N_("Scrolls to the left"),
    N_("Scrolls to the right"),
    N_("Goes back a page"),
    N_("Goes to the next page"),
    N_("Open the combo box selection popup"),
    N_("checked"),
    N_("unchecked"),
)
_FILES: Final = (
    N_("Look in:"),
    N_("File name:"),
    N_("Files of type:"),
    N_("Directory:"),
    N_("Choose"),
    N_("Rename"),
    N_("New Folder"),
    N_("Create New Folder"),
    N_("Create a New Folder"),
    N_("Show hidden files"),
    N_("Save As"),
    N_("Find Directory"),
    N_("Back"),
    N_("Go back"),
    N_("Go forward"),
    N_("Parent Directory"),
    N_("Go to the parent directory"),
    N_("List View"),
    N_("Detail View"),
    N_("Change to list view mode"),
    N_("Change to detail view mode"),
    N_("Sidebar"),
    N_("List of places and bookmarks"),
    N_("Files"),
    N_("Directories"),
    N_("Recent Places"),
    N_("Remove"),
    N_("All files (*)"),
    N_("All Files (*)"),
    N_("%1 already exists.\nDo you want to replace it?"),
    N_("%1\nFile not found.\nPlease verify the correct file name was given."),
    N_("%1\nDirectory not found.\nPlease verify the correct directory name was given."),
    N_("Are you sure you want to delete '%1'?"),
    N_("'%1' is write protected.\nDo you want to delete it anyway?"),
    N_("Could not delete directory."),
    N_("Name"),
    N_("Size"),
    N_("Type"),
    N_("Kind"),
    N_("Date Modified"),
    N_("Computer"),
    N_("My Computer"),
    N_("Drive"),
    N_("File"),
    N_("Folder"),
    N_("File Folder"),
    N_("Shortcut"),
    N_("Unknown"),
)
_PRINTING: Final = (
    N_("Print"),
    N_("Print Preview"),
    N_("Page Setup"),
    N_("Page setup"),
    N_("Export to PDF"),
    N_("Portrait"),
    N_("Landscape"),
    N_("Reverse portrait"),
    N_("Reverse landscape"),
    N_("First page"),
    N_("Previous page"),
    N_("Next page"),
    N_("Last page"),
    N_("Fit page"),
    N_("Fit width"),
    N_("Zoom in"),
    N_("Zoom out"),
    N_("Show single page"),
    N_("Show facing pages"),
    N_("Show overview of all pages"),
    N_("Printer"),
    N_("Name:"),
    N_("Location:"),
    N_("Type:"),
    N_("Output file:"),
    N_("Properties"),
    N_("Preview"),
    N_("Print to File (PDF)"),
    N_("Print To File ..."),
    N_("Write PDF file"),
    N_("Local file"),
    N_("Options >>"),
    N_("Options <<"),
    N_("Copies"),
    N_("Copies:"),
    N_("Collate"),
    N_("Reverse"),
    N_("Print range"),
    N_("Print all"),
    N_("Pages from"),
    N_("to"),
    N_("Pages"),
    N_("Selection"),
    N_("Current Page"),
    N_("Page Set:"),
    N_("All Pages"),
    N_("Odd Pages"),
    N_("Even Pages"),
    N_("Output Settings"),
    N_("Color Mode"),
    N_("Color"),
    N_("Grayscale"),
    N_("Double Sided Printing"),
    N_("Off"),
    N_("Long side binding"),
    N_("Short side binding"),
    N_("Invalid Pages Definition"),
    N_("The 'From' value cannot be greater than the 'To' value."),
    N_("%1 already exists.\nDo you want to overwrite it?"),
    N_("%1 is a directory.\nPlease choose a different file name."),
    N_("File %1 is not writable.\nPlease choose a different file name."),
    N_("Printer Properties"),
    N_("Job Options"),
    N_("Page"),
    N_("Advanced"),
    N_("Paper"),
    N_("Page size:"),
    N_("Width:"),
    N_("Height:"),
    N_("Paper source:"),
    N_("Orientation"),
    N_("Margins"),
    N_("top margin"),
    N_("bottom margin"),
    N_("left margin"),
    N_("right margin"),
    N_("Page Layout"),
    N_("Pages per sheet:"),
    N_("Page order:"),
    N_("Custom"),
    N_("Millimeters (mm)"),
    N_("Inches (in)"),
    N_("Points (pt)"),
    N_("Left to Right, Top to Bottom"),
    N_("Left to Right, Bottom to Top"),
    N_("Right to Left, Top to Bottom"),
    N_("Right to Left, Bottom to Top"),
    N_("Top to Bottom, Left to Right"),
    N_("Top to Bottom, Right to Left"),
    N_("Bottom to Top, Left to Right"),
    N_("Bottom to Top, Right to Left"),
)
# Where we say the same word about something else.
_OTHERWISE: Final = {"Options": N_("Options of printing"), "Press": N_("Press it"), "Forward": N_("Go forward")}
WORDS: Final = frozenset((*_BUTTONS, *_TYPING, *_MOVING, *_HEARD, *_FILES, *_PRINTING, *_OTHERWISE.values()))
# The names of keys stay as they are printed on the keyboard.
_KEYS: Final = "QShortcut"


class QtWords(QTranslator):
    """Answers Qt in the language of the window, whichever that is when Qt asks."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's name.
        return False  # An empty translator is never asked.

    def translate(
        self,
        context: str,
        sourceText: str,  # noqa: N803 - Qt's name.
        disambiguation: str | None = None,  # noqa: ARG002 - none of these words has two meanings.
        n: int = -1,  # noqa: ARG002 - none of these words counts.
    ) -> str:
        return say(context, sourceText)  # type: ignore[return-value]  # None lets Qt keep its own word.


def say(context: str, text: str) -> str | None:
    """Say a word of Qt; None where it stays as Qt wrote it."""
    word = text.replace("&", "")
    ours = _OTHERWISE.get(word, word)
    if language() == "en" or context == _KEYS or ours not in WORDS:
        return None
    said = _(ours)
    return "&" + said if "&" in text and said[0].isascii() else said
