"""Backups, and bringing one back."""

from __future__ import annotations

import shutil
from pathlib import Path

from campaigns import ground, judge
from campaigns.ground import PASSPHRASE
from campaigns.lifecycle.case import (
    BACKUP,
    OTHER,
    OTHER_VAULT,
    VAULT,
    Case,
    Found,
    a_journal,
    facts_of,
    must_hold,
    opens_with,
    remember,
    restores,
    same,
    state_at,
)
from companion.core.clock import SystemClock
from companion.vault.vault import restore


def _three_backups(root: Path, seed: int) -> None:
    a_journal(root, seed)
    with ground.opened(root / VAULT) as (vault, _):
        for _number in range(3):
            vault.backup()
        vault.backup(root / BACKUP)


def _back_up(root: Path) -> None:
    """A fourth of the same day, for which the oldest goes."""
    with ground.opened(root / VAULT) as (vault, _):
        vault.backup()


def _backed_up(root: Path, done: bool) -> Found:
    expected = facts_of(root)["a"]
    yield from must_hold(root / VAULT, expected)
    backups = ground.vault_at(root / VAULT).backups()
    if len(backups) < 3:
        yield f"only {len(backups)} of 3 backups are left"
    if done and not any(backup.file.name.endswith("-4.vbak") for backup in backups):
        yield "acknowledged, and the new backup is not there"
    if done and len(backups) != 3:
        yield f"acknowledged, and {len(backups)} are kept, not 3"
    for backup in backups:
        yield from restores(backup.file, root / f"from {backup.file.stem}", expected)


def _back_up_outside(root: Path) -> None:
    with ground.opened(root / VAULT) as (vault, _):
        vault.backup(root / BACKUP)


def _backed_up_outside(root: Path, done: bool) -> Found:
    yield from same(root, done)
    yield from restores(root / BACKUP, root / "again.vault", facts_of(root)["a"])


def _two_vaults(root: Path, seed: int) -> None:
    """The vault that is there, and a backup of another one with another passphrase."""
    ground.make_journal(root / VAULT, ground.chance("lifecycle", seed), 25, files=3)
    ground.make_journal(root / OTHER_VAULT, ground.chance("lifecycle", seed, "other"), 12, files=2)
    with ground.opened(root / OTHER_VAULT) as (vault, journal):
        vault.change_passphrase(PASSPHRASE, OTHER)
        vault.backup(root / BACKUP)
        other = judge.state_of(vault, journal)
    shutil.rmtree(root / OTHER_VAULT)
    remember(root, a=state_at(root / VAULT), b=other)


def _only_a_backup(root: Path, seed: int) -> None:
    _two_vaults(root, seed)
    shutil.rmtree(root / VAULT)


def _restore(root: Path) -> None:
    restore(root / BACKUP, root / VAULT, OTHER, SystemClock())


def _restored(root: Path, done: bool) -> Found:
    facts, folder = facts_of(root), root / VAULT
    opens = opens_with(folder, PASSPHRASE, OTHER)
    if len(opens) != 1:
        yield f"{len(opens)} of the two vaults open"
        return
    if opens == [PASSPHRASE]:
        if done:
            yield "acknowledged, and the old vault is still there"
        yield from must_hold(folder, facts["a"])
        yield from _begin_again(root)
        return
    yield from must_hold(folder, facts["b"], OTHER)
    aside = list((folder / "quarantine").iterdir())
    if len(aside) != 1:
        yield f"{len(aside)} folders in quarantine"
        return
    yield from must_hold(ground.copy_of(aside[0], root / "aside.vault"), facts["a"])


def _restored_new(root: Path, done: bool) -> Found:
    if ground.vault_at(root / VAULT).exists:
        yield from must_hold(root / VAULT, facts_of(root)["b"], OTHER)
        return
    if done:
        yield "acknowledged, and there is no vault"
    yield from _begin_again(root)


def _begin_again(root: Path) -> Found:
    """What was interrupted can be done again."""
    _restore(root)
    yield from must_hold(root / VAULT, facts_of(root)["b"], OTHER)


CASES = {
    "backup": Case(_three_backups, _back_up, _backed_up),
    "backup elsewhere": Case(_three_backups, _back_up_outside, _backed_up_outside),
    "restore over another": Case(_two_vaults, _restore, _restored),
    "restore where none is": Case(_only_a_backup, _restore, _restored_new),
}
