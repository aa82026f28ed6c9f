"""Hardening of the process, each protection shown to work in a process of its own beside one without it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from companion.vault import process

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc and glibc")

HARDENED = "from companion.vault.process import harden_at_start; done = harden_at_start()\n"
UNHARDENED = "done = None\n"


def run(code: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=50,
        env={name: value for name, value in os.environ.items() if name != "OPENSSL_CONF"} | environ,
        cwd=Path(__file__).resolve().parents[2],
    )


def printed(code: str, **environ: str) -> str:
    done = run(code, **environ)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_everything_takes_effect_here() -> None:
    said = printed(HARDENED + "print(done)")
    assert said == (
        "StartHardening(openssl_conf=True, no_core_file=True, freed_memory_overwritten=True, private_files=True)"
    )


def test_importing_it_loads_no_crypto_and_no_database() -> None:
    code = "import sys, companion.vault.process; print([m for m in ('cryptography', 'sqlcipher3') if m in sys.modules])"
    assert printed(code) == "[]"


def test_a_broken_openssl_configuration_does_not_lock_the_journal(tmp_path: Path) -> None:
    broken = tmp_path / "openssl.cnf"
    broken.write_text(
        "openssl_conf = start\n[start]\nproviders = all\n[all]\ngone = gone\n[gone]\nmodule = /gone.so\nactivate = 1\n"
    )
    use = (
        "import sqlcipher3\nc = sqlcipher3.connect(':memory:')\nprint(c.execute('PRAGMA cipher_version').fetchone()[0])"
    )
    without = run(UNHARDENED + use, OPENSSL_CONF=str(broken))
    assert without.returncode != 0, "the control must fail, or this test shows nothing"
    assert printed(HARDENED + use, OPENSSL_CONF=str(broken)).startswith("4.")


def test_being_too_late_for_openssl_is_said() -> None:
    assert "openssl_conf=False" in printed("import sqlcipher3\n" + HARDENED + "print(done)")
    twice = HARDENED + "import sqlcipher3; print(harden_at_start().openssl_conf)"
    assert printed(twice) == "True"


def test_no_core_file_can_be_written() -> None:
    limit = "import resource; print(resource.getrlimit(resource.RLIMIT_CORE))"
    assert printed(HARDENED + limit) == "(0, 0)"


def test_new_files_belong_to_this_account_alone(tmp_path: Path) -> None:
    write = (
        "import os; open('{0}', 'w').close(); os.mkdir('{0}.d');"
        "print(*(oct(os.stat(p).st_mode & 0o777) for p in ('{0}', '{0}.d')))"
    )
    assert printed(HARDENED + write.format(tmp_path / "a")) == "0o600 0o700"
    loose = "import os; os.umask(0o022)\n"
    assert printed(loose + write.format(tmp_path / "b")) == "0o644 0o755"


PERTURBED = """
import ctypes
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
block = ctypes.string_at(libc.malloc(5000), 5000)
print(block.count(90 ^ 255) == 5000)
"""


def test_memory_is_overwritten_by_the_allocator() -> None:
    """glibc fills what it hands out with the complement of what it overwrites freed memory with."""
    assert printed(HARDENED + PERTURBED) == "True"
    assert printed(UNHARDENED + PERTURBED) == "False"


FREED_TEXT = """
text = bytes(range(32, 127)) * 750
address = id(text) + bytes.__basicsize__ - 1
with open("/proc/self/mem", "rb", buffering=0) as memory:
    def still_there():
        memory.seek(address + 4085)  # 43 * 95: at the start of a line
        try:
            return memory.read(95) == bytes(range(32, 127))
        except OSError:
            return False
    before = still_there()
    del text
    print(before, still_there())
"""


def test_what_was_freed_is_gone_from_memory() -> None:
    """71,250 bytes are below glibc's mmap threshold, so the place stays readable after it is freed."""
    assert printed(HARDENED + FREED_TEXT) == "True False"
    assert printed(UNHARDENED + FREED_TEXT) == "True True"


DUMPABLE = "import ctypes; print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"  # PR_GET_DUMPABLE
AFTER_UNLOCK = "from companion.vault.process import harden_after_unlock as after; from pathlib import Path\n"


def test_other_processes_are_kept_out_after_unlock_and_not_at_start() -> None:
    assert printed(HARDENED + DUMPABLE) == "1"
    assert printed(HARDENED + AFTER_UNLOCK + "print(after(Path('/nowhere')))\n" + DUMPABLE) == "True\n0"


def test_not_inside_flatpak(tmp_path: Path) -> None:
    mark = tmp_path / ".flatpak-info"
    mark.write_text("[Application]\n")
    assert printed(AFTER_UNLOCK + f"print(after(Path({str(mark)!r})))\n" + DUMPABLE) == "False\n1"


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes another account first")
def test_an_ordinary_account_cannot_read_our_memory_after_unlock() -> None:
    """As root everything is readable; the promise is about other programs of the same ordinary account."""
    code = (
        "import os; os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "import ctypes; ctypes.CDLL(None).prctl(4, {dumpable}, 0, 0, 0)\n"
        "after = None\n"
        "{unlock}"
        "pid = os.getpid()\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    try: open(f'/proc/{{pid}}/mem', 'rb').close(); os._exit(1)\n"
        "    except OSError: os._exit(2)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))"
    )
    # The other account may not be able to read this Python's own files any more.
    load = "import ctypes; from companion.vault.process import harden_after_unlock as hide\n"
    assert printed(load + code.format(dumpable=1, unlock="")) == "1"
    assert printed(load + code.format(dumpable=1, unlock="hide()\n")) == "2"


# --- where a system has none of it -------------------------------------------


def test_it_is_harmless_on_other_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    umask = os.umask(0o022)
    try:
        monkeypatch.setattr(process.sys, "platform", "win32")
        monkeypatch.setitem(sys.modules, "resource", None)
        environ: dict[str, str] = {}
        done = process.harden_at_start(environ)
        assert environ == {"OPENSSL_CONF": os.devnull}
        assert not done.no_core_file
        assert not done.freed_memory_overwritten
        assert process.harden_after_unlock() is False
    finally:
        os.umask(umask)


def test_it_is_harmless_where_the_library_lacks_the_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    class Musl:
        """A C library with neither mallopt nor prctl."""

    umask = os.umask(0o022)
    try:
        monkeypatch.setattr("ctypes.CDLL", lambda _: Musl())
        monkeypatch.setattr("resource.setrlimit", lambda *_: (_ for _ in ()).throw(ValueError))
        done = process.harden_at_start({})
        assert not done.freed_memory_overwritten
        assert not done.no_core_file
        assert process.harden_after_unlock(Path("/nowhere")) is False
    finally:
        os.umask(umask)
