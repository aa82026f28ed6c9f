"""The words for what was looked at just now, for the panel and the command line; never a fixed sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from companion.core.i18n import _, ngettext
from companion.ui.messages import day_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from companion.vault.report import ProofReport


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was looked at: whether it is as it should be, and the words for what was found.

    `is_news` where it is no fault of what protects the words: no backup yet, say.
    """

    is_good: bool
    title: str
    second: str
    is_news: bool = False


def facts_of(report: ProofReport, today: date) -> tuple[Fact, ...]:
    """Every statement of the proof; what this system cannot say is left out."""
    found = [_file(report), _key(report), _network(report), _backup(report, today), _folder(report), _writing(report)]
    found += [*_others(report), *_memory(report), _removed(report)]
    return tuple(found)


def _file(report: ProofReport) -> Fact:
    if report.file_is_ciphertext:
        return Fact(True, _("Your file is scrambled"), _("64 KB read just now. No plain words in it."))
    return Fact(False, _("Your file is not scrambled"), _("Stop writing here, and keep a copy of this folder."))


def _key(report: ProofReport) -> Fact:
    if report.wrong_key_refused:
        return Fact(True, _("A wrong key was refused"), _("One was tried, to be sure."))
    return Fact(False, _("A wrong key was not refused"), _("Stop writing here, and keep a copy of this folder."))


def _network(report: ProofReport) -> Fact:
    loaded, open_now = len(report.network_modules), report.inet_sockets
    if loaded or open_now:
        second = _("{parts} network parts are loaded, {open} connections are open.")
        return Fact(False, _("Something here could go online"), second.format(parts=loaded, open=len(open_now or ())))
    if open_now is None:
        return Fact(True, _("Nothing here can go online"), _("0 network parts are loaded."))
    return Fact(True, _("Nothing here can go online"), _("0 network parts loaded, 0 connections open."))


def _backup(report: ProofReport, today: date) -> Fact:
    whole, proved = report.standing.backup_whole, report.last_backup_proof
    if whole is False:
        return Fact(False, _("A backup is damaged"), _("Make a new one in “Backup and export”. Keep the old one too."))
    if proved is None:
        return Fact(False, _("No backup yet"), _("You can make one in “Backup and export”."), is_news=True)
    day = day_words(proved.date(), today)
    if whole:
        return Fact(True, _("Your last backup is whole"), _("Read just now. It was opened on {day}.").format(day=day))
    return Fact(True, _("Your last backup was opened"), _("On {day}. It was not read just now.").format(day=day))


def _folder(report: ProofReport) -> Fact:
    strange = report.standing.strangers
    if not strange:
        count = len(report.files)
        second = ngettext("{count} file in this space.", "{count} files in this space, all ours.", count)
        return Fact(True, _("Nothing else lies among your files"), second.format(count=count))
    second = ngettext("{name}", "{name} and {more} more.", len(strange))
    return Fact(
        False, _("Something lies among your files"), second.format(name=_short(strange[0]), more=len(strange) - 1)
    )


def _writing(report: ProofReport) -> Fact:
    standing = report.standing
    if not standing.temporary_in_memory:
        return Fact(False, _("Plain words may reach the disk"), _("Temporary data is not kept in memory."))
    if not standing.deleted_overwritten:
        return Fact(False, _("Deleted words may stay in the file"), _("They are not overwritten."))
    return Fact(True, _("No plain copies while you write"), _("Temporary data stays in memory."))


def _others(report: ProofReport) -> Iterator[Fact]:
    count = len(report.standing.open_to_others)
    if count:
        second = ngettext("{count} of them, still scrambled.", "{count} of them, still scrambled.", count)
        yield Fact(False, _("Other accounts can reach your files"), second.format(count=count))
    else:
        yield Fact(True, _("Only your account can open the files"), _("Their rights were read just now."))


def _memory(report: ProofReport) -> Iterator[Fact]:
    process = report.standing.process
    if process.no_core_file is False:
        yield Fact(False, _("A crash could write memory to the disk"), _("Core files are on. Start the app again."))
    if process.closed_to_others is False:
        yield Fact(False, _("Other programs can look into its memory"), _("Lock, then open your space again."))
    if process.freed_memory_overwritten is False:
        yield Fact(False, _("Used memory is not overwritten"), _("Start the app again."))
    if process.is_good and process != type(process)(None, None, None):
        parts = [
            (process.no_core_file, _("A crash writes none to the disk.")),
            (process.closed_to_others, _("Your other programs can't look in.")),
        ]
        yield Fact(True, _("Memory is kept closed"), " ".join(words for known, words in parts if known))


def _removed(report: ProofReport) -> Fact:
    if report.standing.words_left:
        second = _("Some may still be in the file, scrambled. It is cleaned in a quiet moment.")
        return Fact(False, _("Old words wait to be cleaned"), second, is_news=True)
    return Fact(True, _("No old words wait in the file"), _("What you took away since was cleaned out."))


def _short(name: str) -> str:
    """The end of a name that could hold anything."""
    plain = "".join(c if c.isprintable() else "?" for c in name)
    return plain if len(plain) <= 40 else "…" + plain[-39:]
