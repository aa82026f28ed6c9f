"""Reading one entry: when, how it was, the words, the files kept with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from companion.core.errors import CompanionError
from companion.core.i18n import _
from companion.journal.model import Attachment, Entry, Summary
from companion.ui.moments import moment_words
from companion.ui.moods import MOOD_ICONS, energy_word, mood_word
from companion.ui.widgets.layouts import empty
from companion.ui.widgets.markdown_view import MarkdownView
from companion.ui.widgets.pictures import safe_picture

if TYPE_CHECKING:
    from companion.ui.kit import Kit

LARGEST_SHOWN_BYTES = 40 * 1024 * 1024


class Reader(QWidget):
    """The pane beside a list. It never asks for an entry; the page shows one in it."""

    edit_requested = Signal()
    delete_requested = Signal()
    save_copy_requested = Signal(object)
    picture_wanted = Signal(int, object)
    emptied = Signal()
    back_requested = Signal()
    unfold_requested = Signal(str)

    def __init__(self, kit: Kit, today: Callable[[], date]) -> None:
        super().__init__()
        self._kit = kit
        self._today = today
        self._entry: Entry | None = None
        self._round = 0
        self._folded_id = ""
        self._build()

    @property
    def entry(self) -> Entry | None:
        """The entry that is shown."""
        return self._entry

    def show_entry(self, entry: Entry) -> None:
        """Show this entry; its pictures are asked for one by one."""
        self._entry = entry
        content = entry.content
        self._when.setText(moment_words(content.at, self._today()))
        self._title.setText(content.title)
        self._title.setVisible(bool(content.title))
        self._show_badges(entry)
        self._text.show_markdown(content.text)
        self._text.setVisible(bool(content.text))
        self._show_files(entry.attachments)
        self._stack.setCurrentWidget(self._page)
        self._area.verticalScrollBar().setValue(0)
        for position, file in enumerate(entry.attachments, start=1):
            if file.media and file.media_type.startswith("image/") and file.size_bytes <= LARGEST_SHOWN_BYTES:
                self.picture_wanted.emit(position, file)

    def show_folded(self, summary: Summary) -> None:
        """A heavy entry stays folded until the person unfolds it."""
        self.show_nothing()
        self._folded_id = summary.id
        self._folded_when.setText(moment_words(summary.at, self._today()))
        self._stack.setCurrentWidget(self._folded)

    def show_picture(self, entry: Entry, position: int, raw: bytes) -> None:
        """A decrypted picture of the entry that is shown; anything else is ignored."""
        if entry is not self._entry:
            return
        picture = safe_picture(QByteArray(raw))
        if picture is None:
            return
        if f"attachment:{position}" in entry.content.text:
            self._text.show_picture(position, picture)
        else:
            self._show_below(picture, entry.attachments[position - 1].name)

    def show_damaged(self, entry: Entry, position: int, _error: CompanionError) -> None:
        """A picture of the entry that is shown cannot be read; the words are fine."""
        if entry is self._entry:
            name = entry.attachments[position - 1].name
            words = _("This picture is damaged and can't be shown. The words are fine.")
            self._files.addWidget(self._kit.setting_row("image-off", name, words, None))

    def ask(self) -> int:
        """The number of a question for an entry; its answer is shown only while `is_asked` says so."""
        self._round += 1
        return self._round

    def is_asked(self, number: int) -> bool:
        """Whether nothing else was asked for or shown since."""
        return number == self._round

    def show_nothing(self) -> None:
        """Forget the entry, and one that is on its way."""
        self._round += 1
        if self._entry is not None:
            self._entry = None
            self.emptied.emit()  # first, while it can still be seen where the focus is
        self._text.clear_all()
        self._title.setText("")
        self._when.setText("")
        empty(self._badges)
        empty(self._files)
        self._stack.setCurrentWidget(self._blank)

    def set_alone(self, alone: bool) -> None:
        """Shown without the list beside it: offer the way back."""
        self._back.setVisible(alone)

    # --- building --------------------------------------------------------

    def _build(self) -> None:
        kit = self._kit
        card = kit.card(padding=28, spacing=10)
        self._back = kit.button(_("Back to the list"), kind="link", icon="arrow-left")
        self._back.clicked.connect(self.back_requested)
        self._back.hide()
        self._when = kit.label("", "muted", wrap=False)
        self._delete = kit.button(_("Delete"), kind="ghost", icon="trash-2", name=_("Delete this note"))
        self._delete.clicked.connect(self.delete_requested)
        self._edit = kit.button(_("Edit"), kind="soft", icon="pencil")
        self._edit.clicked.connect(self.edit_requested)
        head = QHBoxLayout()
        head.addWidget(self._when, 1)
        head.addWidget(self._delete)
        head.addWidget(self._edit)
        self._title = kit.label("", "h2")
        self._badges = kit.flow()
        self._text = MarkdownView(kit.theme)
        self._text.setAccessibleName(_("The note"))
        self._files = QVBoxLayout()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(kit.theme.px(12))
        column.addWidget(self._title)
        column.addLayout(self._badges)
        column.addWidget(self._text)
        column.addLayout(self._files)
        column.addStretch(1)
        self._area = kit.scroll(inside)
        self._page = QWidget()
        page = QVBoxLayout(self._page)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        page.addLayout(head)
        page.addWidget(self._area, 1)
        self._blank = QWidget()
        blank = QVBoxLayout(self._blank)
        blank.addStretch(1)
        blank.addWidget(kit.label(_("Pick a note to read it here."), "muted"), 0, Qt.AlignmentFlag.AlignHCenter)
        blank.addStretch(1)
        self._folded = self._folded_page()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._blank)
        self._stack.addWidget(self._folded)
        self._stack.addWidget(self._page)
        card.body.addWidget(self._stack, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)

    def _folded_page(self) -> QWidget:
        kit = self._kit
        page = QWidget()
        column = kit.column(page, spacing=12)
        self._folded_when = kit.label("", "muted")
        unfold = kit.button(_("Unfold"), kind="outline", name=_("Unfold this note"))
        unfold.clicked.connect(lambda: self.unfold_requested.emit(self._folded_id))
        column.addStretch(1)
        for part in (self._folded_when, kit.label(_("Marked heavy, so it is folded"), "h3"), unfold):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return page

    def _show_badges(self, entry: Entry) -> None:
        empty(self._badges)
        content, kit = entry.content, self._kit
        if content.mood is not None:
            tone = f"mood_{int(content.mood)}"
            self._badges.addWidget(kit.badge(mood_word(content.mood), MOOD_ICONS[content.mood], tone))
        if content.energy is not None:
            words = _("Energy: {level}").format(level=energy_word(content.energy).lower())
            self._badges.addWidget(kit.badge(words, "battery-medium", "plain"))
        for tag in content.tags:
            self._badges.addWidget(kit.badge(tag, "tag", "plain"))
        for person in content.people:
            self._badges.addWidget(kit.badge(person, "user", "plain"))

    def _show_files(self, files: tuple[Attachment, ...]) -> None:
        empty(self._files)
        for file in files:
            self._files.addWidget(self._file_row(file))

    def _file_row(self, file: Attachment) -> QWidget:
        kit = self._kit
        if not file.media:
            return kit.setting_row("image-off", file.name, _("This file was not in what you brought in."), None)
        save = kit.button(_("Save a copy"), kind="ghost", icon="download", name=_("Save a copy of this file"))
        save.clicked.connect(lambda: self.save_copy_requested.emit(file))
        icon = "image" if file.media_type.startswith("image/") else "file"
        return kit.setting_row(icon, file.name, size_words(file.size_bytes), save)

    def _show_below(self, picture: QImage, name: str) -> None:
        label = self._kit.picture(picture, name)
        self._files.addWidget(label)


def size_words(size_bytes: int) -> str:
    """A file's size in words."""
    if size_bytes < 1024:
        return _("{count} bytes").format(count=size_bytes)
    if size_bytes < 1024 * 1024:
        return _("{count} KB").format(count=round(size_bytes / 1024))
    return _("{count} MB").format(count=round(size_bytes / 1024 / 1024, 1))
