"""About: version, what this is not, where the facts are from, no telemetry, and whose work is inside."""

from __future__ import annotations

from collections.abc import Callable
from importlib import metadata
from typing import TYPE_CHECKING

from companion import __version__
from companion.core.i18n import _
from companion.ui.messages import day_words
from companion.ui.shell import help_words
from companion.ui.shell.settings.section import Changes, Section

if TYPE_CHECKING:
    from companion.resources.service import Directory
    from companion.ui.kit import Kit

# Package -> what it does here, and its licence where the package's own data does not name it.
_PACKAGES: tuple[tuple[str, Callable[[], str], str], ...] = (
    ("PySide6-Essentials", lambda: _("the window"), ""),
    ("sqlcipher3", lambda: _("the encrypted database; holds SQLCipher (BSD-3-Clause)"), "zlib"),
    ("cryptography", lambda: _("keys and encrypted files"), ""),
    ("keyring", lambda: _("the system's key store"), ""),
    ("plyer", lambda: _("notifications"), ""),
    ("platformdirs", lambda: _("finding your data folder"), ""),
    ("segno", lambda: _("codes for your phone"), ""),
    ("lucide", lambda: _("the icons (Lucide, ISC)"), ""),
    ("fontpkg-atkinson-hyperlegible", lambda: _("the letters you read"), ""),
    ("fontpkg-fraunces", lambda: _("the letters of headings"), ""),
    ("fontpkg-literata", lambda: _("the letters of your notes"), ""),
    ("fontpkg-lexend", lambda: _("letters to choose"), ""),
    ("click", lambda: _("the command line"), ""),
    ("tzdata", lambda: _("time zones"), ""),
)


class AboutSection(Section):
    """Made when it is first opened: reading the packages takes a moment."""

    key = "about"
    icon = "info"

    def __init__(self, kit: Kit, changes: Changes, facts: Directory) -> None:
        super().__init__(kit, changes)
        self._facts = facts
        self._is_built = False

    def title(self) -> str:
        """The word in the list of pages."""
        return _("About")

    def arrive(self) -> None:
        """Build the page the first time."""
        if not self._is_built:
            self._is_built = True
            self._build()

    # --- inside ----------------------------------------------------------

    def _build(self) -> None:
        gathered = day_words(self._facts.gathered(), None)
        self._card(
            "sprout",
            _("Companion {version}").format(version=__version__),
            _("A private place for your own recovery."),
            _("This app helps you keep your own notes and find people. It does not give medical advice."),
            help_words.danger(),
            _("Peers are not doctors or nurses. Don't change medicine because of something you read or heard."),
            _("It is free software under the MIT licence."),
        )
        self._card(
            "wifi-off",
            _("Nothing is sent"),
            _("There is no account, no telemetry and no update check. No part of Companion opens a connection."),
            _("See for yourself: turn the network off, and everything works."),
            _("On Linux, this shows every network call; there are none to the internet:"),
            "strace -f -e trace=network companion",
            _("And this reads your file and the running program now:"),
            "companion vault proof",
        )
        self._card(
            "book-open",
            _("Where the facts are from"),
            _("Crisis lines and emergency numbers come from public sources, gathered on {day}.").format(day=gathered),
            _("Nobody has called these numbers. Each line names its sources and how old the newest one is."),
            _("This list comes from public sources. Things change. Please check before you go."),
        )
        self._packages()

    def _card(self, icon: str, title: str, *lines: str) -> None:
        card = self._kit.card(spacing=8)
        self.head(card, icon, title)
        for line in lines:
            is_command = line.startswith(("strace", "companion "))
            label = self._kit.label(line, "label" if is_command else "body", selectable=is_command)
            card.body.addWidget(label)
        self.column.addWidget(card)

    def _packages(self) -> None:
        kit = self._kit
        card = kit.card(spacing=8)
        self.head(card, "package", _("Made with"))
        for name, job, licence in _PACKAGES:
            try:
                version, known = metadata.version(name), licence_of(name)
            except metadata.PackageNotFoundError:
                continue  # a frozen build may leave the package data out
            words = _("{name} {version}: {job}. {licence}.")
            line = words.format(
                name=name, version=version, job=job(), licence=known or licence or _("See its own pages")
            )
            card.body.addWidget(kit.label(line, "small", tone="text"))
        self.column.addWidget(card)


def licence_of(package: str) -> str:
    """The licence that an installed package names, "" if it names none."""
    data = metadata.metadata(package)
    for field in ("License-Expression", "License"):
        value = next(iter(data.get_all(field) or []), "")
        if value and "\n" not in value and len(value) <= 80:
            return value
    named = [text for text in data.get_all("Classifier") or [] if text.startswith("License ::")]
    return named[0].rpartition(":: ")[2] if named else ""
