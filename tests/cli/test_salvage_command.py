"""`companion vault salvage --to DIR`: what came back as JSON and as lines, and its exit codes."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.cli.conftest import PASSPHRASE, Shell
from tests.cli.test_vault_commands import NEW, recovery_key

PAGE = 4096


def destroy_start(folder: Path) -> bytes:
    with (folder / "vault.db").open("r+b") as file:
        file.write(bytes(PAGE))
    return (folder / "vault.db").read_bytes()


def test_a_damaged_vault_is_saved_into_a_new_one_and_stays_as_it_was(shell: Shell, tmp_path: Path) -> None:
    entry = shell.add("The kettle clicked off and nobody moved.")
    folder, new = shell.vault_folder(), tmp_path / "new.vault"
    damaged = destroy_start(folder)
    told = shell.opened("journal", "list")
    assert told.code == 4
    assert "companion vault salvage --to DIR" in told.err
    ended = shell.opened("vault", "salvage", "--to", new, "--json")
    assert ended.code == 0, ended.err
    assert (ended.json["records"], ended.json["saved"], ended.json["lost"]) == (1, 1, [])
    assert (folder / "vault.db").read_bytes() == damaged
    shown = shell.opened("--vault", new, "journal", "show", entry, "--json")
    assert shown.json["text"] == "The kettle clicked off and nobody moved."
    assert shell.opened("--vault", new, "vault", "check").code == 0


def test_a_restore_after_it_is_meant_for_the_place_of_the_damaged_one(shell: Shell, tmp_path: Path) -> None:
    shell.add("The kettle clicked off and nobody moved.")
    folder, new = shell.vault_folder(), tmp_path / "new.vault"
    backup = shell.opened("vault", "backup", "--json").json["file"]
    destroy_start(folder)
    told = shell.opened("vault", "salvage", "--to", new)
    assert f"companion --vault {new}" in told.out
    saved = (new / "vault.db").read_bytes()
    assert shell.opened("vault", "restore", backup).code == 0
    assert shell.opened("vault", "check").code == 0
    assert (new / "vault.db").read_bytes() == saved
    assert list(folder.glob("quarantine/*/vault.db"))


def test_what_is_lost_is_listed_without_words_and_ends_with_0(shell: Shell, tmp_path: Path) -> None:
    shell.add("Sun over the roofs. " * 900, "--at", "2026-11-03T10:00:00+00:00")
    folder = shell.vault_folder()
    path = folder / "vault.db"
    raw = bytearray(path.read_bytes())
    raw[-2 * PAGE + 50] ^= 1
    raw[-PAGE + 50] ^= 1
    path.write_bytes(raw)
    ended = shell.opened("vault", "salvage", "--to", tmp_path / "one.vault", "--json")
    assert ended.code == 0
    told = shell.opened("--vault", folder, "vault", "salvage", "--to", tmp_path / "two.vault")
    assert told.code == 0
    assert "roofs" not in ended.out + told.out
    assert "The damaged one is as it was." in told.out
    if ended.json["lost"]:
        assert {"kind", "id", "at", "reason"} == set(ended.json["lost"][0])


def test_nothing_readable_is_4_and_makes_nothing(shell: Shell, tmp_path: Path) -> None:
    (shell.vault_folder() / "vault.db").write_bytes(b"")
    shutil.rmtree(shell.vault_folder() / "media", ignore_errors=True)
    ended = shell.opened("vault", "salvage", "--to", tmp_path / "new.vault")
    assert ended.code == 4
    assert "Nothing in this space can be read any more." in ended.err
    assert not (tmp_path / "new.vault").exists()


def test_a_wrong_passphrase_is_3_and_an_occupied_place_8(shell: Shell, tmp_path: Path) -> None:
    destroy_start(shell.vault_folder())
    assert shell.opened("vault", "salvage", "--to", tmp_path / "n", passphrase="not the right one").code == 3
    assert shell.opened("vault", "salvage", "--to", shell.vault_folder()).code == 8
    assert not (tmp_path / "n").exists()


def test_with_the_recovery_key_the_second_line_is_the_new_passphrase(bare: Shell, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.txt"
    assert bare.opened("vault", "create", "--recovery-key-to", sheet).code == 0
    entry = bare.add("Rain.")
    destroy_start(bare.vault_folder())
    secrets = f"{recovery_key(sheet)}\n{NEW}\n"
    ended = bare("vault", "salvage", "--to", tmp_path / "new", "--recovery-key-stdin", "--json", stdin=secrets)
    assert ended.code == 0, ended.err
    assert bare.opened("--vault", tmp_path / "new", "journal", "show", entry, passphrase=NEW).code == 0
    assert bare.opened("--vault", tmp_path / "new", "journal", "show", entry, passphrase=PASSPHRASE).code == 3
