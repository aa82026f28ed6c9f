"""`demo`: an invented person's year, in a window or written to a folder."""

from __future__ import annotations

from pathlib import Path

import click

from companion.cli.asking import new_passphrase, passphrase_option
from companion.cli.opening import Run
from companion.cli.output import print_json, print_lines
from companion.core.errors import VaultExists
from companion.core.i18n import _, ngettext


@click.command()
@click.option(
    "--write",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=_("Write the vault to this folder instead of opening a window."),
)
@passphrase_option
@click.option("--json", "as_json", is_flag=True, help=_("Print one JSON document."))
@click.pass_obj
def demo(run: Run, folder: Path | None, passphrase_stdin: bool, as_json: bool) -> int:
    """Open the window on an invented person's year. It is gone when the window closes."""
    if folder is None:
        if passphrase_stdin or as_json:
            raise click.UsageError(_("--passphrase-stdin and --json go with --write DIR."))
        return run.windows.open(run.paths, "demo")
    from companion.demo import write_demo
    from companion.vault.presence import holds_vault

    if holds_vault(folder):
        raise VaultExists(folder)
    written = write_demo(folder, new_passphrase(from_stdin=passphrase_stdin), run.clock, run.cost)
    if as_json:
        print_json({"folder": str(written.folder), "entries": written.entries})
    else:
        words = ngettext("{count} invented note in {folder}", "{count} invented notes in {folder}", written.entries)
        print_lines([words.format(count=written.entries, folder=written.folder)])
    return 0
