"""Writing one entry: title, text, time, mood, energy and tags, with the state of saving in words."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLayout, QTextEdit, QVBoxLayout, QWidget

from companion.core.i18n import _
from companion.journal.model import LONGEST_TITLE, Content, Energy, Mood
from companion.ui.journal.editing import continue_list, set_prefix, surround
from companion.ui.journal.highlighter import MarkdownHighlighter
from companion.ui.journal.side_cards import MoodCard, TagCard
from companion.ui.moments import moment_words
from companion.ui.widgets.field import LineEdit

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent

    from companion.core.clock import Clock
    from companion.ui.kit import Kit

TYPING_PAUSE_MS = 2000
_LINE, _PARAGRAPH = "\u2028", "\u2029"  # how Qt writes line ends inside a document


class WritingArea(QTextEdit):
    """The text itself. Tab leaves it; pasted text comes in plain; the system learns no words from it."""

    left = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setProperty("kind", "writing")
        self.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._highlighter = MarkdownHighlighter(self.document(), kit.theme)
        kit.theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def words(self) -> str:
        """The text letter for letter; Qt's own `toPlainText` makes every no-break space an ordinary one."""
        return self.document().toRawText().replace(_PARAGRAPH, "\n").replace(_LINE, "\n")

    @property
    def is_blank(self) -> bool:
        """Whether there is no word in it; does not read a long text to its end."""
        block = self.document().begin()
        while block.isValid():
            if block.text().strip():
                return False
            block = block.next()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on with a list; everything else as usual."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() and continue_list(self):
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell, so that the words are kept."""
        super().focusOutEvent(event)
        self.left.emit()

    def _on_theme_changed(self) -> None:
        self.document().setDefaultFont(self._kit.theme.font("reading"))
        self.setMinimumHeight(self._kit.theme.px(220))


class EntryEditor(QWidget):
    """Holds a Content; says when it changed and when typing paused."""

    changed = Signal()
    paused = Signal()
    done_requested = Signal()
    more_requested = Signal()
    time_change_requested = Signal()

    def __init__(self, kit: Kit, clock: Clock) -> None:
        super().__init__()
        self._kit = kit
        self._clock = clock
        self._at = clock.now()
        self._chose_time = False
        self._known, self._known_length = "", 0
        self._heavy = False
        self._feelings: tuple[str, ...] = ()
        self._people: tuple[str, ...] = ()
        self._is_filling = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.paused)
        self._build()
        self._connect()
        kit.theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    # --- what the page asks ----------------------------------------------

    def show_content(self, content: Content) -> None:
        """Put this content into the fields; not a change."""
        self._is_filling = True
        self._chose_time = False
        self._at = content.at
        self._heavy = content.heavy
        self._feelings, self._people = content.feelings, content.people
        self.title.setText(content.title)
        self.text.setPlainText(content.text)
        self.text.moveCursor(QTextCursor.MoveOperation.End)  # where one goes on
        self.text.document().setModified(False)
        self.moods.set_mood(content.mood)
        self.moods.set_energy(content.energy)
        self.tags.set_tags(content.tags)
        self._show_time()
        self._is_filling = False
        self._known, self._known_length = self.text.words(), self.text.document().characterCount()
        self._pause.stop()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written or chosen; `content().is_empty` without reading a long text."""
        chosen = self.moods.mood or self.moods.energy or self._feelings or self._people or self.tags.tags()
        return not (chosen or self.title.text().strip()) and self.text.is_blank

    def content(self) -> Content:
        """What the fields hold now."""
        self._known, self._known_length = self.text.words(), self.text.document().characterCount()
        return Content(
            at=self._at,
            title=self.title.text()[:LONGEST_TITLE],
            text=self._known,
            mood=self.moods.mood,
            energy=self.moods.energy,
            feelings=self._feelings,
            tags=self.tags.tags(),
            people=self._people,
            heavy=self._heavy,
        )

    def set_time(self, at: datetime) -> None:
        """The person changed when this was."""
        self._chose_time = True
        self._at = at
        self._show_time()
        self._note_change()

    def note_begin(self, now: datetime) -> None:
        """A new note began: its time is now, unless the person chose one."""
        if not self._chose_time:
            self._at = now
            self._show_time()

    @property
    def at(self) -> datetime:
        """The entry's own time."""
        return self._at

    @property
    def is_heavy(self) -> bool:
        """Whether the entry is folded in lists."""
        return self._heavy

    def set_heavy(self, heavy: bool) -> None:
        """Mark as heavy or not."""
        self._heavy = heavy
        self._note_change()

    def set_status(self, words: str, tone: str = "") -> None:
        """The state of saving, in words; `tone` is "", "ok" or "warn"."""
        self.status.show_state(words, tone)

    def stop_timer(self) -> None:
        """Nothing more to say about typing."""
        self._pause.stop()

    def focus_text(self) -> None:
        """Put the cursor where writing goes on."""
        self.text.setFocus()

    # --- building --------------------------------------------------------

    def _build(self) -> None:
        kit = self._kit
        self.card = kit.card(padding=24, spacing=10)
        self._when = kit.label("", "muted")
        self._change_time = kit.button(_("Change"), kind="link", name=_("Change date and time"))
        self.title = LineEdit(kit.theme, _("Title"), "h2")
        self.title.setProperty("kind", "title")
        self.title.setPlaceholderText(_("Title, if you like"))
        self.title.setMaxLength(LONGEST_TITLE)
        self.text = WritingArea(kit)
        self.text.setAccessibleName(_("Your words"))
        self.text.setPlaceholderText(_("Write as much or as little as you like."))
        when_row = kit.flow()
        when_row.addWidget(kit.icon_label("clock", "text_muted", 18))
        when_row.addWidget(self._when)
        when_row.addWidget(self._change_time)
        self.card.body.addLayout(when_row)
        self.card.body.addWidget(self.title)
        self.card.body.addWidget(self._toolbar())
        self.card.body.addWidget(self.text, 1)
        self.card.body.addWidget(kit.divider())
        self.card.body.addLayout(self._foot())
        self.moods = MoodCard(kit)
        self.tags = TagCard(kit)
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.addWidget(self.moods)
        side.addWidget(self.tags)
        side.addStretch(1)
        self._side_layout = side
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self.card, 1)
        self._layout.addWidget(self._side)

    def _toolbar(self) -> QWidget:
        kit = self._kit
        bar = kit.card(tint="sunken", padding=4, spacing=0)
        row = kit.flow(0)
        for icon, name, action in (
            ("bold", _("Bold"), lambda: surround(self.text, "**")),
            ("italic", _("Italic"), lambda: surround(self.text, "*")),
            ("heading", _("Heading"), lambda: set_prefix(self.text, "## ")),
            ("list", _("List"), lambda: set_prefix(self.text, "- ")),
            ("text-quote", _("Quote"), lambda: set_prefix(self.text, "> ")),
            ("undo-2", _("Undo"), self.text.undo),
            ("redo-2", _("Redo"), self.text.redo),
        ):
            button = kit.icon_button(icon, name)
            button.clicked.connect(action)
            row.addWidget(button)
        bar.body.addLayout(row)
        return bar

    def _foot(self) -> QLayout:
        kit = self._kit
        self.status = kit.save_status(_("Nothing is written yet."))
        self.more = kit.button(_("More"), kind="ghost", icon="ellipsis", name=_("More for this note"))
        self.done = kit.button(_("Done"), kind="primary")
        foot = kit.side(spacing=8, words=170)
        foot.addWidget(self.status)
        foot.addWidget(self.more)
        foot.addWidget(self.done)
        return foot

    def _connect(self) -> None:
        self.title.textEdited.connect(self._note_change)
        self.title.returnPressed.connect(self.text.setFocus)
        self.title.editingFinished.connect(self._on_left)
        self.text.textChanged.connect(self._on_text_changed)
        self.text.left.connect(self._on_left)
        self.moods.changed.connect(self._note_change)
        self.tags.changed.connect(self._note_change)
        self.done.clicked.connect(self.done_requested)
        self.more.clicked.connect(self.more_requested)
        self._change_time.clicked.connect(self.time_change_requested)
        for keys, mark in (("Ctrl+B", "**"), ("Ctrl+I", "*")):
            shortcut = QShortcut(QKeySequence(keys), self.text)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda mark=mark: surround(self.text, mark))

    # --- reactions -------------------------------------------------------

    def _on_text_changed(self) -> None:
        # The toolkit tells of new colours and fonts as it tells of new letters: only the words themselves say which.
        # They are compared with those that were handed out last, which are safe or on their way.
        is_longer_or_shorter = self.text.document().characterCount() != self._known_length
        if is_longer_or_shorter or self.text.words() != self._known:
            self._note_change()

    def _note_change(self) -> None:
        if self._is_filling:
            return
        self._pause.start()
        self.changed.emit()

    def _on_left(self) -> None:
        if self._pause.isActive():
            self._pause.stop()
            self.paused.emit()

    def _show_time(self) -> None:
        self._when.setText(moment_words(self._at, self._clock.now().date()))

    def _on_theme_changed(self) -> None:
        theme = self._kit.theme
        one_column = theme.reflow
        self._layout.setDirection(
            QHBoxLayout.Direction.TopToBottom if one_column else QHBoxLayout.Direction.LeftToRight
        )
        self._layout.setSpacing(theme.px(18))
        self._side_layout.setSpacing(theme.px(18))
        if one_column:
            self._side.setMinimumWidth(0)
            self._side.setMaximumWidth(16777215)
        else:
            self._side.setFixedWidth(theme.px(296))


def mood_or_none(level: object) -> Mood | None:
    """The mood for a picked level."""
    return Mood(level) if isinstance(level, int) and level else None


def energy_or_none(key: str) -> Energy | None:
    """The energy for a chosen key."""
    return Energy(int(key)) if key else None
