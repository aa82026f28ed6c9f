"""Making a vault, and changing what opens it."""

from __future__ import annotations

from pathlib import Path

from campaigns import ground, judge
from campaigns.ground import PASSPHRASE
from campaigns.judge import State
from campaigns.lifecycle.case import (
    OTHER,
    VAULT,
    Case,
    Found,
    a_journal,
    facts_of,
    must_hold,
    opens_with,
    remember,
    same,
    state_at,
)
from companion.core.clock import SystemClock
from companion.core.errors import CompanionError, WrongSecret
from companion.core.files import write_atomic
from companion.vault.rotation import OLD_KEY
from companion.vault.staging import QUARANTINE
from companion.vault.vault import restore


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


def _with_backups(root: Path, seed: int) -> None:
    _with_recovery_key(root, seed)
    with ground.opened(root / VAULT) as (vault, _):
        for _number in range(2):
            vault.backup()
    remember(root, a=_by_content(state_at(root / VAULT)))


def _rotate(root: Path) -> None:
    vault = ground.vault_at(root / VAULT)
    code = vault.rotate(PASSPHRASE, OTHER)
    write_atomic(root / "new code", str(code).encode())  # on paper before it counts as known
    vault.finish_rotation()
    vault.lock()


def _by_content(state: State) -> State:
    """Files by what is in them: their names come from the key, which changes."""
    files = {f"file {value}": value for key, value in state.items() if key.startswith("file ")}
    return files | {key: value for key, value in state.items() if not key.startswith("file ")}


def _rotated(root: Path, done: bool) -> Found:
    folder, expected = root / VAULT, facts_of(root)["a"]
    opens = opens_with(folder, PASSPHRASE, OTHER)
    if len(opens) != 1:
        yield f"{len(opens)} of the two passphrases open it"
        return
    if done and opens != [OTHER]:
        yield "acknowledged, and the new passphrase does not open it"
    with ground.opened(folder, opens[0]) as (vault, journal):
        yield from judge.kept(_by_content(judge.state_of(vault, journal)), [expected])
        yield from judge.faults_of(vault, journal)
        if done and not vault.has_recovery_key:
            yield "acknowledged, and the new recovery key is gone"
    yield from judge.left_over(folder)
    if list((folder / QUARANTINE).glob(f"*{OLD_KEY}*")):
        yield "the old vault still lies there"
    yield from _codes(root, opens[0], done)
    for backup in ground.vault_at(folder).backups():
        if backup.reason == "import":  # from before the files were brought in
            continue
        yield from _backup_opens(backup.file, root / f"from {backup.file.stem}", opens[0], expected)


def _codes(root: Path, passphrase: str, done: bool) -> Found:
    """The old recovery key opens the old vault and never the new one; an acknowledged new one opens the new one."""
    wanted = {"code": passphrase == PASSPHRASE} | ({"new code": True} if done else {})
    for name, should in wanted.items():
        vault = ground.vault_at(root / VAULT)
        try:
            vault.unlock_with_recovery((root / name).read_text(encoding="utf-8"))
            opened = True
        except WrongSecret:
            opened = False
        vault.lock()
        if opened != should:
            yield f"the {name} {'opens it' if opened else 'does not open it'}"


def _backup_opens(file: Path, folder: Path, passphrase: str, expected: State) -> Found:
    other = OTHER if passphrase == PASSPHRASE else PASSPHRASE
    try:
        restore(file, folder, other, SystemClock())
        yield "a backup opens with the other passphrase"
    except WrongSecret:
        pass
    result = restore(file, folder, passphrase, SystemClock())
    if result.media_missing:
        yield f"{result.media_missing} attachments are missing from a backup"
    yield from judge.kept(_by_content(state_at(folder, passphrase)), [expected])


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
    "rotation": Case(_with_backups, _rotate, _rotated),
    "heal the key file": Case(_one_key_copy, open_it, same),
}
