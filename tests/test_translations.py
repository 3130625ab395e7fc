"""The catalogues of Vietnamese and Indonesian: whole, true to the places, in the words of the trade, said by Qt too."""

from __future__ import annotations

import ast
import csv
import gettext
import io
import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from PySide6.QtPrintSupport import QPrintPreviewDialog
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QMessageBox, QTextEdit, QToolButton

from escalation_desk.desktop.look.qt_words import WORDS, QtWords, say
from escalation_desk.i18n import LANGUAGES, _, set_language, speaking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from babel.messages import Catalog
    from PySide6.QtWidgets import QApplication, QMenu, QWidget
    from pytestqt.qtbot import QtBot

TRANSLATED = sorted(set(LANGUAGES) - {"en"})
PLACE = re.compile(r"\{\w*\}")

# What reads the same as in English, and why.
_NAMES = {
    "Thailand",
    "CRM",
    "OLA",
    "SLA",
    "Escalation Desk",
    "Escalation Desk {version}",
    "Lazada",
    "SHA-256",
    "Shopee",
    "TikTok Shop",
    "Zendesk",
    "Indonesia",
    "Malaysia",
}
_UNITS = {"{n} MB", "{n} kB", "Ctrl+Enter", "OK", "P90 {time}"}
_SAME_WORD = {
    "vi": {"Chat", "Email", "Macro", "Macro {macro}: {use}", "Philippines", "Singapore", "Shop"},
    # "Fraud & loss", "Governance", "Platform", "Status", "Team lead" are so in the desk's taxonomy and glossary.
    "id": {
        "Account manager", "Administrator", "Bad case", "Chat", "Desk", "Drive", "Email", "Filter", "Folder", "Format",
        "April {year}", "Fraud & loss", "Governance", "Internal", "November {year}", "Platform", "September {year}",
        "Status", "Team lead", "Thai",
    },
}  # fmt: skip
# Words of the glossary that stand for something else here.
_NOT_OF_THE_TRADE = {
    "Order": "here the order in which a list is sorted; what a customer buys is said as “Orders”",
}  # fmt: skip

# The lists of the taxonomy whose labels the program says itself.
_ROOMS = (
    "case_status", "priorities", "risk_flags", "channels", "sources", "resolution_codes", "cancel_reasons",
    "reopen_reasons", "fault_parties", "sentiments", "roles", "note_kinds",
)  # fmt: skip


def _has_words(text: str) -> bool:
    """Tell whether there is a word to translate between the places."""
    return bool(re.search(r"[^\W\d_]", PLACE.sub("", text)))


@pytest.fixture(scope="module")
def code(pytestconfig: pytest.Config) -> Path:
    return pytestconfig.rootpath / "escalation_desk"


@pytest.fixture(scope="module")
def said(code: Path) -> dict[str, tuple[str, ...]]:
    """Every message of the program: its first form, and all its forms."""
    return {forms[0]: forms for forms in _extracted(code, {"_": None, "N_": None, "n_": (1, 2)})}


@pytest.fixture(scope="module", params=TRANSLATED)
def spoken(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def folder(code: Path, spoken: str) -> Path:
    return code.parent / "resources" / "translations" / spoken / "LC_MESSAGES"


@pytest.fixture(scope="module")
def catalogue(folder: Path, spoken: str) -> Catalog:
    with (folder / "escalation_desk.po").open("rb") as file:
        return read_po(file, locale=spoken)


@pytest.fixture(scope="module")
def told(catalogue: Catalog) -> dict[str, str]:
    return {_first(message.id): _first(message.string) for message in catalogue if message.id}


def test_every_sentence_of_the_program_is_translated(said: dict[str, Any], told: dict[str, str]) -> None:
    assert [text for text in said if not told.get(text)] == []


def test_the_catalogue_holds_nothing_the_program_does_not_say(
    said: dict[str, Any], told: dict[str, str], catalogue: Catalog
) -> None:
    assert [text for text in told if text not in said] == []
    assert list(catalogue.obsolete) == []


def test_no_translation_is_only_a_guess(catalogue: Catalog) -> None:
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_the_places_of_a_sentence_are_kept(said: dict[str, tuple[str, ...]], told: dict[str, str]) -> None:
    lost = {
        text: told[text]
        for text, forms in said.items()
        if text in told and sorted(PLACE.findall(told[text])) not in [sorted(PLACE.findall(form)) for form in forms]
    }
    assert lost == {}


def test_a_translated_plural_says_the_number_when_english_does(
    said: dict[str, tuple[str, ...]], told: dict[str, str]
) -> None:
    forms = {text: many[1] for text, many in said.items() if len(many) > 1}
    assert [text for text, many in forms.items() if "{n}" in many and "{n}" not in told[text]] == []


def test_edges_and_quotes_are_kept(said: dict[str, tuple[str, ...]], told: dict[str, str]) -> None:
    def edges(text: str) -> tuple[str, ...]:
        return (
            text[: len(text) - len(text.lstrip())],
            text[len(text.rstrip()) :],
            "…" * text.endswith("…"),
            ":" * text.endswith(":"),
            "." * (text.endswith(".") and not text.endswith("...")),
            str(text.count("\n")),
            str(text.count("%1")),
            str(text.count("“")),
            str(text.count("”")),
        )

    wrong = [(text, told[text]) for text, forms in said.items() if edges(told[text]) not in map(edges, forms)]
    assert wrong == []


def test_what_is_compiled_is_what_is_written(folder: Path, catalogue: Catalog) -> None:
    again = io.BytesIO()
    write_mo(again, catalogue)
    again.seek(0)
    with (folder / "escalation_desk.mo").open("rb") as file:
        kept = gettext.GNUTranslations(file)
    assert vars(kept)["_catalog"] == vars(gettext.GNUTranslations(again))["_catalog"]


def test_one_form_serves_every_number(catalogue: Catalog) -> None:
    assert catalogue.num_plurals == 1
    assert catalogue.plural_expr == "0"


def test_letters_are_composed(told: dict[str, str]) -> None:
    assert [ours for ours in told.values() if unicodedata.normalize("NFC", ours) != ours] == []


def test_only_known_words_stay_as_in_english(told: dict[str, str], spoken: str) -> None:
    known = _NAMES | _UNITS | _SAME_WORD[spoken]
    same = {text for text, ours in told.items() if text == ours and _has_words(text)}
    assert same - known == set()


def test_words_of_the_trade_are_those_of_the_glossary(told: dict[str, str], spoken: str, shared_data: Path) -> None:
    with (shared_data.parent / "domain" / "glossary.csv").open(encoding="utf-8-sig") as file:
        words: dict[str, set[str]] = {}
        for row in csv.DictReader(file):
            words.setdefault(row["en"], set()).add(row[spoken])
    other = _labels(shared_data, spoken)
    wrong = {
        text: ours
        for text, ours in told.items()
        if text in words and text not in _NOT_OF_THE_TRADE and ours not in words[text] | other.get(text, set())
    }
    assert wrong == {}


def test_the_choices_are_those_of_the_taxonomy(told: dict[str, str], spoken: str, shared_data: Path) -> None:
    taxonomy = json.loads((shared_data.parent / "domain" / "taxonomy.json").read_text(encoding="utf-8"))
    labels = [label for room in _ROOMS for label in taxonomy[room]]
    wrong = {
        label["en"]: told[label["en"]] for label in labels if label["en"] in told and told[label["en"]] != label[spoken]
    }
    assert wrong == {}


def test_no_word_is_both_a_plural_and_a_plain_word(code: Path) -> None:
    plain = {forms[0] for forms in _extracted(code, {"_": None, "N_": None})}
    counted = {forms[0] for forms in _extracted(code, {"n_": (1, 2)})}
    assert plain & counted == set()


def test_what_is_translated_is_written_out(code: Path) -> None:
    """An f-string, a sum or a variable in `N_()` or `n_()` would never be found; `_()` may say a declared label."""
    wrong = [
        f"{path.relative_to(code)}:{call.lineno}"
        for path in sorted(code.rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        for text in call.args[: {"_": 1, "N_": 1, "n_": 2}.get(call.func.id, 0)]
        if isinstance(text, (ast.JoinedStr, ast.BinOp)) or (call.func.id == "N_" and not isinstance(text, ast.Constant))
    ]
    assert wrong == []


def test_every_sentence_can_be_said_with_its_places_filled(said: dict[str, tuple[str, ...]], spoken: str) -> None:
    with speaking(spoken):
        for text, forms in said.items():
            places = {name[1:-1]: "×" for name in PLACE.findall("".join(forms))}
            if places:
                assert "×" in _(text, **places)


def test_the_window_speaks_both_languages() -> None:
    with speaking("vi"):
        assert _("Take over {case}", case="EC-1") == "Tiếp nhận EC-1"
    with speaking("id"):
        assert _("Take over {case}", case="EC-1") == "Ambil alih EC-1"


@pytest.fixture
def window(qapp: QApplication, spoken: str) -> Iterator[str]:
    words = QtWords(qapp)
    qapp.installTranslator(words)
    set_language(spoken)
    yield spoken
    set_language("en")
    qapp.removeTranslator(words)


def test_every_word_of_qt_is_answered_in_the_language_of_the_window(window: str) -> None:
    assert [word for word in WORDS if not say("", word)] == []


def test_a_line_offers_to_copy_in_the_language_of_the_window(window: str, qtbot: QtBot) -> None:
    line, text = QLineEdit(), QTextEdit()
    qtbot.addWidget(line)
    qtbot.addWidget(text)
    copy = {"vi": "&Chép", "id": "&Salin"}[window]
    assert copy in _offered(line.createStandardContextMenu())
    assert copy in _offered(text.createStandardContextMenu())


def test_buttons_of_questions_are_in_the_language_of_the_window(window: str, qtbot: QtBot) -> None:
    box = QMessageBox()
    qtbot.addWidget(box)
    box.setStandardButtons(QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel)
    assert {button.text() for button in box.buttons()} == {"vi": {"&Có", "Hủy"}, "id": {"&Ya", "Batalkan"}}[window]


def test_dialogs_of_files_and_of_printing_are_in_the_language_of_the_window(window: str, qtbot: QtBot) -> None:
    files = QFileDialog()
    files.setOption(QFileDialog.Option.DontUseNativeDialog)
    preview = QPrintPreviewDialog()
    qtbot.addWidget(files)
    qtbot.addWidget(preview)
    assert {"vi": "&Tìm trong:", "id": "&Cari di:"}[window] in _labelled(files)
    assert {"vi": "Vừa trang", "id": "Muat satu halaman"}[window] in [
        tool.text() for tool in preview.findChildren(QToolButton)
    ]


def test_keys_keep_the_names_that_are_printed_on_them(window: str) -> None:
    assert say("QShortcut", "Delete") is None
    assert say("QLineEdit", "Delete") == {"vi": "Xóa", "id": "Hapus"}[window]


def test_words_of_qt_that_we_do_not_know_stay(window: str) -> None:
    assert say("QColorDialog", "Hu&e:") is None


def test_in_english_qt_speaks_for_itself(qapp: QApplication) -> None:
    assert say("QLineEdit", "&Copy") is None


def _extracted(code: Path, keywords: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for found in extract_from_dir(str(code), method_map=[("**.py", "python")], keywords=keywords):
        text = found[2]
        yield (text,) if isinstance(text, str) else tuple(text)


def _first(text: Any) -> str:
    return text if isinstance(text, str) else str(text[0])


def _labels(shared_data: Path, spoken: str) -> dict[str, set[str]]:
    """Give the labels of the taxonomy, where one English word is two in another language."""
    taxonomy = json.loads((shared_data.parent / "domain" / "taxonomy.json").read_text(encoding="utf-8"))
    labels: dict[str, set[str]] = {}
    for room in taxonomy.values():
        for label in room if isinstance(room, list) else ():
            if isinstance(label, dict) and isinstance(label.get("en"), str):
                labels.setdefault(label["en"], set()).add(str(label[spoken]))
    return labels


def _offered(menu: QMenu) -> list[str]:
    return [action.text().split("\t")[0] for action in menu.actions()]


def _labelled(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel)]
