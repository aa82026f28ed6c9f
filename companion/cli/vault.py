"""`vault`: make, look at, check, back up and restore a private space."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from companion.cli import rotation, vault_words
from companion.cli.asking import asked, new_passphrase, passphrase_option, recovery_option, secret
from companion.cli.opening import Run
from companion.cli.output import Progress, print_json, print_lines
from companion.cli.recovery_sheet import RecoverySheet
from companion.cli.rules import complain
from companion.core.errors import (
    BackupDamaged,
    DiskUnreachable,
    EncryptionMissing,
    OpenElsewhere,
    StaleCopy,
    TwoComputers,
    UsageRefused,
    VaultDamaged,
    VaultExists,
    WrongSecret,
)
from companion.core.i18n import _, ngettext

if TYPE_CHECKING:
    from companion.journal.service import JournalService, Verified
    from companion.vault.report import CheckReport

json_option = click.option("--json", "as_json", is_flag=True, help=_("Print one JSON document."))
FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def vault() -> None:
    """Make, check, back up and restore a private space."""


@vault.command()
@click.option("--recovery-key-to", type=FILE, metavar="FILE", help=_("Make a recovery key and write its sheet here."))
@passphrase_option
@json_option
@click.pass_obj
def create(run: Run, recovery_key_to: Path | None, passphrase_stdin: bool, as_json: bool) -> None:
    """Make a new private space."""
    services = run.services()
    space = services.vault
    if space.exists:
        raise VaultExists(space.folder)
    secret_words = new_passphrase(from_stdin=passphrase_stdin)
    try:
        if recovery_key_to is None:
            space.create(secret_words)
        else:
            with RecoverySheet(recovery_key_to) as sheet:
                code = space.create(secret_words, with_recovery=True)
                sheet.write(str(code), space.vault_id, space.folder, run.clock.now())
    finally:
        space.lock()
    run.remember(space.folder)
    info = space.info()
    if as_json:
        print_json({"vault_id": info.vault_id, "slots": vault_words.slots_json(info)})
    else:
        print_lines([_("Your private space is ready: {folder}").format(folder=space.folder)])
    if recovery_key_to is None:
        complain(_("There is no recovery key: if you forget the passphrase, nobody can open this, not even us."))


@vault.command()
@json_option
@click.pass_obj
def info(run: Run, as_json: bool) -> None:
    """Show what is known without the passphrase."""
    found = run.existing().vault.info()
    if as_json:
        print_json(vault_words.info_json(found))
    else:
        print_lines(vault_words.info_lines(found))


@vault.command()
@click.option(
    "--accept",
    is_flag=True,
    help=_("Go on with the copy that is here, even if it is older or open elsewhere."),
)
@passphrase_option
@recovery_option
@json_option
@click.pass_obj
def check(run: Run, accept: bool, passphrase_stdin: bool, recovery_key_stdin: bool, as_json: bool) -> None:
    """Read everything again, backups too, and compare it with what was saved."""
    even = (OpenElsewhere, StaleCopy, TwoComputers) if accept else ()
    with run.opened(asked(passphrase_stdin, recovery_key_stdin), tidy=False, even=even) as services:
        report = services.vault.check()
        verified = _verified(services.journal, report)
        others = services.vault.other_versions(deep=True)
    is_whole = verified is not None and not (verified.entries_bad or verified.media_bad)
    is_ok = report.ok and is_whole
    if as_json:
        print_json(vault_words.check_json(report, verified, is_ok) | vault_words.copies_json(others))
    else:
        print_lines([*vault_words.check_lines(report, verified, is_ok), *vault_words.copies_lines(others, run.clock)])
    if is_ok:
        return
    if is_whole and not report.media_bad:
        raise BackupDamaged("check")
    raise VaultDamaged("check", next((backup.file for backup in report.backups if backup.ok), None))


def _verified(journal: JournalService, report: CheckReport) -> Verified | None:
    """Every entry read again; None where the file is damaged: one bad page makes all that follow look bad."""
    if report.cipher_pages_bad or report.faults:
        return None
    try:
        return journal.verify()
    except VaultDamaged:
        return None


@vault.command()
@click.option("--rotate", is_flag=True, help=_("Someone could know the old one: change the key of the data too."))
@click.option(
    "--recovery-key-to",
    type=FILE,
    metavar="FILE",
    help=_("With --rotate: make a new recovery key and write its sheet here."),
)
@passphrase_option
@json_option
@click.pass_obj
def passphrase(run: Run, rotate: bool, recovery_key_to: Path | None, passphrase_stdin: bool, as_json: bool) -> None:
    """Change the passphrase: the first line is the old one, the second the new one."""
    if recovery_key_to is not None and not rotate:
        raise click.UsageError(_("--recovery-key-to needs --rotate. Without it the recovery key stays as it is."))
    space = run.existing().vault
    old = secret(_("Present passphrase: "), from_stdin=passphrase_stdin)
    if not passphrase_stdin:
        # Asked at a prompt, a wrong one is said before a new one is thought of.
        space.unlock(old)
        space.lock()
    new = new_passphrase(from_stdin=passphrase_stdin)
    if rotate:
        rotation.rotate(run, old, new, recovery_key_to, as_json)
        return
    space.change_passphrase(old, new)
    _print_changed(run, as_json)


@vault.command()
@recovery_option
@json_option
@click.pass_obj
def recover(run: Run, recovery_key_stdin: bool, as_json: bool) -> None:
    """Set a new passphrase with the recovery key: the first line is the key, the second the passphrase."""
    space = run.existing().vault
    code = secret(_("Recovery key: "), from_stdin=recovery_key_stdin)
    if not recovery_key_stdin:
        space.unlock_with_recovery(code)
        space.lock()
    space.recover(code, new_passphrase(from_stdin=recovery_key_stdin))
    space.lock()
    _print_changed(run, as_json)


def _print_changed(run: Run, as_json: bool) -> None:
    space = run.existing().vault
    run.remember(space.folder)
    found = space.info()
    if as_json:
        print_json({"vault_id": found.vault_id, "slots": vault_words.slots_json(found)})
    else:
        print_lines([_("Done. From now on the new passphrase opens it.")])


@vault.command()
@click.option(
    "--to", type=click.Path(path_type=Path), metavar="FILE", help=_("Write the backup to this file or folder.")
)
@click.option("--without-media", is_flag=True, help=_("Leave attached files out."))
@passphrase_option
@recovery_option
@json_option
@click.pass_obj
def backup(
    run: Run, to: Path | None, without_media: bool, passphrase_stdin: bool, recovery_key_stdin: bool, as_json: bool
) -> None:
    """Make a backup and prove it by opening it."""
    with run.opened(asked(passphrase_stdin, recovery_key_stdin)) as services, Progress(_("Backing up")) as progress:
        try:
            made = services.vault.backup(to, with_media=not without_media, progress=progress)
        except UsageRefused as error:
            raise click.BadParameter(
                _("{file} is there already and is no backup. It was not touched.").format(file=to), param_hint="--to"
            ) from error
    entries = made.tables.get("entry", 0)
    if as_json:
        print_json(
            {"file": str(made.file), "entries": entries, "media": made.media, "bytes": made.bytes, "proved": True}
        )
    else:
        notes = ngettext("{count} note", "{count} notes", entries).format(count=entries)
        left_out = [_("Attached files are not in it.")] if without_media else []
        done = _("Backup done. {notes}. Checked and readable.").format(notes=notes)
        print_lines([done, *left_out, str(made.file)])


@vault.command()
@click.argument("file", type=FILE)
@passphrase_option
@recovery_option
@json_option
@click.pass_obj
def restore(run: Run, file: Path, passphrase_stdin: bool, recovery_key_stdin: bool, as_json: bool) -> None:
    """Bring a backup back. The passphrase is the backup's; what was there is moved aside, never overwritten."""
    from companion.vault.vault import restore as bring_back

    how = asked(passphrase_stdin, recovery_key_stdin)
    if not file.is_file():
        raise DiskUnreachable(file)
    space = run.services().vault
    if how.is_recovery:
        passphrase, code = "", secret(_("Recovery key: "), from_stdin=how.from_stdin)
    else:
        passphrase, code = secret(_("Passphrase of the backup: "), from_stdin=how.from_stdin), None
    try:
        with Progress(_("Bringing back")) as progress:
            result = bring_back(file, space.folder, passphrase, run.clock, recovery_code=code, progress=progress)
    except WrongSecret as error:
        raise WrongSecret("backup" if error.kind == "passphrase" else error.kind) from error
    space.expect_another(result.vault_id)
    run.remember(space.folder)
    entries = result.tables.get("entry", 0)
    moved_to = str(result.replaced_moved_to) if result.replaced_moved_to else None
    if as_json:
        print_json(
            {
                "entries": entries,
                "media": result.media,
                "media_missing": result.media_missing,
                "replaced_moved_to": moved_to,
            }
        )
        return
    lines = [ngettext("{count} note is back.", "{count} notes are back.", entries).format(count=entries)]
    if result.media_missing:
        words = ngettext(
            "{count} attached file was not found.", "{count} attached files were not found.", result.media_missing
        )
        lines.append(words.format(count=result.media_missing))
    if moved_to:
        lines.append(_("What was there before is kept in {folder}").format(folder=moved_to))
    print_lines(lines)


@vault.command()
@passphrase_option
@recovery_option
@json_option
@click.pass_obj
def proof(run: Run, passphrase_stdin: bool, recovery_key_stdin: bool, as_json: bool) -> None:
    """Show what proves that everything is encrypted and stays here, read now from the disk and this process."""
    with run.opened(asked(passphrase_stdin, recovery_key_stdin)) as services:
        report = services.vault.proof()
    if as_json:
        print_json(vault_words.proof_json(report))
    else:
        print_lines(vault_words.proof_lines(report, run.clock.now().date()))
    if not report.is_good:
        raise EncryptionMissing("proof" if not report.is_encrypted else "proof-around")
    if report.standing.backup_whole is False:
        raise BackupDamaged("check")
