"""`export`: take notes out as files that anyone can read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from companion.cli.asking import asked, passphrase_option, recovery_option
from companion.cli.imports import stoppable
from companion.cli.journal import Day
from companion.cli.opening import Run
from companion.cli.output import Progress, print_json, print_lines
from companion.cli.rules import complain
from companion.core.i18n import _, ngettext

if TYPE_CHECKING:
    from companion.journal.exporting import ExportResult

FORMATS: Final = ("markdown", "json")
PARTS: Final = ("journal",)


class Parts(click.ParamType[tuple[str, ...]]):
    """What to take out, several with commas in between; only what there is."""

    name = "parts"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """The parts that were named."""
        named = value if isinstance(value, tuple) else tuple(part.strip() for part in str(value).split(","))
        for part in named:
            if part not in PARTS:
                known = ", ".join(PARTS)
                self.fail(_("{part} can't be taken out. There is: {known}").format(part=part, known=known), param, ctx)
        return named


@click.command("export")
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    required=True,
    metavar="PATH",
    help=_("X.json (with X.media beside it) or X.zip; for Markdown a new folder or X.zip."),
)
@click.option(
    "--format", "target_format", type=click.Choice(FORMATS), required=True, help=_("JSON comes back in, to the letter.")
)
@click.option("--from", "first", type=Day(), metavar="D", help=_("From this day on."))
@click.option("--to-date", "last", type=Day(), metavar="D", help=_("Up to this day."))
@click.option("--what", type=Parts(), default="journal", metavar="PARTS", help=_("What to take out: journal."))
@click.option("--without-names", is_flag=True, help=_("Leave out the names under People. Names inside your text stay."))
@click.option("--with-deleted", is_flag=True, help=_("Also deleted entries that can still come back."))
@click.option("--replace", "replace_existing", is_flag=True, help=_("Replace a file that is there."))
@passphrase_option
@recovery_option
@click.option("--json", "as_json", is_flag=True, help=_("Print one JSON document."))
@click.pass_obj
def take_out(
    run: Run,
    to: Path,
    target_format: str,
    first: str | None,
    last: str | None,
    what: tuple[str, ...],
    without_names: bool,
    with_deleted: bool,
    replace_existing: bool,
    passphrase_stdin: bool,
    recovery_key_stdin: bool,
    as_json: bool,
) -> None:
    """Take your notes out of the encrypted space. What is written can be read by anyone who gets it."""
    from companion.journal.exporting import Wanted

    if first and last and first > last:
        raise click.UsageError(_("--from is later than --to-date."))
    wanted = Wanted(target_format, first, last, names=not without_names, deleted=with_deleted)
    with (
        run.opened(asked(passphrase_stdin, recovery_key_stdin)) as services,
        Progress(_("Writing")) as progress,
        stoppable() as stop,
    ):

        def step(done: int, total: int) -> None:
            stop.check()
            progress(done, total)

        result = services.journal.exporting.write(to, wanted, replace_existing=replace_existing, progress=step)
    if result.left_out:
        words = ngettext(
            "{count} thing could not be read and is not in it. companion vault check says more.",
            "{count} things could not be read and are not in it. companion vault check says more.",
            len(result.left_out),
        )
        complain(words.format(count=len(result.left_out)))
    if as_json:
        print_json(_result_json(result))
    else:
        print_lines(_result_lines(result, without_names=without_names))


def _result_json(result: ExportResult) -> dict[str, Any]:
    return {
        "files": result.files,
        "entries": result.entries,
        "media": result.media,
        "bytes": result.bytes,
        "drafts": result.drafts,
        "older_versions": result.older_versions,
        "digest": result.digest,
        "left_out": [{"where": each.where, "reason": each.reason} for each in result.left_out],
    }


def _result_lines(result: ExportResult, *, without_names: bool) -> Iterator[str]:
    yield str(result.to)
    yield ngettext("{count} entry", "{count} entries", result.entries).format(count=result.entries)
    if result.media:
        words = ngettext("{count} attached file", "{count} attached files", result.media)
        yield words.format(count=result.media)
    if result.drafts:
        words = ngettext("{count} draft", "{count} drafts", result.drafts)
        yield words.format(count=result.drafts)
    if without_names:
        yield _("The names under People are not in it. Names inside your text, tags and file names are.")
    yield _("This can be read by anyone. It is not encrypted.")
