"""The recovery key on paper: one page that says what it is for, to nobody else."""

from __future__ import annotations

import stat
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QPagedPaintDevice
from PySide6.QtWidgets import QApplication, QWidget

from companion.ui.shell import recovery_print
from companion.ui.shell.recovery_key import RecoveryKeyView
from companion.ui.shell.recovery_page import code_image, save_page
from companion.ui.shell.recovery_text import recovery_parts
from tests.ui.stage import Stage, button, cut, staged, without_name, words

CODE = "4F7K-9Q2M-XT3B-0ZJH-7RDC-5WNA-PV8E-2GS6-C"
MADE = date(2026, 11, 25)
FOLDER = Path("/home/sam/3f9a1c.vault")


@pytest.fixture
def stage(qapp: QApplication, tmp_path: Path) -> Iterator[Stage]:
    yield from staged(qapp, tmp_path)


@pytest.fixture
def view(stage: Stage) -> RecoveryKeyView:
    window = QWidget()
    made = RecoveryKeyView(stage.kit, stage.clipboard, CODE, MADE, FOLDER)
    stage.kit.column(window, margins=24).addWidget(made)
    window.resize(QSize(720, 800))
    window.show()
    stage.windows.append(window)
    stage.settle()
    return made


def inside(pdf: bytes) -> bytes:
    """The file with its packed parts unpacked."""
    parts = [pdf]
    for piece in pdf.split(b"stream\n")[1::2]:
        try:
            parts.append(zlib.decompressobj().decompress(piece))
        except zlib.error:
            continue
    return b"\n".join(parts)


def test_the_page_is_one_pdf_page_for_this_account_only(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "notes-key.pdf"
    save_page(path, CODE, MADE, FOLDER)
    raw = path.read_bytes()
    assert raw.startswith(b"%PDF-")
    assert inside(raw).count(b"/Type /Page\n") == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in tmp_path.iterdir() if found.name.endswith((".new", ".tmp"))] == []


def test_what_the_file_is_told_says_nothing(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "notes-key.pdf"
    save_page(path, CODE, MADE, FOLDER)
    raw = inside(path.read_bytes())
    title = raw[raw.index(b"/Title") : raw.index(b"/Creator")]
    assert title.decode("latin-1").replace("\x00", "").strip().endswith("Notes)")
    for word in ("Companion", "recovery", CODE, CODE[:4] + CODE[5:9]):
        assert word.encode() not in raw
        assert word.encode("utf-16-be") not in raw


def test_the_page_says_all_that_the_text_says(stage: Stage) -> None:
    parts = recovery_parts(CODE, MADE, FOLDER)
    assert [part.kind for part in parts][:2] == ["title", "key"]
    said = " ".join(part.words for part in parts)
    for wanted in ("25 November 2026", "I forgot my passphrase", ".vbak", str(FOLDER), "useless"):
        assert wanted in said


def test_the_code_holds_the_key(stage: Stage) -> None:
    import segno

    image = code_image(CODE)
    matrix = segno.make(CODE, error="m", micro=False).matrix
    assert image.width() == image.height() == 8 * (len(matrix) + 8)
    for row, line in enumerate(matrix):
        for column, dark in enumerate(line):
            assert (image.pixelColor(8 * (column + 4) + 4, 8 * (row + 4) + 4).lightness() < 128) == bool(dark)


def test_saving_goes_by_the_name_and_a_full_disk_is_told(view: RecoveryKeyView, tmp_path: Path) -> None:
    view.save_to(tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")
    assert "Saved as a.pdf." in words(view)
    view.save_to(tmp_path / "a.txt")
    assert CODE in (tmp_path / "a.txt").read_text(encoding="utf-8")
    view.save_to(tmp_path / "missing" / "a.pdf")
    assert "Saved" not in words(view)


def test_where_there_is_no_printer_it_says_so(view: RecoveryKeyView, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovery_print, "printers", list)
    button(view, "Print the recovery key").click()
    assert "No printer is set up on this computer." in words(view)
    assert "Print one page" not in words(view)


def test_the_printer_is_chosen_in_the_window(
    view: RecoveryKeyView, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(recovery_print, "printers", lambda: ["Hall", "Study"])
    monkeypatch.setattr("companion.ui.shell.recovery_key.print_page", lambda *all_of_it: sent.append(all_of_it))
    button(view, "Print the recovery key").click()
    stage.settle()
    assert cut(view.window()) == []
    assert without_name(view.window()) == []
    button(view, "Print one page").click()
    assert sent == [("Hall", CODE, MADE, FOLDER)]
    assert "Sent to the printer." in words(view)

    def refuse(*_all: Any) -> None:
        raise OSError

    monkeypatch.setattr("companion.ui.shell.recovery_key.print_page", refuse)
    button(view, "Print one page").click()
    assert "The printer did not take the page. Nothing was printed." in words(view)


def test_a_printer_gets_the_page_under_a_name_that_says_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A printer that is not there draws nowhere; what it was told is what counts."""
    from PySide6.QtPrintSupport import QPrinter

    told: list[str] = []
    drawn: list[QPagedPaintDevice] = []
    monkeypatch.setattr(QPrinter, "setDocName", lambda _printer, name: told.append(name))
    monkeypatch.setattr(recovery_print, "draw_page", lambda device, _parts: drawn.append(device))
    recovery_print.print_page("Hall", CODE, MADE, FOLDER)
    assert told == ["Notes"]
    assert len(drawn) == 1
