"""`companion vault …`: made, looked at, checked, backed up, brought back."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import PASSPHRASE, Ended, Shell

NEW = "nine green otters swim"


def recovery_key(sheet: Path) -> str:
    found = re.search(r"^ {4}(\S+)$", sheet.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    return found[1]


def test_create_says_what_opens_it_and_that_there_is_no_recovery_key(bare: Shell) -> None:
    ended = bare.opened("vault", "create", "--json")
    assert ended.code == 0
    assert set(ended.json) == {"vault_id", "slots"}
    assert [slot["kind"] for slot in ended.json["slots"]] == ["passphrase"]
    assert "no recovery key" in ended.err
    assert len(ended.err.splitlines()) == 1


def test_create_writes_a_recovery_sheet_for_this_account_only(bare: Shell, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.txt"
    ended = bare.opened("vault", "create", "--recovery-key-to", sheet, "--json")
    assert ended.code == 0
    assert ended.err == ""
    assert [slot["kind"] for slot in ended.json["slots"]] == ["passphrase", "recovery"]
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600
    key, text = recovery_key(sheet), sheet.read_text(encoding="utf-8")
    assert re.fullmatch(r"(?:[0-9A-Z]{4}-){8}[0-9A-Z*~$=]", key)
    assert key not in ended.out
    for part in ("keys.json", "keys.bak.json", "vault.db", "media", ".vbak", str(bare.vault_folder()), "2026-11-22"):
        assert part in text
    assert PASSPHRASE not in text


def test_a_sheet_is_never_written_over_a_file(bare: Shell, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.txt"
    sheet.write_text("mine")
    ended = bare.opened("vault", "create", "--recovery-key-to", sheet)
    assert ended.code == 2
    assert sheet.read_text() == "mine"
    assert not (bare.data / "vaults").exists() or not list((bare.data / "vaults").iterdir())


def test_no_sheet_is_left_where_no_vault_was_made(bare: Shell, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.txt"
    ended = bare.opened("vault", "create", "--recovery-key-to", sheet, passphrase="short")
    assert ended.code == 2
    assert "10 characters" in ended.err
    assert not sheet.exists()


def test_a_second_vault_needs_a_name(shell: Shell, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in shell.vault_folder().rglob("*") if path.is_file()}
    ended = shell.opened("vault", "create", passphrase=NEW)
    assert ended.code == 8
    assert {path: path.read_bytes() for path in before} == before
    assert shell.opened("--vault", tmp_path / "second", "vault", "create", passphrase=NEW).code == 0
    # The one that was made last is now the one used last.
    assert shell.opened("journal", "list", passphrase=NEW).code == 0
    assert shell.opened("--vault", shell.vault_folder(), "journal", "list").code == 0
    assert shell.opened("journal", "list").code == 0


def test_a_folder_named_from_here_is_found_from_elsewhere(
    bare: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sheet = tmp_path / "sheet.txt"
    assert bare.opened("--vault", "mine", "vault", "create", "--recovery-key-to", sheet).code == 0
    assert str(tmp_path / "mine") in sheet.read_text(encoding="utf-8")
    monkeypatch.chdir("/")
    assert bare.opened("journal", "list").code == 0


def test_info_needs_no_passphrase(shell: Shell) -> None:
    ended = shell("vault", "info", "--json")
    assert ended.code == 0
    assert ended.err == ""
    known = ended.json
    promised = {"vault_id", "format", "slots", "size_bytes", "last_backup", "locked_by"}
    assert set(known) == promised | {"generation", "conflict_copies"}
    assert known["conflict_copies"] == []
    assert known["slots"] == [{"kind": "passphrase", "kdf": "argon2id", "memory_kib": 8192, "passes": 1, "lanes": 1}]
    assert known["size_bytes"] > 0
    assert known["last_backup"] is None
    assert known["locked_by"] is None
    shell.opened("vault", "backup")
    assert shell("vault", "info", "--json").json["last_backup"] == "2026-11-22T10:40:00+00:00"


def test_check_reads_everything(shell: Shell) -> None:
    shell.add()
    shell.opened("vault", "backup")
    ended = shell.opened("vault", "check", "--json")
    assert ended.code == 0
    assert ended.err == ""
    found = ended.json
    assert found.pop("backups") == [
        {
            "file": str(shell.vault_folder() / "backups" / "20261122-1040-manual.vbak"),
            "ok": True,
            "made_at": "2026-11-22T10:40:00+00:00",
            "proved_at": "2026-11-22T10:40:00+00:00",
        }
    ]
    assert found == {
        "ok": True,
        "key_file": {"copies": 2, "valid": 2},
        "cipher_pages_bad": 0,
        "integrity": "ok",
        "entries": 1,
        "entries_bad": [],
        "media": 0,
        "media_bad": [],
        "search_index": "ok",
        "conflict_copies": [],
    }


def test_check_of_a_damaged_page_is_printed_and_ends_with_4(shell: Shell) -> None:
    for number in range(12):
        shell.add(f"{number} " + "many words of one day " * 300)
    shell.opened("vault", "backup")
    database = shell.vault_folder() / "vault.db"
    page = database.stat().st_size // 4096 // 2
    with database.open("rb+") as file:
        file.seek(page * 4096 + 100)
        file.write(b"\0" * 64)
    ended = shell.opened("vault", "check", "--json")
    assert ended.code == 4
    assert ended.json["ok"] is False
    assert ended.json["cipher_pages_bad"] == 1
    # One bad page makes every entry behind it look bad, so nothing is said about them.
    assert ended.json["entries"] is None
    assert ended.json["entries_bad"] is None
    assert len(ended.err.splitlines()) == 1
    assert "companion vault restore" in ended.err
    assert "20261122-1040-manual.vbak" in ended.err


def test_check_names_a_damaged_backup_and_says_that_the_notes_are_fine(shell: Shell) -> None:
    shell.add()
    made = Path(shell.opened("vault", "backup", "--json").json["file"])
    raw = bytearray(made.read_bytes())
    raw[len(raw) // 2] ^= 1
    made.write_bytes(raw)
    ended = shell.opened("vault", "check", "--json")
    assert ended.code == 4
    assert [backup["ok"] for backup in ended.json["backups"]] == [False]
    assert ended.json["integrity"] == "ok"
    assert "Your notes here are fine." in ended.err


def test_the_passphrase_changes(shell: Shell) -> None:
    ended = shell("vault", "passphrase", "--passphrase-stdin", "--json", stdin=f"{PASSPHRASE}\n{NEW}\n")
    assert ended.code == 0
    assert set(ended.json) == {"vault_id", "slots"}
    assert shell.opened("journal", "list").code == 3
    assert shell.opened("journal", "list", passphrase=NEW).code == 0


def test_the_sheet_can_be_a_page_with_a_code(bare: Shell, tmp_path: Path) -> None:
    sheet = tmp_path / "key.html"
    assert bare.opened("vault", "create", "--recovery-key-to", sheet).code == 0
    page = sheet.read_text(encoding="utf-8")
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600
    assert page.startswith("<!DOCTYPE html>")
    assert page.endswith("</html>\n")
    assert "<title>Notes</title>" in page
    assert page.count("<svg") == page.count("<path") == 1
    assert "Which files to keep" in page
    for loads in ("http", "src=", "href=", "url(", "<script", "@import"):
        assert loads not in page
    key = recovery_key(sheet)
    assert bare("journal", "list", "--recovery-key-stdin", stdin=f"{key}\n").code == 0


def rotated(shell: Shell, *more: object, old: str = PASSPHRASE) -> Ended:
    return shell("vault", "passphrase", "--rotate", *more, "--passphrase-stdin", stdin=f"{old}\n{NEW}\n")


def test_rotate_changes_passphrase_and_key(shell: Shell) -> None:
    shell.add("Tea. Rain.")
    shell.opened("vault", "backup")
    before = (shell.vault_folder() / "keys.json").read_bytes()
    ended = rotated(shell, "--json")
    assert ended.code == 0, ended.err
    assert ended.json["rotated"] is True
    assert [slot["kind"] for slot in ended.json["slots"]] == ["passphrase"]
    assert len(ended.json["backups"]["relocked"]) == 2
    assert ended.json["backups"]["kept"] == ended.json["backups"]["removed"] == []
    assert ended.json["out_of_reach"] == {"quarantine": [], "second_place": None, "backup_elsewhere": None}
    assert json.loads(before)["cipher_salt"] not in (shell.vault_folder() / "keys.json").read_text()
    assert shell.opened("journal", "list").code == 3
    assert len(shell.opened("journal", "list", "--json", passphrase=NEW).json["entries"]) == 1
    assert shell.opened("vault", "check", passphrase=NEW).code == 0
    assert "An old copy of the files still opens with the old passphrase" in ended.err


def test_rotate_writes_a_new_recovery_key(bare: Shell, tmp_path: Path) -> None:
    first, second = tmp_path / "first.txt", tmp_path / "second.txt"
    bare.opened("vault", "create", "--recovery-key-to", first)
    ended = rotated(bare, "--recovery-key-to", second)
    assert ended.code == 0, ended.err
    assert "no longer works" not in ended.err
    old, new = recovery_key(first), recovery_key(second)
    assert bare("journal", "list", "--recovery-key-stdin", stdin=f"{old}\n").code == 3
    assert bare("journal", "list", "--recovery-key-stdin", stdin=f"{new}\n").code == 0
    assert new not in ended.out + ended.err


def test_rotate_without_a_sheet_leaves_no_recovery_key_and_says_so(bare: Shell, tmp_path: Path) -> None:
    bare.opened("vault", "create", "--recovery-key-to", tmp_path / "first.txt")
    ended = rotated(bare)
    assert "The old recovery key no longer works, and there is none now." in ended.err
    assert [slot["kind"] for slot in bare("vault", "info", "--json").json["slots"]] == ["passphrase"]


def test_rotate_with_a_wrong_passphrase_or_a_file_that_is_there_changes_nothing(shell: Shell, tmp_path: Path) -> None:
    raw = (shell.vault_folder() / "keys.json").read_bytes()
    there = tmp_path / "there.txt"
    there.write_text("mine")
    assert rotated(shell, old="wrong one here").code == 3
    assert rotated(shell, "--recovery-key-to", there).code == 2
    assert there.read_text() == "mine"
    assert shell("vault", "passphrase", "--recovery-key-to", there, "--passphrase-stdin", stdin="x\ny\n").code == 2
    assert not (tmp_path / "new.txt").exists()
    assert rotated(shell, "--recovery-key-to", tmp_path / "new.txt", old="wrong one here").code == 3
    assert not (tmp_path / "new.txt").exists()
    assert (shell.vault_folder() / "keys.json").read_bytes() == raw
    assert shell.opened("journal", "list").code == 0


def test_rotate_says_which_copies_are_out_of_reach(shell: Shell, tmp_path: Path) -> None:
    shell.opened("vault", "backup", "--to", tmp_path / "stick.vbak")
    ended = rotated(shell)
    assert "A backup was made elsewhere on 2026-11-22" in ended.out


def test_a_wrong_or_short_passphrase_changes_nothing(shell: Shell) -> None:
    assert shell("vault", "passphrase", "--passphrase-stdin", stdin=f"wrong one here\n{NEW}\n").code == 3
    assert shell("vault", "passphrase", "--passphrase-stdin", stdin=f"{PASSPHRASE}\nshort\n").code == 2
    assert shell("vault", "passphrase", "--passphrase-stdin", stdin=f"{PASSPHRASE}\n").code == 2
    assert shell.opened("journal", "list").code == 0


def test_the_recovery_key_sets_a_new_passphrase(bare: Shell, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.txt"
    bare.opened("vault", "create", "--recovery-key-to", sheet)
    bare.add("before")
    typed = recovery_key(sheet).lower().replace("-", " ")
    ended = bare("vault", "recover", "--recovery-key-stdin", "--json", stdin=f"{typed}\n{NEW}\n")
    assert ended.code == 0, ended.err
    assert typed not in ended.out
    assert bare.opened("journal", "list").code == 3
    entries = bare.opened("journal", "list", "--json", passphrase=NEW).json["entries"]
    assert [entry["excerpt"] for entry in entries] == ["before"]


def test_a_typing_mistake_is_told_apart_from_a_key_of_another_vault(bare: Shell, other: Shell, tmp_path: Path) -> None:
    bare.opened("vault", "create", "--recovery-key-to", tmp_path / "one")
    other.opened("vault", "create", "--recovery-key-to", tmp_path / "two")
    right, foreign = recovery_key(tmp_path / "one"), recovery_key(tmp_path / "two")
    swapped = right.replace(right[0], "B" if right[0] != "B" else "C", 1)
    typo = bare("vault", "recover", "--recovery-key-stdin", stdin=f"{swapped}\n{NEW}\n")
    wrong = bare("vault", "recover", "--recovery-key-stdin", stdin=f"{foreign}\n{NEW}\n")
    assert (typo.code, wrong.code) == (3, 3)
    assert "typing mistake" in typo.err
    assert "another space" in wrong.err


def test_the_recovery_key_opens_for_other_commands_too(bare: Shell, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.txt"
    bare.opened("vault", "create", "--recovery-key-to", sheet)
    ended = bare("journal", "add", "--recovery-key-stdin", stdin=f"{recovery_key(sheet)}\nwritten so\n")
    assert ended.code == 0, ended.err
    both = bare("journal", "list", "--recovery-key-stdin", "--passphrase-stdin", stdin="x\n")
    assert both.code == 2


def test_a_backup_is_brought_back_elsewhere(shell: Shell, other: Shell, tmp_path: Path) -> None:
    shell.add("kept words")
    target = tmp_path / "stick" / "mine.vbak"
    target.parent.mkdir()
    made = shell.opened("vault", "backup", "--to", target, "--json")
    assert made.code == 0, made.err
    assert made.json == {
        "file": str(target),
        "entries": 1,
        "media": 0,
        "bytes": target.stat().st_size,
        "proved": True,
    }
    assert b"kept words" not in target.read_bytes()
    ended = other.opened("vault", "restore", target, "--json")
    assert ended.code == 0, ended.err
    assert ended.json == {"entries": 1, "media": 0, "media_missing": 0, "replaced_moved_to": None}
    found = other.opened("journal", "search", "kept", "--json").json
    assert found["total"] == 1


def test_restore_moves_aside_what_it_replaces(shell: Shell, tmp_path: Path) -> None:
    shell.add("first")
    target = tmp_path / "mine.vbak"
    shell.opened("vault", "backup", "--to", target)
    shell.add("second")
    ended = shell.opened("vault", "restore", target, "--json")
    assert ended.code == 0
    moved = Path(ended.json["replaced_moved_to"])
    assert (moved / "vault.db").is_file()
    entries = shell.opened("journal", "list", "--json").json["entries"]
    assert [entry["excerpt"] for entry in entries] == ["first"]


def test_the_passphrase_of_a_restore_is_that_of_the_backup(shell: Shell, tmp_path: Path) -> None:
    target = tmp_path / "mine.vbak"
    shell.opened("vault", "backup", "--to", target)
    shell("vault", "passphrase", "--passphrase-stdin", stdin=f"{PASSPHRASE}\n{NEW}\n")
    ended = shell.opened("vault", "restore", target, passphrase=NEW)
    assert ended.code == 3
    assert ended.err.startswith("Wrong passphrase for this backup.")
    assert "It may use an older one." in ended.err
    assert shell.opened("journal", "list", passphrase=NEW).code == 0
    assert shell.opened("vault", "restore", target).code == 0


@pytest.mark.parametrize("content", [b"", b"not a backup at all" * 500])
def test_a_file_that_is_no_backup_changes_nothing(shell: Shell, tmp_path: Path, content: bytes) -> None:
    shell.add("still here")
    target = tmp_path / "odd.vbak"
    target.write_bytes(content)
    ended = shell.opened("vault", "restore", target)
    assert ended.code == 4
    assert "Your notes here are fine." in ended.err
    assert shell.opened("journal", "search", "still", "--json").json["total"] == 1


def test_a_backup_never_takes_the_place_of_another_file(shell: Shell, tmp_path: Path) -> None:
    target = tmp_path / "letter.txt"
    target.write_text("mine")
    ended = shell.opened("vault", "backup", "--to", target)
    assert ended.code == 2
    assert target.read_text() == "mine"


def test_proof_is_read_now(shell: Shell) -> None:
    ended = shell.opened("vault", "proof", "--json")
    assert ended.code == 0
    proof = ended.json
    assert set(proof) == {
        "file_is_ciphertext",
        "wrong_key_refused",
        "cipher",
        "files",
        "network_modules",
        "inet_sockets",
        "last_backup_proof",
        "last_backup_whole",
        "unexpected_files",
        "open_to_others",
        "temporary_in_memory",
        "deleted_overwritten",
        "no_core_file",
        "closed_to_others",
        "freed_memory_overwritten",
        "removed_words_left",
    }
    assert proof["file_is_ciphertext"] is True
    assert proof["wrong_key_refused"] is True
    assert proof["cipher"].startswith("SQLCipher 4")
    assert proof["network_modules"] == []
    assert proof["last_backup_proof"] is None
    assert {"vault.db", "keys.json", "keys.bak.json"} <= {file["name"] for file in proof["files"]}
    shell.opened("vault", "backup")
    assert shell.opened("vault", "proof", "--json").json["last_backup_proof"] == "2026-11-22T10:40:00+00:00"


@pytest.mark.parametrize("command", ["info", "check", "proof", "backup"])
def test_without_json_a_person_can_read_it(shell: Shell, command: str) -> None:
    ended = shell("vault", "info") if command == "info" else shell.opened("vault", command)
    assert ended.code == 0
    assert ended.err == ""
    with pytest.raises(json.JSONDecodeError):
        json.loads(ended.out)
    assert "None" not in ended.out
    assert "{" not in ended.out
