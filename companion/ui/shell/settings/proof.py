"""What was looked at just now: the file, a wrong key, the network, the last backup. Never a fixed sentence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from companion.core.errors import CompanionError
from companion.core.i18n import _
from companion.ui.announce import announce
from companion.ui.messages import one_line
from companion.ui.moments import time_words
from companion.ui.proof_words import Fact, facts_of
from companion.ui.widgets.card import Card
from companion.ui.widgets.filling import box, fill

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.ui.clipboard import Clipboard
    from companion.ui.kit import Kit
    from companion.ui.shell.settings.actions import VaultActions
    from companion.vault.report import ProofReport


class ProofCard(Card):
    """Green only while every fact about the vault is good; its limits stand in the same card."""

    files_requested = Signal()
    backups_requested = Signal()

    def __init__(self, kit: Kit, actions: VaultActions, clock: Clock) -> None:
        super().__init__(kit.theme, "sunken", padding=20, spacing=12)
        self._kit = kit
        self._actions = actions
        self._clock = clock
        self.report: ProofReport | None = None
        self._icon = kit.icon_label("shield", "text_muted", 22)
        self._title = kit.label(_("Looking at your file"), "h3")
        self.again_button = kit.button(_("Check again"), icon="refresh-cw")
        self.again_button.clicked.connect(self.check)
        self._grid = kit.even(spacing=14, columns=2)
        limits = kit.side(spacing=12, words=260)
        self._limits = kit.label(_("It can't stop someone who watches this computer with other tools."), "small")
        self._files = kit.button(_("Where are my files?"), kind="link", icon="folder-open")
        self._files.clicked.connect(self.files_requested)
        self._backups = kit.button(_("Your backups"), kind="link", icon="archive")
        self._backups.clicked.connect(self.backups_requested)
        ways = kit.flow(spacing=16)
        ways.addWidget(self._backups)
        ways.addWidget(self._files)
        limits.addWidget(self._limits)
        limits.addWidget(box(ways))
        words = box(fill(kit.row(spacing=10), self._icon, (self._title, 1)))
        head = kit.side(spacing=12, words=220)
        head.addWidget(words)
        head.addWidget(self.again_button)
        fill(self.body, head, self._grid, limits)

    def check(self) -> None:
        """Look now."""
        self.again_button.setEnabled(False)
        self._actions.prove(self, self._on_proved, self._on_failed)

    @property
    def titles(self) -> list[str]:
        """What the card states now."""
        return [fact.title for fact in facts_of(self.report, self._clock.now().date())] if self.report else []

    # --- inside ----------------------------------------------------------

    def _on_proved(self, report: ProofReport) -> None:
        self.report = report
        self.again_button.setEnabled(True)
        facts = facts_of(report, self._clock.now().date())
        self._grid.clear()
        for fact in facts:
            self._grid.addWidget(self._fact(fact))
        at = time_words(self._clock.now())
        is_safe = all(fact.is_good or fact.is_news for fact in facts)
        title = _("Checked just now, on this computer") if is_safe else _("Checked just now: something needs a look")
        self._show(title, "ok" if is_safe else "warn", "shield-check" if is_safe else "triangle-alert")
        self._title.setAccessibleDescription(_("At {time}").format(time=at))
        announce(self._title, title)

    def _on_failed(self, error: CompanionError) -> None:
        self.again_button.setEnabled(True)
        self._grid.clear()
        self._show(one_line(error), "warn", "triangle-alert")
        announce(self._title, one_line(error))

    def _show(self, title: str, tint: str, icon: str) -> None:
        role = {"ok": "success_soft_text", "warn": "warning_soft_text"}[tint]
        self._title.setText(title)
        self._title.set_tone(role)
        self._icon.set_icon(icon, role)
        self.set_tint(tint)

    def _fact(self, fact: Fact) -> QWidget:
        kit = self._kit
        icon = kit.icon_label("circle-check", "success") if fact.is_good else kit.icon_label("info", "warning")
        words = fill(kit.column(spacing=1), kit.label(fact.title, "label"), kit.label(fact.second, "small"), None)
        row = fill(kit.row(spacing=12), fill(kit.column(margins=(0, 2, 0, 0)), icon, None), (words, 1))
        return box(row)


class FilesList(QWidget):
    """The folder of this space and what lies in it; copying the path counts as the person's own text."""

    def __init__(self, kit: Kit, clipboard: Clipboard, folder: Path, report: ProofReport) -> None:
        super().__init__()
        copy = kit.button(_("Copy this path"), icon="copy")
        copy.clicked.connect(lambda: clipboard.copy_own(str(folder)))
        path = kit.label(str(folder), selectable=True)
        path.setWordWrap(True)
        column = fill(
            kit.column(self, spacing=12),
            kit.label(_("Everything of this space is in this folder. Copy all of it, or make a backup."), "muted"),
            path,
            fill(kit.row(), copy, None),
            kit.divider(),
        )
        for fact in report.files:
            size = kit.label(size_words(fact.size_bytes), "small", wrap=False)
            fill(column, fill(kit.row(spacing=16), (kit.label(fact.name, "small", tone="text"), 1), size))


def size_words(size: int) -> str:
    """A size as people say it: in bytes, KB or MB of 1,000."""
    if size < 1000:
        return _("{count} bytes").format(count=size)
    if size < 1_000_000:
        return _("{count} KB").format(count=round(size / 1000))
    return _("{count} MB").format(count=f"{size / 1_000_000:.1f}")
