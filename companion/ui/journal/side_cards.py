"""Beside the text: how it was, and tags; both only if the person likes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from companion.core.i18n import _
from companion.journal.model import Energy, Mood, tidy_labels
from companion.ui.moods import energy_word

if TYPE_CHECKING:
    from companion.ui.kit import Kit


class MoodCard(QWidget):
    """Mood in five words and energy in three; each can be taken away again."""

    changed = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        card = kit.card(spacing=8)
        layout.addWidget(card)
        card.body.addWidget(kit.label(_("How was it?"), "h3"))
        card.body.addWidget(kit.label(_("Only if you like."), "muted"))
        self._moods = kit.mood_list()
        self._moods.picked.connect(self._on_changed)
        card.body.addWidget(self._moods)
        card.body.addWidget(kit.label(_("Energy"), "label"))
        self._energy = kit.segmented([(str(int(e)), energy_word(e)) for e in Energy], _("Energy"), clearable=True)
        self._energy.chosen.connect(self._on_changed)
        card.body.addWidget(self._energy)

    @property
    def mood(self) -> Mood | None:
        """The picked mood."""
        level = self._moods.level
        return Mood(level) if level else None

    @property
    def energy(self) -> Energy | None:
        """The chosen energy."""
        return Energy(int(self._energy.current)) if self._energy.current else None

    def set_mood(self, mood: Mood | None) -> None:
        """Show this mood."""
        self._moods.set_level(int(mood) if mood else None)

    def set_energy(self, energy: Energy | None) -> None:
        """Show this energy."""
        self._energy.choose(str(int(energy)) if energy else "")

    def _on_changed(self, _value: object) -> None:
        self.changed.emit()


class TagCard(QWidget):
    """Tags as chips, and a field to add one."""

    changed = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._tags: list[str] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        card = kit.card(spacing=10)
        layout.addWidget(card)
        card.body.addWidget(kit.label(_("Tags"), "h3"))
        self._flow = kit.flow()
        self._chips = QWidget()
        self._chips.setLayout(self._flow)
        card.body.addWidget(self._chips)
        self._field = kit.line_edit(_("New tag"))
        self._field.setPlaceholderText(_("New tag"))
        self._field.returnPressed.connect(self._on_add)
        self._add = kit.button(_("Add"), kind="soft", icon="plus", name=_("Add this tag"))
        self._add.clicked.connect(self._on_add)
        row = QHBoxLayout()
        row.addWidget(self._field, 1)
        row.addWidget(self._add)
        card.body.addLayout(row)
        self._show()

    def tags(self) -> tuple[str, ...]:
        """The tags, with one that is typed but not yet added."""
        return tidy_labels([*self._tags, *self._typed()])

    def set_tags(self, tags: tuple[str, ...]) -> None:
        """Show these tags."""
        self._tags = list(tags)
        self._field.clear()
        self._show()

    def _typed(self) -> list[str]:
        return [part.strip().lstrip("#") for part in self._field.text().split(",")]

    def _on_add(self) -> None:
        before = tuple(self._tags)
        self._tags = list(self.tags())
        self._field.clear()
        if tuple(self._tags) != before:
            self._show()
            self.changed.emit()
        self._field.setFocus()

    def _remove(self, tag: str) -> None:
        self._tags.remove(tag)
        self._show()
        self._field.setFocus()
        self.changed.emit()

    def _show(self) -> None:
        self._flow.clear()
        for tag in self._tags:
            chip = self._kit.chip(tag, removable=True)
            chip.removed.connect(lambda tag=tag: self._remove(tag))
            self._flow.addWidget(chip)
        self._chips.setVisible(bool(self._tags))
