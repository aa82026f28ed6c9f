"""What stands before the lock, joined: the lock screen, the first-run pages, and which space is opened or made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from companion.core.i18n import _
from companion.ui.shell.first_steps import FirstSteps
from companion.ui.shell.opener import Opener
from companion.ui.shell.unlock import LockScreen

if TYPE_CHECKING:
    from companion.core.errors import OtherCopy
    from companion.ui.shell.shell import Shell
    from companion.ui.shell.space import Opened, SpaceBook
    from companion.ui.shell.two_versions import TwoVersions
    from companion.ui.tasks import Tasks


class Doorway(QObject):
    """Made by the shell. `other_space`: what was open before says nothing about what comes next."""

    other_space = Signal()

    def __init__(self, shell: Shell, spaces: SpaceBook) -> None:
        super().__init__(shell)
        self._shell, self._spaces = shell, spaces
        self.screen = LockScreen(shell.kit, shell.settings, shell.facts, shell.clock, shell.clipboard)
        self.opener = Opener(spaces, self)
        self.first_steps = FirstSteps(shell, spaces)
        self._versions: TwoVersions | None = None
        self._wire()

    def start(self) -> None:
        """Show what the person meets first; nothing here touches a vault."""
        known = self.opener.choose_first()
        self.refresh()
        if not known and not self._shell.settings.current.first_run_done:
            self.first_steps.show()
        else:
            self._shell.window.show_screen(self.screen)
            self.screen.focus_field()

    def attach(self, tasks: Tasks) -> None:
        """The threads are there (after the first paint)."""
        from companion.ui.shell.device_offer import DeviceOffer

        self.opener.attach(tasks)
        self.first_steps.attach(tasks)
        offer = DeviceOffer(self._shell, tasks, self.opener, self.screen)
        self.other_space.connect(offer.look)

    def refresh(self) -> None:
        """Look again which spaces there are."""
        known = self._spaces.known()
        names = [(str(path), _("Space {number}").format(number=n)) for n, path in enumerate(sorted(known), start=1)]
        self.screen.set_spaces(names, str(self.opener.folder or ""))
        self.screen.show_state("normal" if known else "no-space")

    def bring_back(self, file: Path, passphrase: str, *, beside: bool) -> None:
        """Open this backup in place of the chosen space, or as a new one beside whatever is there."""
        self.first_steps.drop()
        self._shell.show_lock_screen()
        if beside:
            self.opener.begin_new()
        self._on_backup_requested(file, passphrase)

    def ask_for_backup(self) -> None:
        """Someone has a backup file and no space here."""
        from companion.ui.shell.backup_file import BackupFileSheet

        shell = self._shell
        sheet = BackupFileSheet(shell.kit, shell.clock, shell.tasks)

        def accept(file: Path, passphrase: str) -> None:
            shell.window.sheets.close()
            self.bring_back(file, passphrase, beside=True)

        sheet.accepted.connect(accept)
        shell.window.sheets.open(sheet, _("I have a backup file"))

    def choose(self, folder: Path) -> None:
        """This space is the one to open next."""
        self._on_space_chosen(str(folder))
        self.refresh()

    # --- inside ----------------------------------------------------------

    def _on_salvage(self) -> None:
        from companion.ui.shell.salvage_sheet import offer_salvage

        offer_salvage(self._shell, self._shell.tasks, self._spaces, self)

    def _wire(self) -> None:
        opener, screen, steps, shell = self.opener, self.screen, self.first_steps, self._shell
        opener.called_off.connect(self.refresh)
        opener.told.connect(self._say)
        opener.create_failed.connect(steps.show_error)
        steps.create_requested.connect(opener.create)
        steps.folder_chosen.connect(opener.make_in)
        steps.looked_around.connect(self._on_looked_around)
        steps.space_found.connect(self._on_space_chosen)
        screen.unlock_requested.connect(opener.unlock)
        screen.recovery_requested.connect(opener.recover)
        screen.backup_requested.connect(self._on_backup_requested)
        screen.even_requested.connect(opener.unlock_even)
        screen.passed_by.connect(opener.pass_by)
        screen.versions_requested.connect(self._on_versions_requested)
        screen.salvage_requested.connect(self._on_salvage)
        screen.space_chosen.connect(self._on_space_chosen)
        screen.new_space_requested.connect(steps.show)
        screen.find_existing_requested.connect(steps.find_existing)
        screen.backup_file_requested.connect(self.ask_for_backup)
        steps.backup_file_requested.connect(self.ask_for_backup)
        screen.country_changed.connect(shell.change_country)
        screen.hide_requested.connect(shell.hide)
        screen.help_requested.connect(shell.help)

    def _on_looked_around(self) -> None:
        self.first_steps.drop()
        self.refresh()
        self.screen.focus_field()

    def _on_backup_requested(self, backup: Path, passphrase: str) -> None:
        self.other_space.emit()  # the note that was open may not be in it
        self.opener.bring_back(backup, passphrase)

    def _say(self, opened: Opened) -> None:
        """What there is to say once a space is open."""
        from companion.ui.shell.opened_words import say_what_opened  # not needed before the first paint
        from companion.ui.shell.two_versions import TwoVersions

        if self._versions is None:
            self._versions = TwoVersions(self._shell, self._spaces)
            self._versions.made_apart.connect(self.refresh)
        say_what_opened(self._shell.window.toasts, self._versions.show, opened)

    def _on_versions_requested(self, told: OtherCopy) -> None:
        from companion.ui.shell.two_versions import show_told  # not needed before the first paint

        show_told(self._shell.kit, self._shell.window.sheets, told, self._shell.clock.now().date())

    def _on_space_chosen(self, key: str) -> None:
        self.opener.folder = Path(key)
        self.other_space.emit()
