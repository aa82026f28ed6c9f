"""A real gnome-keyring, as an ordinary user, in a D-Bus session of its own with a home of its own.

`rounds()` starts the session; `python -m campaigns.real_key_store` is what runs inside it: it opens one vault with
the key store that works, and then with the same one locked, emptied, killed, frozen, restarted and gone.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from campaigns.children import PATIENCE_S, ROOT, pause, say
from campaigns.ground import CHEAP, PASSPHRASE
from companion.core.clock import SystemClock
from companion.core.errors import DeviceUnavailable
from companion.vault.device_key import Item, KeyringStore
from companion.vault.keyslots import KeyFile
from companion.vault.process import harden_after_unlock, harden_at_start
from companion.vault.vault import Vault

NEEDS = ("gnome-keyring-daemon", "dbus-run-session", "setpriv")
NOBODY = 65534
MODULE = "campaigns.real_key_store"
DAEMON = ("gnome-keyring-daemon", "--unlock", "--components=secrets", "--foreground")
_READY_S = 15.0
Told = dict[str, Any]


# --- outside the session -----------------------------------------------------


def rounds() -> list[Told] | str:
    """What each case told: `{case, ok, reason, seconds, at}`; or why it could not be tried here."""
    with session() as inside:
        if isinstance(inside, str):
            return inside
        told = [json.loads(line) for line in inside().splitlines() if line.startswith("{")]
        # The last thing inside was a call that hangs: the program could end all the same.
        seconds = time.monotonic() - told[-1]["at"]
        return [*told, {"case": "ended while a call hangs", "ok": True, "reason": "", "seconds": seconds}]


@contextmanager
def session() -> Iterator[Callable[[], str] | str]:
    """A way to run this module in a fresh session, which gives what it wrote; or why there is none here."""
    missing = [name for name in NEEDS if shutil.which(name) is None]
    if missing:
        yield f"needs {', '.join(missing)}"
        return
    home = Path(tempfile.mkdtemp(prefix="kr-", dir="/tmp"))  # a socket's path has 107 bytes at most
    try:
        (home / "run").mkdir(mode=0o700)
        become: tuple[str, ...] = ()
        if os.geteuid() == 0:
            become = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--")
            for path in (home, home / "run"):
                os.chown(path, NOBODY, NOBODY)
        environ = {
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(home / "run"),
            "TMPDIR": str(home),
            "PATH": os.environ.get("PATH", os.defpath),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        python = python_for(become, environ)
        if python is None:
            yield "no Python here that an ordinary user may run"
            return
        yield lambda: _run([*become, "dbus-run-session", "--", python, "-m", MODULE], environ)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(command: Sequence[str], environ: Mapping[str, str]) -> str:
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
        try:
            written = process.communicate(timeout=4 * PATIENCE_S)[0]
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # with all that was started in there
        if process.returncode:
            errors.seek(0)
            raise RuntimeError((errors.read().strip().splitlines() or ["nothing"])[-1])
        return written


def python_for(become: Sequence[str], environ: dict[str, str]) -> str | None:
    """This Python, or the system's own of the same version where this one lies in somebody's home."""
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    environ["PYTHONPATH"] = os.pathsep.join((str(ROOT), packages))
    own = f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, own):
        # Through a shell: the rights to find a program must be those that it runs with.
        tried = subprocess.run(
            [*become, "sh", "-c", 'exec "$0" -c "import keyring, sqlcipher3, campaigns"', python],
            cwd=ROOT,
            env=environ,
            capture_output=True,
        )
        if tried.returncode == 0:
            return python
    return None


# --- inside the session ------------------------------------------------------


class Daemon:
    """The key store's process."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it with its collection unlocked, and wait until it answers."""
        self.process = subprocess.Popen(
            [*DAEMON, "--replace"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        if self.process.stdin is not None:
            self.process.stdin.write(b"\n")
            self.process.stdin.close()
        deadline = time.monotonic() + _READY_S
        # Asking the key store itself would let the bus start another one in its place.
        while owner() != self.process.pid or collection().is_locked():
            if time.monotonic() > deadline:
                raise TimeoutError("gnome-keyring does not answer")
            pause(0.02)

    def send(self, number: signal.Signals) -> None:
        """Stop, continue or kill it."""
        if self.process is not None:
            self.process.send_signal(number)
            if number is signal.SIGKILL:
                self.process.wait()


def owner() -> int | None:
    """The process that is the key store of this bus now."""
    from jeepney import DBusErrorResponse
    from jeepney.bus_messages import message_bus
    from jeepney.io.blocking import Proxy, open_dbus_connection

    with open_dbus_connection() as bus:
        try:
            (pid,) = Proxy(message_bus, bus).GetConnectionUnixProcessID("org.freedesktop.secrets")
        except DBusErrorResponse:
            return None
    return int(pid)


def collection() -> Any:
    """The default collection."""
    import secretstorage

    return secretstorage.get_default_collection(secretstorage.dbus_init())


def tell(case: str, is_right: bool, reason: str = "", seconds: float = 0.0) -> None:
    """Say how one case went."""
    told = {"case": case, "ok": is_right, "reason": reason, "seconds": round(seconds, 3), "at": time.monotonic()}
    say(json.dumps(told))


class Walk:
    """One vault through all that can happen to its key store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.daemon = Daemon()
        self.store = KeyringStore()
        self.vault = Vault(folder, SystemClock(), cost=CHEAP, key_store=self.store)

    def opens(self, case: str) -> None:
        """The key store opens the vault."""
        self._tell(case, ("",))

    def falls_back(self, case: str, *reasons: str) -> None:
        """The key store does not, the passphrase does."""
        self._tell(case, reasons)

    def _tell(self, case: str, promised: Sequence[str]) -> None:
        reason, began = "", time.monotonic()
        try:
            self.vault.device.open()
        except DeviceUnavailable as error:
            reason = error.reason
        seconds = time.monotonic() - began
        opened = self.vault.is_open
        self.vault.lock()
        self.vault.unlock(PASSPHRASE)
        self.vault.lock()
        tell(case, reason in promised and opened == (reason == ""), reason, seconds)

    def item(self) -> Item:
        """The name of the secret that is in force."""
        key_file = KeyFile.load(self.folder)
        return Item(key_file.vault_id, key_file.device_slot or "")

    def enable(self) -> None:
        """Switch it on."""
        self.vault.unlock(PASSPHRASE)
        self.vault.device.enable(PASSPHRASE)
        self.vault.lock()


def walk(home: Path) -> None:
    """All cases, one after the other, on one vault."""
    one = Walk(home / "a.vault")
    one.daemon.start()
    one.vault.create(PASSPHRASE)
    one.vault.lock()
    one.falls_back("never switched on", "off")
    one.enable()
    one.opens("switched on")
    tell("ordinary user", os.geteuid() != 0)
    tell("named", one.store.name() == "SecretService Keyring")
    tell("hardened", harden_after_unlock())
    one.opens("non-dumpable")
    one.enable()
    one.opens("switched on again while non-dumpable")
    collection().lock()
    one.falls_back("collection locked", "locked")
    one.daemon.start()
    one.opens("restarted and unlocked")
    before = one.item()
    one.store.remove(before)
    one.falls_back("item deleted", "gone")
    one.enable()
    one.opens("renewed")
    one.daemon.send(signal.SIGSTOP)
    one.falls_back("frozen", "slow")
    one.falls_back("still frozen", "slow")
    waiting = [thread for thread in threading.enumerate() if thread.name == "key-store"]
    tell("one thread waits", len(waiting) == 1)
    one.daemon.send(signal.SIGCONT)
    for thread in waiting:
        thread.join(PATIENCE_S)
    one.opens("awake again")
    one.daemon.send(signal.SIGKILL)
    # The bus may start another one, which is locked and cannot ask anybody.
    one.falls_back("killed", "locked", "none", "broken", "gone", "slow")
    one.daemon.start()
    one.opens("started after the kill")
    one.vault.unlock(PASSPHRASE)
    is_forgotten = one.vault.device.disable()
    one.vault.lock()
    tell("switched off", is_forgotten)
    one.falls_back("off", "off")
    one.enable()
    with _environ({"DBUS_SESSION_BUS_ADDRESS": f"unix:path={home}/nobody"}):
        one.falls_back("bus gone", "none", "broken")
    one.opens("bus back")
    one.daemon.send(signal.SIGSTOP)
    one.falls_back("frozen at the end", "slow")
    # And now the program ends, while a call still hangs.


@contextmanager
def _environ(changes: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


if __name__ == "__main__":
    harden_at_start()
    walk(Path(os.environ["HOME"]))
