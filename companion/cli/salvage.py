"""`vault salvage`: what can still be read in a damaged vault, into a new one."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from companion.cli.asking import asked, new_passphrase, passphrase_option, recovery_option, secret
from companion.cli.opening import Run
from companion.cli.output import Progress, moment, print_json, print_lines
from companion.core.i18n import _

if TYPE_CHECKING:
    from companion.vault.keyslots import KeyFile, MasterKey
    from companion.vault.salvage.contract import SalvageResult

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.option("--to", required=True, type=FOLDER, metavar="DIR", help=_("The folder for the new vault."))
@passphrase_option
@recovery_option
@click.option("--json", "as_json", is_flag=True, help=_("Print one JSON document."))
@click.pass_obj
def salvage(run: Run, to: Path, passphrase_stdin: bool, recovery_key_stdin: bool, as_json: bool) -> None:
    """Save what can still be read in a damaged vault into a new one. The damaged one stays as it is.

    The new vault has the same passphrase. With a recovery key, the second line is its new passphrase.
    """
    from companion.services import salvage_vault

    how = asked(passphrase_stdin, recovery_key_stdin)
    folder = run.existing().vault.folder
    if how.is_recovery:
        code = secret(_("Recovery key: "), from_stdin=how.from_stdin)
        words = new_passphrase(from_stdin=how.from_stdin)
    else:
        code, words = "", secret(_("Passphrase: "), from_stdin=how.from_stdin)

    def unlock(key_file: KeyFile) -> MasterKey:
        return key_file.unlock_with_recovery(code) if how.is_recovery else key_file.unlock(words)

    run.harden()
    with Progress(_("Reading")) as progress:
        result = salvage_vault(run.clock, folder, to.absolute(), unlock, words, cost=run.cost, progress=progress)
    # Not the one used last: a restore that follows is meant for the place of the damaged one.
    run.add_to_list(to)
    if as_json:
        print_json(_document(result))
    else:
        print_lines(_lines(result, run))


def _document(result: SalvageResult) -> dict[str, Any]:
    return {
        "records": result.records,
        "saved": result.saved,
        "lost": [{"kind": one.kind, "id": one.id, "at": moment(one.at), "reason": one.reason} for one in result.lost],
        "maybe_more": result.maybe_more,
        "media": result.media,
        "media_saved": result.media_saved,
        "pages": result.pages,
        "pages_bad": result.pages_bad,
        "folder": str(result.folder),
        "vault_id": result.vault_id,
        "backup": str(result.backup) if result.backup else None,
        "in_backup": result.in_backup,
    }


def _lines(result: SalvageResult, run: Run) -> list[str]:
    from companion.ui.salvage_words import lost_lines, saved_lines

    today = run.clock.now().date()
    where = _("The new space: {folder}").format(folder=result.folder)
    how = _("Commands mean it with: companion --vault {folder}").format(folder=shlex.quote(str(result.folder)))
    untouched = _("The damaged one is as it was.")
    return [*saved_lines(result, today), *lost_lines(result.lost, today), where, how, untouched]
