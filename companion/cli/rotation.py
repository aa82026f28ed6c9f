"""`vault passphrase --rotate`: another passphrase and another key, and what is said about copies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from companion.cli.output import Progress, moment, print_json, print_lines, shown_moment
from companion.cli.recovery_sheet import RecoverySheet
from companion.cli.rules import complain
from companion.cli.vault_words import slots_json
from companion.core.i18n import _, ngettext

if TYPE_CHECKING:
    from companion.cli.opening import Run
    from companion.vault.vault import Relocked


def rotate(run: Run, old: str, new: str, sheet_to: Path | None, as_json: bool) -> None:
    """Rotate and say what came of it; the sheet is on the disk before the new recovery key counts as known."""
    space = run.existing().vault
    space.unlock(old)
    try:
        had_recovery = space.has_recovery_key
        with RecoverySheet(sheet_to) if sheet_to else nullcontext() as sheet:
            with Progress(_("Changing the key")) as progress:
                code = space.rotate(old, new, with_recovery=sheet is not None, progress=progress)
            if sheet is not None:
                sheet.write(str(code), space.vault_id, space.folder, run.clock.now())
        with Progress(_("Locking backups anew")) as progress:
            done = space.finish_rotation(progress=progress)
    finally:
        space.lock()
    run.remember(space.folder)
    if as_json:
        found = space.info()
        print_json({"vault_id": found.vault_id, "slots": slots_json(found), "rotated": True} | relocked_json(done))
    else:
        print_lines([_("Done. From now on the new passphrase opens it."), *relocked_lines(done)])
    if had_recovery and sheet_to is None:
        complain(_("The old recovery key no longer works, and there is none now."))
    complain(_("An old copy of the files still opens with the old passphrase, wherever such a copy is."))


def relocked_json(done: Relocked) -> dict[str, Any]:
    """What became of backups, and which copies are out of reach."""
    return {
        "backups": {
            "relocked": [str(file) for file in done.done],
            "removed": [str(file) for file in done.removed],
            "kept": [str(file) for file in done.kept],
        },
        "out_of_reach": {
            "quarantine": [str(folder) for folder in done.aside],
            "second_place": str(done.unreached) if done.unreached else None,
            "backup_elsewhere": moment(done.elsewhere),
        },
    }


def relocked_lines(done: Relocked) -> Iterator[str]:
    """The same for a person."""
    count = len(done.done)
    yield ngettext(
        "{count} backup opens with the new passphrase now.", "{count} backups open with the new passphrase now.", count
    ).format(count=count)
    if count:
        yield _("Could someone have copied the files before? Then make a new backup and delete the older ones.")
    for file in done.removed:
        yield _("Removed, as it could not be changed and a newer one is there: {file}").format(file=file)
    for file in done.kept:
        yield _("Could not be changed, still opens with the old passphrase: {file}").format(file=file)
    for folder in done.aside:
        yield _("Set aside earlier, still opens with the old passphrase: {file}").format(file=folder)
    if done.unreached is not None:
        yield _("The second place is not there. Its backups still open with the old passphrase: {file}").format(
            file=done.unreached
        )
    if done.elsewhere is not None:
        yield _("A backup was made elsewhere on {when}. Companion cannot change it.").format(
            when=shown_moment(done.elsewhere, "?")
        )
