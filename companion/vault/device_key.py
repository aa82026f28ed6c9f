"""The computer's own key store, asked so that it can fail in any way and never keep anyone waiting.

What lies there is 32 random bytes that open one slot of one vault (`keyslots.py`), never the
master key. A key store is other people's code in other people's processes: it may be missing,
locked, empty, slow, or dead in the middle of an answer. So every call has a thread of its own and
three seconds, and whatever goes wrong is one error, DeviceUnavailable, with one of `REASONS`.
"""

from __future__ import annotations

import hmac
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, Final, NamedTuple, Protocol

from companion.core.errors import DeviceUnavailable

LIMIT_S: Final = 3.0
SERVICE: Final = "companion"
SECRET_BYTES: Final = 32

# Key stores that keep what they hold away from other accounts and encrypted at rest. Anything else that the
# keyring library can be pointed at (plain files, files under a password of their own, tests) is refused.
TRUSTED: Final = (
    "keyring.backends.SecretService.Keyring",
    "keyring.backends.kwallet.DBusKeyring",
    "keyring.backends.Windows.WinVaultKeyring",
    "keyring.backends.macOS.Keyring",
)
_ABSENT: Final = ("keyring.backends.fail.Keyring", "keyring.backends.null.Keyring")
_CHAIN: Final = "keyring.backends.chainer.ChainerBackend"


class Item(NamedTuple):
    """The name of one secret: which vault, and which slot of it."""

    vault_id: str
    slot_id: str

    @property
    def user(self) -> str:
        """The name as the key store has it."""
        return f"{self.vault_id}/{self.slot_id}"


class KeyStore(Protocol):
    """Where the secret of a device slot lies. Every method raises DeviceUnavailable and nothing else."""

    def fetch(self, item: Item) -> bytearray:
        """The secret; the caller wipes it."""

    def store(self, item: Item, secret: bytearray) -> None:
        """Keep the secret; it was read back and is the same when this returns."""

    def remove(self, item: Item) -> None:
        """Forget the secret; fine when it is not there."""

    def name(self) -> str:
        """What the system calls its key store."""


class Backend(Protocol):
    """What is asked of the keyring library's backends; they raise whatever they like."""

    @property
    def name(self) -> str:
        """What it calls itself."""

    def get_password(self, service: str, username: str, /) -> Any:
        """The text, or None."""

    def set_password(self, service: str, username: str, password: str, /) -> None:
        """Keep the text."""

    def delete_password(self, service: str, username: str, /) -> None:
        """Forget the text."""


class KeyringStore:
    """The key store that the keyring library finds.

    While one call hangs, any other is answered with "slow" at once: no thread is started beside it. A thread
    that hangs is a daemon, so the program can end. The text of a secret is a Python string and cannot be wiped.
    """

    def __init__(self, backend: Callable[[], Backend] | None = None, limit_s: float = LIMIT_S) -> None:
        self._backend = backend or trusted_backend
        self._limit_s = limit_s
        self._lock = threading.Lock()
        self._last: _Call | None = None

    def fetch(self, item: Item) -> bytearray:
        """The secret; the caller wipes it. Raises DeviceUnavailable: "gone" and "garbage" will not pass by waiting."""
        return _secret(self._ask(lambda backend: backend.get_password(SERVICE, item.user)))

    def store(self, item: Item, secret: bytearray) -> None:
        """Keep the secret, and read it back: a key store that only says it did is found out here."""
        text = secret.hex()

        def keep(backend: Backend) -> object:
            backend.set_password(SERVICE, item.user, text)
            return backend.get_password(SERVICE, item.user)

        back = self._ask(keep)
        if not isinstance(back, str) or not hmac.compare_digest(back.encode("utf-8", "replace"), text.encode("ascii")):
            raise DeviceUnavailable("not-kept")

    def remove(self, item: Item) -> None:
        """Forget the secret, and look whether it is gone. Raises DeviceUnavailable when it is still there."""

        def forget(backend: Backend) -> object:
            if backend.get_password(SERVICE, item.user) is not None:
                backend.delete_password(SERVICE, item.user)
            return backend.get_password(SERVICE, item.user)

        if self._ask(forget) is not None:
            raise DeviceUnavailable("broken")

    def name(self) -> str:
        """What the system calls its key store; nothing is read from it. Raises DeviceUnavailable."""
        return str(self._ask(lambda backend: backend.name))

    # --- inside ----------------------------------------------------------

    def _ask(self, question: Callable[[Backend], object]) -> object:
        """The answer. Raises DeviceUnavailable after `limit_s` at the latest."""
        call = _Call(self._backend, question)
        with self._lock:
            if self._last is not None and not self._last.done.is_set():
                raise DeviceUnavailable("slow")
            try:
                call.thread.start()
            except RuntimeError as error:  # the system gives no more threads
                raise DeviceUnavailable("broken") from error
            self._last = call
        if not call.done.wait(self._limit_s):
            raise DeviceUnavailable("slow")
        if call.reason:
            raise DeviceUnavailable(call.reason)
        return call.answer


class _Call:
    """One question on its own thread."""

    def __init__(self, backend: Callable[[], Backend], question: Callable[[Backend], object]) -> None:
        self._backend, self._question = backend, question
        self.answer: object = None
        self.reason = ""
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._work, name="key-store", daemon=True)

    def _work(self) -> None:
        try:
            self.answer = self._question(self._backend())
        except DeviceUnavailable as error:
            self.reason = error.reason
        except BaseException as error:  # other people's code: any of its faults means the same to the person
            self.reason = _reason(error)
        finally:
            self.done.set()


_SAYS: Final = {
    "KeyringLocked": "locked",
    "LockedException": "locked",
    "PromptDismissedException": "locked",
    "NoKeyringError": "none",
    "SecretServiceNotAvailableException": "none",
    "ItemNotFoundException": "gone",
}


def _reason(error: BaseException) -> str:
    """By name, and so without loading the library: one that did not load cannot be asked for its classes."""
    return next((_SAYS[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in _SAYS), "broken")


def _secret(text: object) -> bytearray:
    if text is None:
        raise DeviceUnavailable("gone")
    if not isinstance(text, str) or not re.fullmatch(f"[0-9a-f]{{{2 * SECRET_BYTES}}}", text, re.ASCII):
        raise DeviceUnavailable("garbage")
    return bytearray.fromhex(text)


# --- which one ---------------------------------------------------------------


def trusted_backend() -> Backend:
    """The key store of this system, looked for anew each time, because it may have come or gone.

    What the person chose in keyring's own settings is respected where it can be trusted.
    Raises DeviceUnavailable "none" or "weak", and whatever the library raises.
    """
    from keyring import core

    chosen = core.load_env() or core.load_config()
    if chosen is None:
        return _best(_here())
    kind = _class_name(type(chosen))
    if kind == _CHAIN:
        chained: list[Any] = chosen.backends  # type: ignore[attr-defined]
        return _best(backend for backend in chained if _class_name(type(backend)) in TRUSTED)
    if kind in _ABSENT:
        raise DeviceUnavailable("none")
    if kind not in TRUSTED:
        raise DeviceUnavailable("weak")
    return chosen


def _here() -> Iterator[Any]:
    """The trusted ones that work here and now; one that fails at being asked does not hide another."""
    from importlib import import_module

    for name in TRUSTED:
        module, _, kind = name.rpartition(".")
        with suppress(Exception):
            found = getattr(import_module(module), kind)
            found.priority  # noqa: B018 - raises where this key store does not work
            yield found()


def _best(found: Iterable[Any]) -> Backend:
    best = max(found, key=lambda backend: backend.priority, default=None)
    if best is None:
        raise DeviceUnavailable("none")
    return best  # type: ignore[no-any-return]


def _class_name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
