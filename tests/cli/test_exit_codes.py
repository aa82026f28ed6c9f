"""Every promised exit code, with one plain line and nothing changed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from companion.cli.main import companion
from companion.cli.rules import FaultReport, exit_code
from companion.core.errors import CompanionError, DiskFull, NoDisplay, NotEnoughMemory, Stopped
from companion.vault.vault import Vault
from tests.cli.conftest import CHEAP, PASSPHRASE, Ended, Shell, ordinary_user
from tests.fakes import FakeClock

ALWAYS = [
    ("vault", "check"),
    ("vault", "proof"),
    ("vault", "backup"),
    ("journal", "add"),
    ("journal", "list"),
    ("journal", "show", "x"),
    ("journal", "delete", "x"),
    ("journal", "restore", "x"),
    ("journal", "search", "x"),
    ("import", "x"),
    ("import", "--undo", "x"),
]


def one_line(ended: Ended) -> str:
    assert ended.out == ""
    assert len(ended.err.splitlines()) == 1
    assert "Traceback" not in ended.err
    return ended.err


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "vault.lock"}


@pytest.mark.parametrize("command", ALWAYS, ids=" ".join)
def test_3_wrong_passphrase(shell: Shell, command: tuple[str, ...]) -> None:
    before = files(shell.vault_folder())
    ended = shell.opened(*command, "--json", passphrase="not the right one")
    assert ended.code == 3
    assert one_line(ended) == (
        "That didn't open it. Nothing was changed. Check Caps Lock and try again. There is no limit.\n"
    )
    assert files(shell.vault_folder()) == before


@pytest.mark.parametrize("command", ALWAYS, ids=" ".join)
def test_8_no_vault(bare: Shell, command: tuple[str, ...]) -> None:
    ended = bare.opened(*command, "--json")
    assert ended.code == 8
    assert "There is no vault" in one_line(ended)
    assert "companion vault create" in ended.err
    assert not (bare.data / "vaults").exists()


@pytest.mark.parametrize("command", [("vault", "info"), ("vault", "passphrase"), ("vault", "recover")], ids=" ".join)
def test_8_no_vault_without_asking(bare: Shell, tmp_path: Path, command: tuple[str, ...]) -> None:
    named = tmp_path / "nothing"
    ended = bare("--vault", named, *command)
    assert ended.code == 8
    assert str(named) in one_line(ended)


def test_8_a_vault_is_here_already(shell: Shell) -> None:
    before = files(shell.vault_folder())
    ended = shell("vault", "create")
    assert ended.code == 8
    assert "already" in one_line(ended)
    demo = shell("demo", "--write", shell.vault_folder())
    assert demo.code == 8
    assert files(shell.vault_folder()) == before


def cut_off(folder: Path) -> None:
    database = folder / "vault.db"
    os.truncate(database, database.stat().st_size // 2)


def first_page(folder: Path) -> None:
    with (folder / "vault.db").open("rb+") as file:
        file.seek(64)
        file.write(b"\0" * 512)


def emptied(folder: Path) -> None:
    os.truncate(folder / "vault.db", 0)


def gone(folder: Path) -> None:
    (folder / "vault.db").unlink()


def keys_spoiled(folder: Path) -> None:
    for name in ("keys.json", "keys.bak.json"):
        (folder / name).write_bytes(b"{}")


def plain(folder: Path) -> None:
    (folder / "vault.db").write_bytes(b"SQLite format 3\0" + b"\0" * 4080)


@pytest.mark.parametrize("spoil", [cut_off, first_page, emptied, gone, keys_spoiled, plain])
def test_4_damaged_names_the_copy_to_bring_back(shell: Shell, spoil: Callable[[Path], None]) -> None:
    shell.add("words of a day")
    backup = Path(shell.opened("vault", "backup", "--json").json["file"])
    spoil(shell.vault_folder())
    ended = shell.opened("journal", "list", "--json")
    assert ended.code == 4
    line = one_line(ended)
    assert f"companion vault restore {backup}" in line
    assert "22 November 2026" in line
    assert "Check Caps Lock" not in line
    assert shell.opened("vault", "restore", backup).code == 0
    assert shell.opened("journal", "search", "words", "--json").json["total"] == 1


def test_4_without_a_backup_it_says_so_plainly(shell: Shell) -> None:
    first_page(shell.vault_folder())
    ended = shell.opened("journal", "list")
    assert ended.code == 4
    assert "companion vault restore FILE" in one_line(ended)


def test_6_in_use(shell: Shell) -> None:
    holder = Vault(shell.vault_folder(), shell.clock, cost=CHEAP)
    holder.unlock(PASSPHRASE)
    try:
        ended = shell.opened("journal", "list")
        info = shell("vault", "info", "--json").json
        restored = shell.opened("vault", "restore", holder.backup().file)
    finally:
        holder.lock()
    assert ended.code == 6
    assert f"process {os.getpid()}" in one_line(ended)
    assert restored.code == 6
    assert info["locked_by"]["pid"] == os.getpid()
    assert set(info["locked_by"]) == {"pid", "host", "since"}
    assert shell.opened("journal", "list").code == 0


def test_7_not_reachable(bare: Shell, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = bare.opened("--vault", tmp_path / "file" / "vault", "vault", "create")
    assert ended.code == 7
    one_line(ended)


def test_7_a_backup_that_is_not_there(shell: Shell, tmp_path: Path) -> None:
    assert shell.opened("vault", "restore", tmp_path / "none.vbak").code == 7
    assert shell.opened("vault", "backup", "--to", tmp_path / "none" / "b.vbak").code == 7


@pytest.mark.skipif(os.name != "posix", reason="permissions as POSIX has them")
def test_7_read_only(made: Path, clock: FakeClock) -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to other users
        Path(name).chmod(0o755)
        shell = Shell(Path(name) / "data", clock)
        shutil.copytree(made, shell.data)
        (shell.data / "settings.json").unlink()
        shell.add("words")
        with ordinary_user(shell.data):
            for path in (shell.data, *shell.data.rglob("*")):
                path.chmod(0o500 if path.is_dir() else 0o400)
            listed = shell.opened("journal", "list", "--json")
            added = shell.opened("journal", "add", text="more words")
            made_new = shell.opened("--vault", shell.data / "new", "vault", "create")
            for path in (shell.data, *shell.data.rglob("*")):
                path.chmod(0o700 if path.is_dir() else 0o600)
        assert listed.code == 0, listed.err
        assert len(listed.json["entries"]) == 1
        assert added.code == 7
        one_line(added)
        assert made_new.code == 7
        assert "can't be written" in one_line(made_new)
        assert len(shell.opened("journal", "list", "--json").json["entries"]) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("bogus",),
        ("vault",),
        ("journal",),
        ("vault", "bogus"),
        ("journal", "show"),
        ("journal", "list", "--bogus"),
        ("journal", "list", "extra"),
        ("vault", "restore"),
        ("import",),
        ("import", "x", "--undo", "y"),
        ("import", "--undo", "y", "--dry-run"),
        ("import", "x", "--format", "daylio"),
        ("crisis", "--country", "ZZ"),
        ("crisis", "--topic", "weather"),
        ("demo", "--json"),
        ("--data-dir",),
    ],
    ids=" ".join,
)
def test_2_wrong_use(bare: Shell, arguments: tuple[str, ...]) -> None:
    ended = bare(*arguments)
    assert ended.code == 2
    assert len(ended.err.splitlines()) == 1
    assert ended.out == ""
    assert not bare.data.exists()


def test_0_help_and_version(bare: Shell) -> None:
    for arguments in (("--help",), ("-h",), ("vault", "--help"), ("journal", "add", "--help"), ("--version",)):
        ended = bare(*arguments)
        assert ended.code == 0
        assert ended.err == ""
        assert ended.out
    assert not bare.data.exists()


@pytest.mark.parametrize(
    ("error", "code"), [(NotEnoughMemory(), 1), (DiskFull(), 7), (NoDisplay(), 10), (Stopped(), 130)]
)
def test_errors_carry_their_code(error: CompanionError, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    def job() -> int:
        raise error

    assert exit_code(job, FaultReport()) == code
    assert len(capsys.readouterr().err.splitlines()) == 1


def commands(group: click.Group, path: str = "companion") -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = [(path, group)]
    for name, command in group.commands.items():
        more = f"{path} {name}"
        found += commands(command, more) if isinstance(command, click.Group) else [(more, command)]
    return found


def test_the_commands_of_this_step_and_no_others() -> None:
    names = {path.removeprefix("companion").strip() for path, _command in commands(companion)}
    vault = {
        f"vault {n}"
        for n in ("create", "info", "check", "passphrase", "recover", "backup", "restore", "proof", "salvage")
    }
    journal = {f"journal {n}" for n in ("add", "list", "show", "search", "delete", "restore")}
    single = {"", "vault", "journal", "help-now", "self-test", "demo", "crisis", "doctor", "import", "export"}
    assert names == single | vault | journal


def test_no_secret_can_be_given_as_an_argument_or_a_variable() -> None:
    for path, command in commands(companion):
        assert command.context_settings.get("auto_envvar_prefix") is None, path
        for parameter in command.params:
            assert parameter.envvar is None, path
            name = parameter.name or ""
            if "passphrase" in name or "key" in name:
                is_flag = isinstance(parameter, click.Option) and parameter.is_flag
                assert is_flag or name == "recovery_key_to", f"{path} {name}"


def test_every_command_that_opens_a_vault_takes_the_secret_from_standard_input() -> None:
    known = dict(commands(companion))
    for path in ALWAYS:
        command = known["companion " + " ".join(path[: 1 if path[0] == "import" else 2])]
        names = {parameter.name for parameter in command.params}
        assert {"passphrase_stdin", "recovery_key_stdin", "as_json"} <= names, path


def test_the_window_is_told_what_to_open(bare: Shell, shell: Shell, tmp_path: Path) -> None:
    bare.windows.code = 0
    for arguments in ((), ("help-now",), ("demo",), ("self-test", "--json")):
        assert bare(*arguments).code == 0
    name = bare.data.name
    assert bare.windows.asked == [f"window {name}", f"help-now {name}", f"demo {name}", "self-test True"]
    bare.windows.code = 10
    assert bare("help-now").code == 10
    missing = shell("--vault", tmp_path / "nothing")
    assert missing.code == 8


def test_a_named_vault_is_the_one_that_the_window_offers_first(shell: Shell, tmp_path: Path) -> None:
    second = tmp_path / "second"
    shutil.copytree(shell.vault_folder(), second)
    assert shell("--vault", second).code == 0
    assert shell.windows.asked == [f"window {shell.data.name}"]
    assert f'"last_vault": "{second}"' in (shell.data / "settings.json").read_text()
