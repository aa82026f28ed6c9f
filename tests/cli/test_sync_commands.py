"""What the command line says of second copies, older copies and other computers."""

from __future__ import annotations

import json
import shutil

from tests.cli.conftest import Shell


def test_info_names_second_copies_without_a_passphrase(shell: Shell) -> None:
    folder = shell.vault_folder()
    copy = folder / "vault (1).db"
    shutil.copy(folder / "vault.db", copy)
    told = shell("vault", "info", "--json").json
    assert told["conflict_copies"] == [str(copy)]
    assert told["generation"] == 1
    assert "vault (1).db" in shell("vault", "info").out


def test_check_says_what_a_second_copy_holds(shell: Shell) -> None:
    shell.add("first")
    folder = shell.vault_folder()
    shutil.copy(folder / "vault.db", folder / "vault (1).db")
    shell.add("second")
    ended = shell.opened("vault", "check", "--json")
    assert ended.code == 0
    (copy,) = ended.json["conflict_copies"]
    assert (copy["kind"], copy["relation"], copy["entries"]) == ("database", "older", 1)
    line = shell.opened("vault", "check").out.splitlines()[-1]
    assert "vault (1).db" in line
    assert "1 note" in line


def test_an_older_copy_is_opened_by_no_command_until_it_is_accepted(shell: Shell) -> None:
    shell.add("first")
    folder = shell.vault_folder()
    old = (folder / "vault.db").read_bytes()
    shell.add("second")
    (folder / "vault.db").rename(folder / "vault 2.db")
    (folder / "vault.db").write_bytes(old)
    for command in (("journal", "list"), ("vault", "backup"), ("vault", "check")):
        ended = shell.opened(*command)
        assert ended.code == 4
        assert ended.out == ""
        assert "older than the ones this computer saw last" in ended.err
        assert "vault 2.db" in ended.err
        assert len(ended.err.splitlines()) == 1
    assert (folder / "vault.db").read_bytes() == old
    assert shell.opened("vault", "check", "--accept").code == 0
    assert [one["excerpt"] for one in shell.opened("journal", "list", "--json").json["entries"]] == ["first"]
    assert (folder / "vault 2.db").exists()


def test_a_space_that_another_computer_has_open_is_left_alone_until_it_is_accepted(shell: Shell) -> None:
    facts = {"pid": 4711, "host": "laptop", "since": "2026-11-22T09:00:00+00:00"}
    lock = shell.vault_folder() / "vault.lock"
    lock.write_text(json.dumps(facts))
    ended = shell.opened("journal", "list")
    assert ended.code == 6
    assert "Another computer had this open on Sunday 22 November, 09:00." in ended.err
    assert json.loads(lock.read_text()) == facts
    assert shell.opened("vault", "check", "--accept").code == 0
    assert shell.opened("journal", "list").code == 0
