"""The Settings place: find a setting, pick a page, change it; every change counts at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from companion.core.i18n import _, ngettext
from companion.ui.announce import announce
from companion.ui.shell.settings.about import AboutSection
from companion.ui.shell.settings.actions import TasksVaultActions
from companion.ui.shell.settings.backup_actions import TasksBackupActions
from companion.ui.shell.settings.backup_page import BackupSection
from companion.ui.shell.settings.country import CountrySection
from companion.ui.shell.settings.look import LookSection
from companion.ui.shell.settings.privacy import PrivacySection
from companion.ui.shell.settings.section import Changes, Found, Section
from companion.ui.shell.settings.take_out_actions import TakeOutActions
from companion.ui.widgets.columns import Columns
from companion.ui.widgets.filling import clear, fill
from companion.ui.widgets.nav import mark
from companion.ui.widgets.tab_order import order_tabs, stops_in

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.resources.service import Directory
    from companion.services import SettingsStore
    from companion.ui.clipboard import Clipboard
    from companion.ui.kit import Kit
    from companion.ui.shell.place import Pending
    from companion.ui.shell.settings.actions import VaultActions
    from companion.ui.shell.settings.backup_actions import BackupActions
    from companion.ui.shell.shell import Shell
    from companion.ui.shell.space import Space
    from companion.ui.widgets.nav import NavButton
    from companion.ui.widgets.sheet import SheetHost
    from companion.ui.widgets.toast import ToastHost

LIST_WIDTH = 232
MOST_FOUND = 8


class SettingsPage(QWidget):
    """A list of pages and the page that is open; where there is no room, the list or the page."""

    key = "settings"

    def __init__(
        self,
        kit: Kit,
        clock: Clock,
        settings: SettingsStore,
        facts: Directory,
        clipboard: Clipboard,
        sheets: SheetHost,
        toasts: ToastHost,
        shell: Shell,
        space: Space,
        is_demo: bool = False,
        *,
        actions: VaultActions | None = None,
        backup_actions: BackupActions | None = None,
    ) -> None:
        super().__init__()
        self._kit = kit
        self.widget = self
        changes = Changes(settings, shell, toasts)
        vault_actions = actions or TasksVaultActions(shell.tasks, space.vault, shell.session)
        self.privacy = PrivacySection(kit, changes, vault_actions, clock, clipboard, sheets, toasts, is_demo=is_demo)
        self.privacy.backups_requested.connect(partial(self._on_page_chosen, BackupSection.key))
        take_out = TakeOutActions(shell.tasks, space, shell.session)
        about_backups = backup_actions or TasksBackupActions(shell, space.keeping, space.vault)
        self.backup = BackupSection(kit, changes, vault_actions, about_backups, clock, take_out, sheets)
        self.sections: list[Section] = [
            LookSection(kit, changes),
            self.privacy,
            CountrySection(kit, changes, facts),
            self.backup,
            AboutSection(kit, changes, facts),
        ]
        self._current = self.sections[0]
        self._buttons: dict[str, NavButton] = {}
        self._is_demo = is_demo
        self._shows_list = True
        self._build()
        kit.theme.changed.connect(self._on_theme_changed)
        self._arrange()

    # --- the place -------------------------------------------------------

    def title(self) -> str:
        """The head of the page."""
        return _("Settings")

    def subtitle(self) -> str:
        """One quiet line under the title."""
        return _("Changes count at once. You can undo them.")

    def prepare(self, where: str) -> None:
        """All of it stands there already."""

    def arrive(self) -> None:
        """Look again at what is shown."""
        self._current.arrive()

    def leave(self) -> None:
        """Nothing waits here: every change was kept when it was made."""

    def pending(self) -> list[Pending]:
        """Nothing waits here."""
        return []

    def find_here(self) -> None:
        """Ctrl+F: find a setting."""
        self._show_list()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def where(self) -> str:
        """Which page is open."""
        return self._current.key

    def go_back_to(self, where: str) -> None:
        """Open this page again."""
        if any(section.key == where for section in self.sections):
            self.open_section(where)

    def open_section(self, key: str) -> None:
        """Show the page with this key."""
        section = next(section for section in self.sections if section.key == key)
        for other in self.sections:
            other.setVisible(other is section)
        self._current = section
        mark(self._buttons.values(), self._buttons[key])
        self._heading.setText(section.title())
        self._shows_list = False
        self._arrange()
        section.arrive()
        announce(section, section.title())

    # --- building --------------------------------------------------------

    def _build(self) -> None:
        kit = self._kit
        self.search = kit.line_edit(_("Find a setting"))
        self.search.setPlaceholderText(_("Find a setting"))
        self.search.textChanged.connect(self._find)
        self.search.returnPressed.connect(self._open_first_found)
        self._list = QWidget()
        self._list_column = kit.column(self._list, spacing=12)
        self._pages = QWidget()
        pages = kit.column(self._pages, spacing=4)
        for section in self.sections:
            button = kit.nav_button(section.icon, section.title())
            button.clicked.connect(lambda _checked=False, key=section.key: self._on_page_chosen(key))
            self._buttons[section.key] = button
            pages.addWidget(button)
        self._results = QWidget()
        self._results_column = kit.column(self._results, spacing=4)
        self._results.hide()
        fill(self._list_column, self.search, self._pages, self._results, None)
        self._back = kit.button(_("All settings"), kind="link", icon="arrow-left")
        self._back.clicked.connect(self._on_back)
        self._heading = kit.label("", "h2")
        self._detail = QWidget()
        detail = fill(kit.column(self._detail, spacing=14), self._back, self._heading)
        if self._is_demo:
            detail.addWidget(kit.notice(_("This is the demo. Its space is removed when you close it."), icon="info"))
        fill(detail, *self.sections, None)
        self._columns = Columns(kit.theme, self._list, self._detail, shares=(0, 1), gap=24, wide_from=700)
        self._columns.stacked_changed.connect(self._on_stacked)
        fill(kit.column(self, spacing=0), (self._columns, 1))
        for section in self.sections:
            section.setVisible(section is self._current)
        mark(self._buttons.values(), self._buttons[self._current.key])
        self._heading.setText(self._current.title())

    def _on_stacked(self, is_stacked: bool) -> None:
        focused = self.window().focusWidget()
        if is_stacked and focused is not None:
            # Where the room gets short, what the person works with stays.
            self._shows_list = not self._detail.isAncestorOf(focused)
        self._arrange()

    def _on_theme_changed(self) -> None:
        self._arrange()

    def _arrange(self) -> None:
        stacked, px = self._columns.is_stacked, self._kit.theme.px
        self._list.setMinimumWidth(0 if stacked else px(LIST_WIDTH))
        self._list.setMaximumWidth(16_777_215 if stacked else px(LIST_WIDTH))
        self._list.setVisible(not stacked or self._shows_list)
        self._detail.setVisible(not stacked or not self._shows_list)
        self._back.setVisible(stacked)
        self._heading.setVisible(stacked)

    # --- going between list and page -------------------------------------

    def _show_list(self) -> None:
        self._shows_list = True
        self._arrange()

    def _on_back(self) -> None:
        self._show_list()
        self._buttons[self._current.key].setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_page_chosen(self, key: str) -> None:
        self.open_section(key)
        if self._columns.is_stacked:
            self._back.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- search ----------------------------------------------------------

    def found(self, typed: str) -> list[tuple[Section, Found]]:
        """The settings whose words hold every word that was typed."""
        words = typed.casefold().split()
        return [
            (section, item)
            for section in self.sections
            for item in section.found
            if words and all(word in item.words.casefold() for word in words)
        ][:MOST_FOUND]

    def _find(self, typed: str) -> None:
        wanted = bool(typed.strip())
        self._pages.setVisible(not wanted)
        self._results.setVisible(wanted)
        clear(self._results_column)
        if not wanted:
            return
        hits = self.found(typed)
        for section, item in hits:
            button = self._kit.nav_button(section.icon, item.title, section.title())
            button.clicked.connect(lambda _checked=False, s=section, i=item: self._open_found(s, i))
            self._results_column.addWidget(button)
        order_tabs([self.search, *stops_in(self._results)])
        count = ngettext("{count} setting", "{count} settings", len(hits)).format(count=len(hits))
        if not hits:
            count = _("No setting has these words.")
            self._results_column.addWidget(self._kit.label(count, "muted"))
        announce(self.search, count)

    def _open_first_found(self) -> None:
        hits = self.found(self.search.text())
        if hits:
            self._open_found(*hits[0])

    def _open_found(self, section: Section, item: Found) -> None:
        self.open_section(section.key)
        self.search.clear()
        item.control.setFocus(Qt.FocusReason.TabFocusReason)
