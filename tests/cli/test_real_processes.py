"""The command as it is started by a person: arguments, pipes, terminals, signals and broken systems."""

from __future__ import annotations

import ctypes.util
import json
import os
import pty
import re
import resource
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import PASSPHRASE, Shell

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "companion"]
SECONDS = 30


def environment(data: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    for name in ("QT_QPA_PLATFORM", "PYTHONUNBUFFERED"):
        kept.pop(name, None)
    return {**kept, "COMPANION_DATA_DIR": str(data), **more}


def run(data: Path, *arguments: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        env=environment(data, **more),
        timeout=SECONDS,
        check=False,
    )


def test_the_installed_command_is_the_same_program(shell: Shell) -> None:
    installed = Path(sys.executable).with_name("companion")
    if not installed.exists():
        pytest.skip("not installed beside this interpreter")
    ended = subprocess.run(
        [str(installed), "journal", "list", "--passphrase-stdin", "--json"],
        input=f"{PASSPHRASE}\n".encode(),
        capture_output=True,
        env=environment(shell.data),
        timeout=SECONDS,
    )
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout) == {"entries": [], "next": None}
    assert ended.stderr == b""


def test_json_is_utf_8_whatever_the_terminal_speaks(shell: Shell) -> None:
    entry_id = shell.add("Ünïcode 😀 שלום")
    odd = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    as_json = run(
        shell.data, "journal", "show", entry_id, "--passphrase-stdin", "--json", stdin=f"{PASSPHRASE}\n", **odd
    )
    assert json.loads(as_json.stdout)["text"] == "Ünïcode 😀 שלום"
    in_words = run(shell.data, "journal", "show", entry_id, "--passphrase-stdin", stdin=f"{PASSPHRASE}\n", **odd)
    assert in_words.returncode == 0
    assert "?n?code" in in_words.stdout
    wrong = run(shell.data, "--vault", "/nowhere/ünïcode-😀", "vault", "info", **odd)
    assert wrong.returncode == 8
    assert len(wrong.stderr.splitlines()) == 1


def test_crisis_loads_nothing_it_does_not_need(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom companion.__main__ import main\n"
        "assert main(['crisis', '--json', '--country', 'GB']) == 0\n"
        "names = ('cryptography', 'sqlcipher3', 'sqlite3', 'keyring', 'plyer', 'PySide6', 'segno', 'asyncio', 'socket',"
        " 'http', 'ssl', 'markdown_it')\n"
        "sys.stderr.write(repr([name for name in names if name in sys.modules]))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, env=environment(tmp_path / "data")
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == "[]"
    assert json.loads(ended.stdout)["country"] == "GB"


def library_that_stands_in() -> str:
    found = ctypes.util.find_library("sqlite3")
    if sys.platform != "linux" or found is None:
        pytest.skip("no system SQLite to be loaded in place of ours")
    return found


@pytest.mark.parametrize("command", [("vault", "create"), ("journal", "list"), ("journal", "add")], ids=" ".join)
def test_9_with_another_sqlite_in_its_place_nothing_is_written(
    shell: Shell, tmp_path: Path, command: tuple[str, str]
) -> None:
    stand_in = library_that_stands_in()
    place = tmp_path / "new.vault" if command == ("vault", "create") else shell.vault_folder()
    before = {path: path.read_bytes() for path in shell.vault_folder().rglob("*") if path.is_file()}
    ended = run(
        shell.data,
        *("--vault", str(place), *command, "--passphrase-stdin", "--json"),
        stdin=f"{PASSPHRASE}\nsecret words of a day\n",
        LD_PRELOAD=stand_in,
    )
    assert ended.returncode == 9, ended.stderr
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1
    assert "Encryption does not work here" in ended.stderr
    after = {path: path.read_bytes() for path in shell.vault_folder().rglob("*") if path.is_file()}
    assert {p: raw for p, raw in after.items() if p.name != "vault.lock"} == {
        p: raw for p, raw in before.items() if p.name != "vault.lock"
    }
    assert command != ("vault", "create") or not place.exists()


@pytest.mark.parametrize("arguments", [(), ("help-now",), ("demo",), ("--debug",)], ids=" ".join)
@pytest.mark.parametrize("display", ["", ":987"])
def test_10_no_display(tmp_path: Path, arguments: tuple[str, ...], display: str) -> None:
    ended = run(tmp_path / "data", *arguments, **({"DISPLAY": display} if display else {}))
    assert ended.returncode == 10
    assert ended.stdout == ""
    line, *places = ended.stderr.splitlines()
    assert line.startswith("There is no display, so the window can't open.")
    for name in ("crisis", "vault", "journal", "import", "doctor"):
        assert name in line
    assert bool(places) == (arguments == ("--debug",))
    assert "PySide6" not in ended.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("buffering", [{}, {"PYTHONUNBUFFERED": "1"}], ids=["buffered", "unbuffered"])
def test_whoever_reads_the_output_may_stop(shell: Shell, buffering: dict[str, str]) -> None:
    entry_id = shell.add("many " * 100_000)
    with subprocess.Popen(
        [*COMMAND, "journal", "show", entry_id, "--passphrase-stdin", "--json"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(shell.data, **buffering),
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(f"{PASSPHRASE}\n".encode())
        process.stdin.close()
        assert process.stdout.read(1) == b"{"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.mark.parametrize(
    ("closed", "arguments", "code"),
    [
        ("<&-", "journal list --passphrase-stdin", 2),
        ("<&-", "vault info", 0),
        (">&-", "vault info --json", 7),
        ("2>&-", "vault info --json", 0),
        ("2>&-", "bogus", 2),
    ],
)
def test_closed_streams_are_no_fault(shell: Shell, closed: str, arguments: str, code: int) -> None:
    ended = subprocess.run(
        ["sh", "-c", f'exec "$0" -m companion {arguments} {closed}', sys.executable],
        cwd=ROOT,
        capture_output=True,
        env=environment(shell.data),
        timeout=SECONDS,
    )
    assert ended.returncode == code, ended.stderr
    assert b"fault" not in ended.stderr


def test_arguments_that_are_no_text(shell: Shell, tmp_path: Path) -> None:
    secret = f"{PASSPHRASE}\n".encode()

    def ended(*arguments: bytes, stdin: bytes = secret) -> subprocess.CompletedProcess[bytes]:
        command = [*map(os.fsencode, COMMAND), *arguments, b"--passphrase-stdin", b"--json"]
        return subprocess.run(
            command, cwd=ROOT, input=stdin, capture_output=True, env=environment(shell.data), timeout=SECONDS
        )

    added = ended(b"journal", b"add", b"--title", b"caf\xe9", b"--tag", b"\xff", stdin=secret + b"words")
    assert added.returncode == 0, added.stderr
    (entry,) = json.loads(ended(b"journal", b"list").stdout)["entries"]
    assert entry["title"] == "caf\ufffd"
    missing = ended(b"import", os.fsencode(tmp_path) + b"/\xff.json")
    assert missing.returncode == 5
    assert len(missing.stderr.splitlines()) == 1
    backup = ended(b"vault", b"backup", b"--to", os.fsencode(tmp_path) + b"/\xff.vbak")
    assert backup.returncode == 0, backup.stderr
    assert json.loads(backup.stdout)["file"].endswith("?.vbak")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has this file")
def test_7_output_that_cannot_be_written(shell: Shell) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [*COMMAND, "vault", "info", "--json"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment(shell.data),
            timeout=SECONDS,
        )
    assert ended.returncode == 7
    assert len(ended.stderr.splitlines()) == 1


def test_7_disk_full_keeps_what_was_saved(shell: Shell) -> None:
    shell.add("saved before")
    size = (shell.vault_folder() / "vault.db").stat().st_size

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20_000, size + 20_000))

    ended = subprocess.run(
        [*COMMAND, "journal", "add", "--passphrase-stdin"],
        cwd=ROOT,
        input=f"{PASSPHRASE}\n{'a long day ' * 20_000}".encode(),
        capture_output=True,
        env=environment(shell.data),
        preexec_fn=small,
        timeout=SECONDS,
    )
    assert ended.returncode == 7, ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    listed = shell.opened("journal", "list", "--json").json["entries"]
    assert [entry["excerpt"] for entry in listed] == ["saved before"]


FAULTY = """
import sys
import companion.cli.main as line
from companion.__main__ import _Windows

def broken(*_arguments, **_more):
    own_words = "words of CANARY"
    raise ValueError(own_words, {"passphrase": own_words})

line.companion.commands["vault"].commands["info"].callback = broken
sys.exit(line.command_line(sys.argv[1:], _Windows()))
"""


@pytest.mark.parametrize("debug", [False, True])
def test_1_a_fault_of_the_program_is_one_line_without_a_word_of_anybody(tmp_path: Path, debug: bool) -> None:
    arguments = ["--debug"] if debug else []
    ended = subprocess.run(
        [sys.executable, "-c", FAULTY, *arguments, "vault", "info"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=environment(tmp_path / "data", HOME="/home/zephyrquill"),
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    line, *places = ended.stderr.splitlines()
    assert line.startswith("A fault in Companion stopped this. What was saved before is intact.")
    assert "CANARY" not in ended.stderr
    assert "Traceback" not in ended.stderr
    assert bool(places) is debug
    assert not debug or "ValueError" in places
    assert all(re.fullmatch(r"\w+|  [\w./<>-]+:\d+ [\w.<>]+", place) for place in places), places


class Terminal:
    """A command on a terminal of its own."""

    def __init__(self, data: Path, *arguments: str) -> None:
        self.pid, self.handle = pty.fork()
        if self.pid == 0:
            # A run in the background is started with Ctrl+C ignored, and a new program would go on ignoring it.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.chdir(ROOT)
            os.execve(sys.executable, [*COMMAND, *arguments], environment(data))
        self.seen = ""
        self._waited_to = 0

    def wait_for(self, words: str) -> None:
        """Wait until these words come, after the ones that were waited for before."""
        end = time.monotonic() + SECONDS
        while (at := self.seen.find(words, self._waited_to)) < 0:
            assert time.monotonic() < end, self.seen
            self._read(1)
        self._waited_to = at + len(words)

    def type(self, line: str) -> None:
        os.write(self.handle, line.encode())

    def end(self) -> int:
        while self._read(SECONDS):
            pass
        os.close(self.handle)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def _read(self, seconds: float) -> bool:
        if not select.select([self.handle], [], [], seconds)[0]:
            return False
        try:
            raw = os.read(self.handle, 65536)
        except OSError:
            return False
        self.seen += raw.decode("utf-8", "replace")
        return bool(raw)


@pytest.mark.skipif(sys.platform != "linux", reason="terminals as Linux has them")
class TestTerminal:
    def test_a_passphrase_is_asked_for_and_not_shown(self, shell: Shell) -> None:
        shell.add("words")
        terminal = Terminal(shell.data, "journal", "list")
        terminal.wait_for("Passphrase: ")
        terminal.type(PASSPHRASE + "\n")
        assert terminal.end() == 0
        assert "words" in terminal.seen
        assert PASSPHRASE not in terminal.seen

    def test_a_new_passphrase_is_asked_for_until_both_are_the_same(self, shell: Shell) -> None:
        terminal = Terminal(shell.data, "vault", "passphrase")
        terminal.wait_for("Present passphrase: ")
        terminal.type(PASSPHRASE + "\n")
        terminal.wait_for("or more): ")
        terminal.type("nine green otters\n")
        terminal.wait_for("The same again: ")
        terminal.type("nine green others\n")
        terminal.wait_for("The two are different.")
        terminal.wait_for("or more): ")
        terminal.type("nine green otters\n")
        terminal.wait_for("The same again: ")
        terminal.type("nine green otters\n")
        assert terminal.end() == 0
        assert "otters" not in terminal.seen
        assert shell.opened("journal", "list", passphrase="nine green otters").code == 0

    def test_an_entry_can_be_written_at_the_terminal(self, shell: Shell) -> None:
        terminal = Terminal(shell.data, "journal", "add")
        terminal.wait_for("Passphrase: ")
        terminal.type(PASSPHRASE + "\n")
        terminal.wait_for("Ctrl+D")
        terminal.type("first line\nsecond line\n\x04")
        assert terminal.end() == 0
        assert "Saved. Only you can read this." in terminal.seen
        (entry,) = shell.opened("journal", "list", "--json").json["entries"]
        assert entry["excerpt"] == "first line second line"

    def test_long_work_shows_how_far_it_is_and_leaves_a_clean_line(self, shell: Shell) -> None:
        terminal = Terminal(shell.data, "vault", "backup")
        terminal.wait_for("Passphrase: ")
        terminal.type(PASSPHRASE + "\n")
        assert terminal.end() == 0
        assert "Backing up 100 %" in terminal.seen
        assert "\r\x1b[K" in terminal.seen

    @pytest.mark.parametrize("key", ["\x03", "\x04"])
    def test_ctrl_c_and_ctrl_d_at_the_prompt_end_it_calmly(self, shell: Shell, key: str) -> None:
        terminal = Terminal(shell.data, "journal", "list")
        terminal.wait_for("Passphrase: ")
        terminal.type(key)
        assert terminal.end() == 130
        assert "Stopped." in terminal.seen
        assert "Traceback" not in terminal.seen

    def test_without_a_terminal_it_says_what_to_do(self, shell: Shell) -> None:
        ended = subprocess.run(
            [*COMMAND, "journal", "list"],
            cwd=ROOT,
            input=b"",
            capture_output=True,
            env=environment(shell.data),
            start_new_session=True,
            timeout=SECONDS,
        )
        assert ended.returncode == 2
        assert b"--passphrase-stdin" in ended.stderr
        assert len(ended.stderr.splitlines()) == 1


def test_ctrl_c_during_an_import_keeps_nothing_of_it(shell: Shell, tmp_path: Path) -> None:
    entries = ",".join(
        json.dumps({"uuid": f"{n:032X}", "creationDate": "2024-03-01T10:00:00Z", "text": f"entry {n} " * 40})
        for n in range(20_000)
    )
    source = tmp_path / "big.json"
    source.write_text(f'{{"metadata": {{"version": "1.0"}}, "entries": [{entries}]}}')
    with subprocess.Popen(
        [*COMMAND, "import", str(source), "--passphrase-stdin", "--json"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(shell.data),
        start_new_session=True,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(f"{PASSPHRASE}\n".encode())
        process.stdin.close()
        database = shell.vault_folder() / "vault.db"
        size, end = database.stat().st_size, time.monotonic() + SECONDS
        while database.stat().st_size < size + 100_000 and process.poll() is None:
            assert time.monotonic() < end
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert process.stdout is not None
        assert process.stderr is not None
        out, err = process.stdout.read(), process.stderr.read()
    assert process.returncode == 130, (out, err)
    assert out == b""
    assert err == b"Stopped. What was saved before is intact.\n"
    assert shell.opened("journal", "list", "--json").json["entries"] == []
    check = shell.opened("vault", "check", "--json").json
    assert (check["ok"], check["entries"]) == (True, 0)
