"""Small sheets over the editor and the reader: when it was, more for this note, saving a file out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QDateTime, QObject, QTime, Signal
from PySide6.QtWidgets import QDateTimeEdit, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from companion.core.errors import CompanionError
from companion.core.files import write_atomic
from companion.core.i18n import _
from companion.core.ids import MediaName
from companion.journal.model import Attachment
from companion.ui.widgets.filling import fill

if TYPE_CHECKING:
    from companion.ui.journal.editor import EntryEditor
    from companion.ui.kit import Kit
    from companion.ui.tasks import Tasks
    from companion.ui.widgets.sheet import SheetHost
    from companion.ui.widgets.toast import ToastHost
    from companion.vault.vault import Vault


class TimeSheet(QWidget):
    """Date and time of an entry, by keyboard."""

    chosen = Signal(object)
    finished = Signal()

    def __init__(self, kit: Kit, at: datetime) -> None:
        super().__init__()
        self._at = at
        how = kit.label(_("Type over a number, or use the arrow keys. Left and right move between them."), "muted")
        self._edit = QDateTimeEdit(
            QDateTime(QDate(at.year, at.month, at.day), QTime(at.hour, at.minute)),
        )
        self._edit.setDisplayFormat("dddd d MMMM yyyy, HH:mm")
        self._edit.setAccessibleName(_("Date and time"))
        self._edit.lineEdit().setTextMargins(kit.theme.px(10), 0, kit.theme.px(10), 0)
        row = kit.row()
        row.addStretch(1)
        cancel = kit.button(_("Leave as it was"), kind="ghost")
        cancel.clicked.connect(self.finished)
        use = kit.button(_("Use this time"), kind="primary")
        use.clicked.connect(self._on_use)
        row.addWidget(cancel)
        row.addWidget(use)
        fill(kit.column(self, spacing=14), how, self._edit, row)

    def _on_use(self) -> None:
        picked = self._edit.dateTime()
        day, time = picked.date(), picked.time()
        self.chosen.emit(
            datetime(day.year(), day.month(), day.day(), time.hour(), time.minute(), tzinfo=self._at.tzinfo)
        )
        self.finished.emit()


class MoreSheet(QWidget):
    """What can be done with the note besides writing it."""

    heavy_chosen = Signal(bool)
    delete_requested = Signal()
    finished = Signal()

    def __init__(self, kit: Kit, *, is_heavy: bool, can_delete: bool) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        heavy = kit.switch(_("Heavy"))
        heavy.setChecked(is_heavy)
        heavy.toggled.connect(self.heavy_chosen)
        words = _("It is folded in the timeline, and says so. You can unfold it there.")
        layout.addWidget(kit.setting_row("weight", _("Mark this note as heavy"), words, heavy))
        row = QHBoxLayout()
        delete = kit.button(_("Delete this note"), kind="ghost", icon="trash-2")
        delete.setEnabled(can_delete)
        delete.clicked.connect(self._on_delete)
        done = kit.button(_("Done"), kind="primary")
        done.clicked.connect(self.finished)
        row.addWidget(delete)
        row.addStretch(1)
        row.addWidget(done)
        layout.addLayout(row)

    def _on_delete(self) -> None:
        self.finished.emit()
        self.delete_requested.emit()


class EditorSheets(QObject):
    """Opens the sheets that belong to the editor."""

    delete_requested = Signal()

    def __init__(self, kit: Kit, editor: EntryEditor, sheets: SheetHost) -> None:
        super().__init__(editor)
        self._kit, self._editor, self._sheets = kit, editor, sheets
        editor.more_requested.connect(self._on_more)
        editor.time_change_requested.connect(self._on_time_change)

    def _on_time_change(self) -> None:
        sheet = TimeSheet(self._kit, self._editor.at)
        sheet.chosen.connect(self._editor.set_time)
        sheet.finished.connect(self._sheets.close)
        self._sheets.open(sheet, _("When was this?"))

    def _on_more(self) -> None:
        editor = self._editor
        sheet = MoreSheet(self._kit, is_heavy=editor.is_heavy, can_delete=not editor.content().is_empty)
        sheet.heavy_chosen.connect(editor.set_heavy)
        sheet.delete_requested.connect(self.delete_requested)
        sheet.finished.connect(self._sheets.close)
        self._sheets.open(sheet, _("More for this note"))


def save_copy(
    owner: QWidget,
    file: Attachment,
    vault: Vault,
    tasks: Tasks,
    toasts: ToastHost,
    failed: Callable[[CompanionError], None],
) -> None:
    """Write one file out of the vault, to where the person says; says that the copy is not locked."""
    dialog = QFileDialog(owner.window(), _("Save a copy. Anyone can read it there."))
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog, True)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(Path(file.name).name)

    def chosen(place: str) -> None:
        def write() -> None:
            write_atomic(Path(place), vault.media.read(MediaName(file.media)))

        def done(_nothing: object) -> None:
            toasts.show(_("Saved. That copy is not locked: anyone who finds it can read it."), icon="info")

        tasks.run(owner, write, done, failed)

    dialog.fileSelected.connect(chosen)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
