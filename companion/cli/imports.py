"""`import`: bring another journal in, look first with a dry run, take it back."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

import click

from companion.cli.asking import asked, passphrase_option, recovery_option
from companion.cli.opening import Run
from companion.cli.output import Progress, print_json, print_lines
from companion.core.i18n import _, ngettext
from companion.core.ids import BatchId
from companion.core.stopping import StopSwitch

if TYPE_CHECKING:
    from companion.journal.model import ImportReport, Undone

FORMATS: Final = ("dayone", "jrnl", "companion")


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--format", "source_format", type=click.Choice(FORMATS), help=_("Without it the content tells."))
@click.option("--dry-run", is_flag=True, help=_("Only say what would come in; change nothing."))
@click.option("--undo", metavar="BATCH", help=_("Take an earlier import back; entries you changed since stay."))
@passphrase_option
@recovery_option
@click.option("--json", "as_json", is_flag=True, help=_("Print one JSON document."))
@click.pass_obj
def bring_in(
    run: Run,
    path: Path | None,
    source_format: str | None,
    dry_run: bool,
    undo: str | None,
    passphrase_stdin: bool,
    recovery_key_stdin: bool,
    as_json: bool,
) -> None:
    """Bring in a journal: a file or folder of Day One or jrnl, or what companion export has written as JSON."""
    if (path is None) == (undo is None):
        raise click.UsageError(_("Name a file or folder, or --undo BATCH."))
    if undo is not None and (dry_run or source_format):
        raise click.UsageError(_("--undo goes with no other option."))
    with run.opened(asked(passphrase_stdin, recovery_key_stdin)) as services:
        importing = services.journal.importing
        if path is None:
            undone = importing.undo(BatchId(undo or ""))
        else:
            work = importing.preview if dry_run else importing.bring_in
            with Progress(_("Reading")) as progress, stoppable() as stop:
                report = work(path, source_format, progress=progress, stop=stop)
    if path is None:
        _print_undone(undone, as_json)
    else:
        _print_report(report, as_json)


@contextmanager
def stoppable() -> Iterator[StopSwitch]:
    """Let Ctrl+C end the work between two steps, so that what is staged goes with it."""
    switch = StopSwitch()

    def on_interrupt(_number: int, _frame: FrameType | None) -> None:
        # The switch takes locks that the interrupted code may hold, so another thread turns it.
        threading.Thread(target=switch.stop, name="stop", daemon=True).start()

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield switch
    finally:
        signal.signal(signal.SIGINT, before)


def _print_undone(undone: Undone, as_json: bool) -> None:
    if as_json:
        print_json({"removed": undone.removed, "kept_because_edited": undone.kept_because_edited})
        return
    removed = ngettext("{count} entry taken back.", "{count} entries taken back.", undone.removed)
    kept = ngettext(
        "{count} entry stays, because you changed it.",
        "{count} entries stay, because you changed them.",
        undone.kept_because_edited,
    )
    lines = [removed.format(count=undone.removed)]
    if undone.kept_because_edited:
        lines.append(kept.format(count=undone.kept_because_edited))
    print_lines(lines)


def _print_report(report: ImportReport, as_json: bool) -> None:
    if as_json:
        print_json(_report_json(report))
    else:
        print_lines(_report_lines(report))


def _report_json(report: ImportReport) -> dict[str, Any]:
    return {
        "format": report.format,
        "found": report.found,
        "new": report.new,
        "duplicates": report.duplicates,
        "refused": [{"where": refusal.where, "reason": refusal.reason} for refusal in report.refused],
        "attachments": {"found": report.attachments_found, "missing": report.attachments_missing},
        "other": dict(report.other),
        "batch": report.batch,
    }


def _report_lines(report: ImportReport) -> Iterator[str]:
    from companion.ui.messages import reason_words
    from companion.ui.room_words import room_title

    yield _("Format: {format}").format(format=report.format)
    yield ngettext("{count} entry found", "{count} entries found", report.found).format(count=report.found)
    if report.batch is None:
        yield ngettext("{count} would be new", "{count} would be new", report.new).format(count=report.new)
    else:
        yield ngettext("{count} brought in", "{count} brought in", report.new).format(count=report.new)
    if report.duplicates:
        words = ngettext("{count} was here already", "{count} were here already", report.duplicates)
        yield words.format(count=report.duplicates)
    if report.attachments_found:
        words = ngettext("{count} attached file", "{count} attached files", report.attachments_found)
        yield words.format(count=report.attachments_found)
    if report.attachments_missing:
        words = ngettext(
            "{count} attached file is not in the export",
            "{count} attached files are not in the export",
            report.attachments_missing,
        )
        yield words.format(count=report.attachments_missing)
    for refusal in report.refused:
        yield f"{refusal.where}: {reason_words(refusal.reason)}"
    if report.no_room is not None:
        yield room_title(report.no_room)
    if report.batch is None:
        yield _("Nothing was changed.")
    else:
        yield _("Take it back with: companion import --undo {batch}").format(batch=report.batch)
