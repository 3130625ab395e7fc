"""The program as a script starts it: a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from escalation_desk.journal import keys, sample
from escalation_desk.journal.desk import open_desk
from escalation_desk.journal.keys import PASSPHRASE_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PASSPHRASE = "a passphrase of the tests"  # noqa: S105 - protects nothing but data made up here.


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a desk with the sample that a passphrase protects, as on a computer without a keyring."""
    folder = tmp_path_factory.mktemp("locked")
    keys.make_with_passphrase(folder, PASSPHRASE)
    journal = open_desk(folder, lambda _new: PASSPHRASE)
    sample.fill(journal)
    journal.close()
    return folder


def start(*arguments: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
    asked = {**os.environ, PASSPHRASE_VARIABLE: PASSPHRASE, **environment}
    surroundings = {name: value for name, value in asked.items() if value is not None}
    command = [sys.executable, "-m", "escalation_desk", *arguments]
    return subprocess.run(
        command, env=surroundings, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120
    )


def test_json_is_one_document_on_standard_output_and_nothing_else(locked: Path) -> None:
    done = start("--data", str(locked), "list", "cases", "--view", "mine", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["total"] == len(json.loads(done.stdout)["items"])


def test_a_pipe_gets_utf8_whatever_the_surroundings_say(locked: Path) -> None:
    for command in (["list", "cases"], ["list", "cases", "--json"]):
        done = start("--data", str(locked), *command, PYTHONIOENCODING="ascii")

        assert (done.returncode, done.stderr) == (0, "")
        assert "đ" in done.stdout


def test_a_command_that_is_interrupted_says_so_and_leaves_nothing(locked: Path, tmp_path: Path) -> None:
    rows = "".join(f"{number},Late {number},{'x' * 200}\n" for number in range(30_000))
    (tmp_path / "many.csv").write_text("Ticket,Subject,Description\n" + rows, "utf-8")
    command = [sys.executable, "-m", "escalation_desk", "--data", str(locked), "import", str(tmp_path / "many.csv")]
    environment = {**os.environ, PASSPHRASE_VARIABLE: PASSPHRASE}
    importing = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    while not (locked / "desk.db-wal").exists():  # It is there as soon as the desk is open.
        with pytest.raises(subprocess.TimeoutExpired):
            importing.wait(0.05)
    importing.send_signal(signal.SIGINT)
    out, err = importing.communicate(timeout=60)

    assert (importing.returncode, out) == (1, "")
    assert err == "Stopped. What was not finished leaves nothing behind.\n"
    assert json.loads(start("--data", str(locked), "list", "cases", "--search", "Late", "--json").stdout)["total"] == 0


def test_the_folder_is_named_before_the_command_after_it_or_by_the_environment(locked: Path) -> None:
    where = str(locked)
    answers = [
        start("--data", where, "list", "sellers", "--json"),
        start("list", "sellers", "--json", "--data", where),
        start("list", "sellers", "--json", ESCALATION_DESK_DATA=where),
    ]
    assert [json.loads(answer.stdout)["total"] for answer in answers] == [25, 25, 25]


def test_the_option_counts_more_than_the_environment(locked: Path, tmp_path: Path) -> None:
    done = start("list", "cases", "--data", str(locked), "--json", ESCALATION_DESK_DATA=str(tmp_path / "other"))
    assert json.loads(done.stdout)["total"] == 120
    assert not (tmp_path / "other").exists()


def test_a_missing_passphrase_is_one_sentence_that_names_the_variable(locked: Path) -> None:
    done = start("--data", str(locked), "list", "cases", **{PASSPHRASE_VARIABLE: None})
    assert (done.returncode, done.stdout) == (1, "")
    assert PASSPHRASE_VARIABLE in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_wrong_passphrase_is_one_sentence(locked: Path) -> None:
    done = start("--data", str(locked), "list", "cases", **{PASSPHRASE_VARIABLE: "another"})
    assert (done.returncode, done.stdout) == (1, "")
    assert "not the passphrase" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_refusal_is_exit_code_1_and_one_sentence_on_standard_error(locked: Path) -> None:
    done = start("--data", str(locked), "show", "case", "XXX-1", "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "There is no case XXX-1; look it up with: list cases --search TEXT.\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["list"],
        ["list", "orders"],
        ["list", "cases", "--limit", "-1"],
        ["list", "cases", "--limit", "few"],
        ["list", "cases", "--lim", "3"],
        ["show", "seller", "1"],
        ["show", "case"],
        ["set", "case", "1"],
        ["note", "case", "1"],
        ["import"],
        ["export"],
        ["export", "case", "1"],
        ["export", "list", "--to", "x.xlsx"],
        ["export", "case", "1", "--to", "x.docx", "--language", "fr"],
        ["backup"],
        ["restore"],
        ["check", "now"],
    ],
)
def test_wrong_usage_is_exit_code_2(look: Callable[..., object], arguments: list[str]) -> None:
    answer = look(*arguments)
    assert getattr(answer, "code", None) == 2
    assert getattr(answer, "out", None) == ""
    assert str(getattr(answer, "err", "")).startswith("usage: escalation-desk")


def test_help_is_no_wrong_usage() -> None:
    done = start("--help")
    assert done.returncode == 0
    for command in ("demo", "import", "list", "show", "set", "note", "export", "check", "backup", "restore"):
        assert command in done.stdout


def test_commands_do_not_load_qt(locked: Path) -> None:
    script = (
        "import sys\n"
        "from escalation_desk.__main__ import main\n"
        "sys.argv = ['escalation-desk', *sys.argv[1:]]\n"
        "code = main()\n"
        "assert 'PySide6' not in sys.modules, 'Qt was loaded'\n"
        "sys.exit(code)\n"
    )
    command = [sys.executable, "-c", script, "--data", str(locked), "list", "cases", "--limit", "1"]
    surroundings = {**os.environ, PASSPHRASE_VARIABLE: PASSPHRASE}
    done = subprocess.run(
        command, env=surroundings, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_piped_speaks_utf_8_whatever_the_computer_speaks(locked: Path) -> None:
    done = start("--data", str(locked), "list", "cases", "--limit", "120", LC_ALL="C", PYTHONUTF8=None)
    assert done.returncode == 0
    assert "Giữ 186,4 triệu" in done.stdout


def test_a_reader_that_goes_away_early_is_no_fault(locked: Path) -> None:
    command = [sys.executable, "-m", "escalation_desk", "--data", str(locked), "list", "cases", "--json"]
    surroundings = {**os.environ, PASSPHRASE_VARIABLE: PASSPHRASE}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=surroundings, stdout=pipe, stderr=pipe, text=True, encoding="utf-8") as one:
        assert one.stdout
        assert one.stderr
        one.stdout.readline()
        one.stdout.close()
        said = one.stderr.read()
        assert one.wait(timeout=60) == 0
    assert said == ""


def test_a_case_is_printed_to_pdf_without_a_display(locked: Path, tmp_path: Path) -> None:
    to = tmp_path / "case.pdf"
    command = ["--data", str(locked), "export", "case", "T-481000", "--to", str(to)]
    done = start(*command, DISPLAY=None, WAYLAND_DISPLAY=None)
    assert (done.returncode, done.stderr) == (0, "")
    assert to.read_bytes().startswith(b"%PDF")
