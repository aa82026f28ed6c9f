"""Take it out: notes as files that anyone can read, said before and after; from a card on Backup and export."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from companion.core.errors import Stopped
from companion.core.i18n import _, ngettext, number_words
from companion.core.stopping import StopSwitch
from companion.ui.announce import announce
from companion.ui.messages import one_line
from companion.ui.shell.settings.proof import size_words
from companion.ui.widgets.card import Card
from companion.ui.widgets.filling import box, clear, fill

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.core.errors import CompanionError
    from companion.journal.exporting import ExportPreview, ExportResult, Wanted
    from companion.ui.kit import Kit
    from companion.ui.shell.settings.take_out_actions import TakeOutActions
    from companion.ui.widgets.notice import Notice
    from companion.ui.widgets.sheet import SheetHost

EXAMPLE_CHARS = 320
SHEET = "take-out"


class TakeOutCard(Card):
    """Says what taking out is, and opens its sheet."""

    def __init__(self, kit: Kit, actions: TakeOutActions, clock: Clock, sheets: SheetHost) -> None:
        super().__init__(kit.theme, padding=20, spacing=12)
        self._kit, self._actions, self._clock, self._sheets = kit, actions, clock, sheets
        self.open_button = kit.button(_("Take notes out"), icon="file-output")
        self.open_button.clicked.connect(self._on_open)
        head = fill(
            kit.row(spacing=10),
            kit.icon_label("file-output", "accent", 20),
            (kit.label(_("Take it out"), "h3"), 1),
        )
        words = _("Your notes as files for other programs, or to print. They are yours, and nothing locks you in.")
        fill(
            self.body,
            head,
            kit.label(words, "muted"),
            kit.label(_("These files are not encrypted. A backup is."), "muted"),
            fill(kit.row(), self.open_button, None),
        )

    def _on_open(self) -> None:
        sheet = TakeOut(self._kit, self._actions, self._clock)
        sheet.left.connect(self._sheets.close)
        self._sheets.open(sheet, _("Take it out"), sheet.stop, key=SHEET)


class TakeOut(QWidget):
    """Choose, look, write; afterwards keep it or delete it."""

    left = Signal()

    def __init__(self, kit: Kit, actions: TakeOutActions, clock: Clock) -> None:
        super().__init__()
        self._kit, self._actions, self._clock = kit, actions, clock
        self._stop = StopSwitch()
        self._seen: ExportPreview | None = None
        self._asked: Wanted | None = None
        self._result: ExportResult | None = None
        self._build()
        self._look()

    def stop(self) -> None:
        """End the writing; nothing of it is left."""
        self._stop.stop()

    # --- building --------------------------------------------------------

    def _build(self) -> None:
        kit = self._kit
        self._trouble = kit.notice("", tone="warn")
        self._trouble.hide()
        self._choosing = self._choose_part()
        self._working = self._work_part()
        self._after = self._after_part()
        self._working.hide()
        self._after.hide()
        fill(kit.column(self, spacing=16), self._choosing, self._working, self._after)
        self.setFocusProxy(self._range)

    def _choose_part(self) -> QWidget:
        kit = self._kit
        self._range = kit.segmented([("all", _("All notes")), ("days", _("Some days"))], _("Which notes"))
        self._range.choose("all")
        self._range.chosen.connect(self._on_range)
        today = self._clock.now().date()
        hint = _("Such as {day}").format(day=today.isoformat())
        self._first, self._last = kit.field(_("First day"), hint), kit.field(_("Last day"), hint)
        self._first.edit.setText(today.replace(day=1).isoformat())
        self._last.edit.setText(today.isoformat())
        for field in (self._first, self._last):
            field.edit.editingFinished.connect(self._look)
        self._days = QWidget()
        days = kit.even(spacing=14, columns=2, parent=self._days)
        days.addWidget(self._first)
        days.addWidget(self._last)
        self._days.hide()
        self._format = kit.segmented([("markdown", _("Markdown")), ("json", _("JSON"))], _("Format"))
        self._format.choose("markdown")
        self._format.chosen.connect(self._on_format)
        self._format_words = kit.label("", "muted")
        names = _("Names inside your text, titles and tags stay.")
        self._nameless = kit.check(_("Leave out the names under People"), names)
        self._nameless.toggled.connect(self._on_nameless)
        self._counts = kit.label("", "label")
        self._place = kit.label("", "muted")
        self._example = kit.column(spacing=0)
        self._go = kit.button(_("Choose where"), kind="primary", icon="folder")
        self._go.clicked.connect(self._on_choose)
        part = QWidget()
        fill(
            kit.column(part, spacing=14),
            kit.notice(_("This file can be read by anyone. It is not encrypted."), tone="warn"),
            kit.label(_("Which notes"), "label"),
            self._range,
            self._days,
            kit.label(_("Format"), "label"),
            self._format,
            self._format_words,
            self._nameless,
            kit.divider(),
            self._counts,
            self._place,
            self._trouble,
            fill(kit.row(), None, self._go),
            self._example,
        )
        return part

    def _work_part(self) -> QWidget:
        kit = self._kit
        self._progress = kit.progress(_("Taking your notes out"))
        self._halt = kit.button(_("Stop"))
        self._halt.clicked.connect(self.stop)
        part = QWidget()
        fill(
            kit.column(part, spacing=14),
            kit.label(_("Taking your notes out"), "h3"),
            self._progress,
            fill(kit.row(), self._halt, None),
        )
        return part

    def _after_part(self) -> QWidget:
        kit = self._kit
        self._done = kit.label("", "h3")
        self._where = kit.label("", "muted", selectable=True)
        self._left_out = kit.notice("", tone="warn")
        self._left_out.hide()
        words = _("This file can be read by anyone. Want to delete it when you've printed it?")
        self._ask = kit.notice(words, tone="warn")
        self._keep = kit.button(_("Keep it"))
        self._keep.clicked.connect(self.left)
        self._delete = kit.button(_("Delete it now"), icon="trash-2")
        self._delete.clicked.connect(self._on_delete)
        self._close = kit.button(_("Done"), kind="primary")
        self._close.clicked.connect(self.left)
        self._close.hide()
        ways = kit.flow(spacing=8)
        for button in (self._keep, self._delete, self._close):
            ways.addWidget(button)
        part = QWidget()
        self._not_deleted = kit.notice("", tone="warn")
        self._not_deleted.hide()
        parts = (self._done, self._where, self._left_out, self._ask, self._not_deleted, box(ways))
        fill(kit.column(part, spacing=14), *parts)
        return part

    # --- choosing --------------------------------------------------------

    def _on_range(self, key: str) -> None:
        self._days.setVisible(key == "days")
        self._look()

    def _on_format(self, _key: str) -> None:
        self._look()

    def _on_nameless(self, _is_on: bool) -> None:
        self._look()

    def _wanted(self) -> Wanted | None:
        """What is chosen now; None where a day can't be read, which the field then says."""
        from companion.journal.exporting import Wanted

        days: list[str | None] = [None, None]
        if self._range.current == "days":
            for number, field in enumerate((self._first, self._last)):
                field.clear_error()
                try:
                    days[number] = date.fromisoformat(field.text().strip()).isoformat()
                except ValueError:
                    field.set_error(_("Write the day as {day}.").format(day=self._clock.now().date().isoformat()))
                    return None
            if (days[0] or "") > (days[1] or ""):
                self._last.set_error(_("This is before the first day."))
                return None
        return Wanted(self._format.current, days[0], days[1], names=not self._nameless.isChecked())

    def _look(self) -> None:
        is_json = self._format.current == "json"
        self._format_words.setText(
            _("JSON: everything, so that Companion can bring it back exactly. Older versions too.")
            if is_json
            else _("Markdown: one text file for each note. Easy to read, and most note apps take it.")
        )
        self._trouble.hide()
        self._asked = self._wanted()
        self._go.setEnabled(False)
        if self._asked is None:
            self._counts.setText("")
            self._place.setText("")
            clear(self._example)
        else:
            self._actions.preview(self, self._asked, self._on_seen, self._on_failed)

    def _on_seen(self, seen: ExportPreview) -> None:
        if self._asked is None:
            return  # a day was written over meanwhile
        self._seen = seen
        kit = self._kit
        notes = ngettext("{count} note", "{count} notes", seen.entries).format(count=number_words(seen.entries))
        words = [notes]
        if seen.drafts:
            drafts = ngettext("{count} draft", "{count} drafts", seen.drafts)
            words.append(drafts.format(count=number_words(seen.drafts)))
        if seen.media:
            files = ngettext("{count} attached file", "{count} attached files", seen.media)
            words.append(f"{files.format(count=number_words(seen.media))} ({size_words(seen.media_bytes)})")
        is_any = bool(seen.entries or seen.drafts)
        self._counts.setText(", ".join(words) if is_any else _("There is no note on these days."))
        clear(self._example)
        if seen.example:
            card = kit.card("sunken", padding=14, spacing=6)
            title = _("Example: {name}").format(name=seen.example_name) if seen.example_name else _("Example")
            text = seen.example if len(seen.example) <= EXAMPLE_CHARS else seen.example[: EXAMPLE_CHARS - 1] + "…"
            fill(card.body, kit.label(title, "label"), kit.label(text.strip(), "small"))
            self._example.addWidget(card)
        form = _("It will be a file named {name}.")
        if self._format.current != "json":
            form = _("It will be a folder named {name}.")
        self._place.setText(form.format(name=self._name()) if is_any else "")
        self._go.setEnabled(is_any)

    def _name(self) -> str:
        stem = _("Notes {day}").format(day=self._clock.now().date().isoformat())
        if self._format.current != "json":
            return stem
        # One file is easier to carry and to delete than a file and a folder.
        return f"{stem}.zip" if self._seen is not None and self._seen.media else f"{stem}.json"

    # --- writing ---------------------------------------------------------

    def _on_choose(self) -> None:
        dialog = QFileDialog(self.window(), _("Choose a folder or USB stick"))
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog, True)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setDirectory(str(Path.home()))
        dialog.fileSelected.connect(self.write_into)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def write_into(self, folder: str) -> None:
        """Write into this folder, under a name that is free there."""
        if self._asked is None:
            return
        self._stop = StopSwitch()
        self._trouble.hide()
        self._show(self._working)
        self._progress.show_progress(0, 0, _("Opening…"))
        self._halt.setFocus(Qt.FocusReason.OtherFocusReason)
        to = _free(Path(folder), self._name())
        self._actions.write(self, to, self._asked, self._stop, self._on_progress, self._on_written, self._on_failed)

    def _on_progress(self, done_and_total: tuple[int, int]) -> None:
        done, total = done_and_total
        words = _("{done} of {total} notes").format(done=number_words(done), total=number_words(total))
        self._progress.show_progress(done, total, words)

    def _on_written(self, result: ExportResult) -> None:
        self._result = result
        notes = ngettext("{count} note is out.", "{count} notes are out.", result.entries)
        words = notes.format(count=number_words(result.entries))
        self._done.setText(words)
        self._where.setText(str(result.to))
        if result.left_out:
            left = ngettext(
                "{count} thing could not be read and is not in it.",
                "{count} things could not be read and are not in it.",
                len(result.left_out),
            )
            self._left_out.set_text(left.format(count=number_words(len(result.left_out))))
            self._left_out.show()
        self._show(self._after)
        self._keep.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self._done, f"{words} {self._ask.text()}")

    def _on_delete(self) -> None:
        if self._result is not None:
            self._delete.setEnabled(False)
            self._actions.delete(self, self._result, self._on_deleted, self._on_not_deleted)

    def _on_deleted(self, _nothing: None) -> None:
        self._done.setText(_("The file is deleted."))
        self._where.setText(_("Your notes are still here. Companion can't delete copies that you or a program made."))
        for widget in (self._ask, self._keep, self._delete, self._not_deleted):
            widget.hide()
        self._close.show()
        self._close.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self._done, self._done.text())

    def _on_not_deleted(self, error: CompanionError) -> None:
        self._delete.setEnabled(True)
        _tell(self._not_deleted, one_line(error))

    def _on_failed(self, error: CompanionError) -> None:
        self._show(self._choosing)
        self._go.setEnabled(self._seen is not None)
        self._go.setFocus(Qt.FocusReason.OtherFocusReason)
        _tell(self._trouble, _("Stopped. Nothing was written.") if isinstance(error, Stopped) else one_line(error))

    # --- inside ----------------------------------------------------------

    def _show(self, part: QWidget) -> None:
        for other in (self._choosing, self._working, self._after):
            if other is not part:
                other.hide()
        part.show()


def _tell(notice: Notice, words: str) -> None:
    notice.set_text(words)
    notice.show()
    announce(notice, words)


def _free(folder: Path, name: str) -> Path:
    """A name in this folder that nothing has."""
    stem, dot, ending = name.rpartition(".") if name.endswith((".json", ".zip")) else (name, "", "")
    path, number = folder / name, 1
    while path.exists() or path.with_suffix(".media").exists():
        number += 1
        path = folder / f"{stem} {number}{dot}{ending}"
    return path
