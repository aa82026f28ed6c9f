"""Making a vault, and changing what opens it."""

from __future__ import annotations

from pathlib import Path

from campaigns import ground, judge
from campaigns.ground import PASSPHRASE
from campaigns.lifecycle.case import OTHER, VAULT, Case, Found, a_journal, facts_of, must_hold, opens_with, same
from companion.core.errors import CompanionError


def _prepare_nothing(root: Path, seed: int) -> None:
    """There is nothing yet."""


def _create(root: Path) -> None:
    ground.vault_at(root / VAULT).create(PASSPHRASE, with_recovery=True)


def _created(root: Path, done: bool) -> Found:
    vault = ground.vault_at(root / VAULT)
    if not vault.exists:
        if done:
            yield "acknowledged, and there is no vault"
        vault.create(PASSPHRASE)
        vault.lock()
    yield from must_hold(root / VAULT, {})


def _change(root: Path) -> None:
    ground.vault_at(root / VAULT).change_passphrase(PASSPHRASE, OTHER)


def _changed(root: Path, done: bool) -> Found:
    opens = opens_with(root / VAULT, PASSPHRASE, OTHER)
    if len(opens) != 1:
        yield f"{len(opens)} of the two passphrases open it"
        return
    if done and opens != [OTHER]:
        yield "acknowledged, and the new passphrase does not open it"
    yield from must_hold(root / VAULT, facts_of(root)["a"], opens[0])


def _with_recovery_key(root: Path, seed: int) -> None:
    a_journal(root, seed)
    with ground.opened(root / VAULT) as (vault, _):
        (root / "code").write_text(vault.add_recovery_key(), encoding="utf-8")


def _recover(root: Path) -> None:
    ground.vault_at(root / VAULT).recover((root / "code").read_text(encoding="utf-8"), OTHER)


def _recovered(root: Path, done: bool) -> Found:
    yield from _changed(root, done)
    vault = ground.vault_at(root / VAULT)
    try:
        vault.unlock_with_recovery((root / "code").read_text(encoding="utf-8"))
    except CompanionError as error:
        yield f"the recovery key ended in {judge.named(error)}"
    vault.lock()


def _one_key_copy(root: Path, seed: int) -> None:
    a_journal(root, seed)
    (root / VAULT / "keys.json").write_bytes(b"{")


def open_it(root: Path) -> None:
    """Only open it, which heals and migrates."""
    ground.vault_at(root / VAULT).unlock(PASSPHRASE)


CASES = {
    "create": Case(_prepare_nothing, _create, _created),
    "passphrase": Case(a_journal, _change, _changed),
    "recover": Case(_with_recovery_key, _recover, _recovered),
    "heal the key file": Case(_one_key_copy, open_it, same),
}
