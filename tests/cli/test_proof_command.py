"""Each statement of `vault proof` is broken once: it says so, in words and by its exit code, and nothing is changed."""

from __future__ import annotations

import socket
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from companion.vault import guards, report, standing
from tests.cli.conftest import GUARDED, Shell

ENCRYPTION, DAMAGED = 9, 4
Broken = Callable[[Shell, pytest.MonkeyPatch], None]


@pytest.fixture
def space(shell: Shell) -> Shell:
    shell.opened("vault", "create")
    shell.add("a note")
    return shell


@contextmanager
def nothing_changes(folder: Path) -> Iterator[None]:
    ours = ("vault.db", "keys.json", "keys.bak.json")
    before = {name: (folder / name).read_bytes() for name in ours}
    yield
    assert {name: (folder / name).read_bytes() for name in ours} == before


def a_plain_file(shell: Shell, _patch: pytest.MonkeyPatch) -> None:
    (shell.vault_folder() / "notes.txt").write_text("plain")
    (shell.vault_folder() / "notes.txt").chmod(0o600)


def a_plain_database_under_our_name(shell: Shell, _patch: pytest.MonkeyPatch) -> None:
    (shell.vault_folder() / "backups").mkdir(mode=0o700, exist_ok=True)
    path = shell.vault_folder() / "media" / "ab" / ("ab" * 32)
    path.parent.mkdir(mode=0o700, parents=True)
    with sqlite3.connect(path) as plain:
        plain.execute("CREATE TABLE note (text)")
    plain.close()
    path.chmod(0o600)


def a_file_others_can_read(shell: Shell, _patch: pytest.MonkeyPatch) -> None:
    (shell.vault_folder() / "keys.json").chmod(0o644)


def a_folder_others_can_enter(shell: Shell, patch: pytest.MonkeyPatch) -> None:
    real = standing.open_to_others

    def opened(folder: Path) -> tuple[str, ...]:
        folder.chmod(0o755)
        return real(folder)

    patch.setattr(standing, "open_to_others", opened)


def a_file_that_is_not_scrambled(shell: Shell, patch: pytest.MonkeyPatch) -> None:
    plain = shell.data / "plain"
    plain.write_bytes(b"SQLite format 3\0" + b"words " * 3000)
    real = report.looks_encrypted
    patch.setattr(report, "looks_encrypted", lambda _path: real(plain))


def a_wrong_key_that_opens(shell: Shell, patch: pytest.MonkeyPatch) -> None:
    empty = shell.data / "empty"
    empty.touch()
    real = report.refuses_wrong_key
    patch.setattr(report, "refuses_wrong_key", lambda _path: real(empty))


def a_module_of_ours_with_a_socket(_shell: Shell, patch: pytest.MonkeyPatch) -> None:
    sneaky = ModuleType("companion.sneaky")
    sneaky.__dict__["hidden"] = socket
    patch.setitem(sys.modules, "companion.sneaky", sneaky)


def temporary_files(_shell: Shell, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(guards, "PRAGMAS", (*guards.PRAGMAS, ("temp_store", "FILE", 1)))


def deleted_words_that_stay(_shell: Shell, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(guards, "PRAGMAS", (*guards.PRAGMAS, ("secure_delete", "OFF", 0)))


def core_files(_shell: Shell, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(standing, "read_process", lambda: replace(GUARDED, no_core_file=False))


def memory_open_to_others(_shell: Shell, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(standing, "read_process", lambda: replace(GUARDED, closed_to_others=False))


def memory_that_is_not_overwritten(_shell: Shell, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(standing, "read_process", lambda: replace(GUARDED, freed_memory_overwritten=False))


BROKEN: list[tuple[Broken, str]] = [
    (a_plain_file, "NO: Something lies among your files. notes.txt"),
    (a_plain_database_under_our_name, "NO: Something lies among your files."),
    (a_file_others_can_read, "Open to other accounts: keys.json"),
    (a_folder_others_can_enter, "Open to other accounts: ."),
    (a_file_that_is_not_scrambled, "NO: Your file is not scrambled."),
    (a_wrong_key_that_opens, "NO: A wrong key was not refused."),
    (a_module_of_ours_with_a_socket, "Can use a network: companion.sneaky"),
    (temporary_files, "NO: Plain words may reach the disk."),
    (deleted_words_that_stay, "NO: Deleted words may stay in the file."),
    (core_files, "NO: A crash could write memory to the disk."),
    (memory_open_to_others, "NO: Other programs can look into its memory."),
    (memory_that_is_not_overwritten, "NO: Used memory is not overwritten."),
]


@pytest.mark.parametrize(("breaks", "said"), BROKEN, ids=[each.__name__ for each, _ in BROKEN])
def test_a_statement_that_is_not_true_is_said_and_ends_with_9(
    space: Shell, breaks: Broken, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert space.opened("vault", "proof").code == 0
    breaks(space, monkeypatch)
    with nothing_changes(space.vault_folder()):
        ended = space.opened("vault", "proof")
    assert ended.code == ENCRYPTION
    assert said in ended.out
    assert len(ended.err.strip().splitlines()) == 1
    assert space.opened("vault", "proof", "--json").code == ENCRYPTION


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not say")
def test_an_open_connection_is_named(space: Shell) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as fresh:
        fresh.bind(("127.0.0.1", 0))
        fresh.listen()
        ended = space.opened("vault", "proof")
    assert ended.code == ENCRYPTION
    assert "Open connection: tcp 0100007F:" in ended.out


def test_no_backup_is_no_fault_and_a_damaged_one_is(space: Shell) -> None:
    without = space.opened("vault", "proof")
    assert (without.code, "note: No backup yet." in without.out) == (0, True)
    space.opened("vault", "backup")
    whole = space.opened("vault", "proof", "--json")
    assert (whole.code, whole.json["last_backup_whole"]) == (0, True)
    [backup] = (space.vault_folder() / "backups").glob("*.vbak")
    raw = bytearray(backup.read_bytes())
    raw[len(raw) // 2] ^= 1  # since it was proved
    backup.write_bytes(raw)
    ended = space.opened("vault", "proof", "--json")
    assert (ended.code, ended.json["last_backup_whole"]) == (DAMAGED, False)
    assert "NO: A backup is damaged." in space.opened("vault", "proof").out
    backup.write_bytes(b"nothing")
    assert space.opened("vault", "proof").code == DAMAGED
