"""Key stores that fail, each in one way, with the interface of the keyring library's backends."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from keyring import errors
from secretstorage import exceptions

from companion.vault.device_key import Backend

SLEEP_S = 30.0
Act = Callable[[], Any]
Find = Callable[[], Backend]


class Drawer:
    """A key store that works and keeps what it holds in memory; `on` says what one of its acts does instead."""

    name = "a drawer"

    def __init__(self, held: dict[tuple[str, str], str] | None = None, **on: Act) -> None:
        self.held = {} if held is None else held
        self.on = on
        self.asked = 0

    def get_password(self, service: str, username: str, /) -> Any:
        """What is held, or None."""
        self.asked += 1
        return self.on["get"]() if "get" in self.on else self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str, /) -> None:
        """Hold it."""
        self.asked += 1
        if "set" in self.on:
            self.on["set"]()
        else:
            self.held[service, username] = password

    def delete_password(self, service: str, username: str, /) -> None:
        """Let go of it."""
        self.asked += 1
        if "delete" in self.on:
            self.on["delete"]()
        elif self.held.pop((service, username), None) is None:
            raise errors.PasswordDeleteError("nothing there")

    def find(self) -> Backend:
        """Itself, as a key store is found."""
        return self


class Case(NamedTuple):
    """What is wrong: the act that does something else, what it does, and the reasons that may be told.

    `act` is get, set, delete, or find, where no key store comes of looking for one.
    """

    name: str
    act: str
    does: Act
    reasons: tuple[str, ...]
    is_slow: bool = False


def failing(error: BaseException) -> Act:
    """Raise this."""

    def act() -> Any:
        raise error

    return act


def giving(value: object) -> Act:
    """Answer this."""
    return lambda: value


def sleeping(seconds: float = SLEEP_S) -> Act:
    """Answer nothing for so long."""
    return lambda: threading.Event().wait(seconds) and None


def faults() -> Iterator[tuple[str, BaseException, tuple[str, ...]]]:
    """Everything a backend was seen to raise, and some of what it never should, with the reasons told for it."""
    yield "NoKeyringError", errors.NoKeyringError("none"), ("none",)
    yield "KeyringLocked", errors.KeyringLocked("locked"), ("locked",)
    yield "LockedException", exceptions.LockedException("locked"), ("locked",)
    yield "PromptDismissedException", exceptions.PromptDismissedException("dismissed"), ("locked",)
    yield "SecretServiceNotAvailableException", exceptions.SecretServiceNotAvailableException("gone"), ("none",)
    yield "ItemNotFoundException", exceptions.ItemNotFoundException("gone"), ("gone",)
    others: tuple[BaseException, ...] = (
        errors.InitError("Prompt dismissed"),
        errors.KeyringError("?"),
        errors.PasswordSetError("?"),
        errors.PasswordDeleteError("?"),
        RuntimeError("?"),
        NotImplementedError(),
        ImportError("secretstorage"),
        ConnectionRefusedError(111, "refused"),
        FileNotFoundError(2, "no bus"),
        TimeoutError(),
        KeyError("DBUS_SESSION_BUS_ADDRESS"),
        AttributeError("priority"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
        MemoryError(),
        RecursionError(),
        AssertionError(),
        StopIteration(),
        EOFError(),
        SystemExit(3),
        KeyboardInterrupt(),
        GeneratorExit(),
    )
    for error in others:
        yield type(error).__name__, error, ("broken",)


def answers(secret: str) -> Iterator[tuple[str, object, str]]:
    """What stands where the secret should be, with the reason told for it."""
    yield "nothing", None, "gone"
    wrong: dict[str, object] = {
        "no letters": "",
        "a word": "swordfish",
        "one letter less": secret[:-1],
        "a byte less": secret[:-2],
        "a byte more": secret + "00",
        "a line end": secret + "\n",
        "capital letters": secret.upper() if secret.upper() != secret else "A" * len(secret),
        "other digits": "٣" * len(secret),
        "half a character": "\ud800" * len(secret),
        "a megabyte": "a" * (1 << 20),
        "zeros": "0" * len(secret),
        "another secret": "5a" * (len(secret) // 2),
        "bytes": secret.encode(),
        "a number": 7,
        "a list": [secret],
        "no": False,
    }
    for name, answer in wrong.items():
        yield name, answer, "garbage"


def at_opening(secret: str) -> Iterator[Case]:
    """All that can be wrong when the vault is opened; `secret` is what is held."""
    for name, error, reasons in faults():
        yield Case(f"raises {name}", "get", failing(error), reasons)
        yield Case(f"looking for it raises {name}", "find", failing(error), reasons)
    for name, answer, reason in answers(secret):
        yield Case(f"gives {name}", "get", giving(answer), (reason,))
    yield Case("sleeps 30 s", "get", sleeping(), ("slow",), is_slow=True)
    yield Case("looking for it sleeps 30 s", "find", sleeping(), ("slow",), is_slow=True)


def at_enabling() -> Iterator[Case]:
    """All that can be wrong when it is switched on."""
    for name, error, reasons in faults():
        yield Case(f"keeping raises {name}", "set", failing(error), reasons)
        yield Case(f"reading back raises {name}", "get", failing(error), reasons)
        yield Case(f"looking for it raises {name}", "find", failing(error), reasons)
    yield Case("says it keeps and does not", "set", giving(None), ("not-kept",))
    for name, answer, _reason in answers("ab" * 32):
        yield Case(f"gives back {name}", "get", giving(answer), ("not-kept",))
    yield Case("keeping sleeps 30 s", "set", sleeping(), ("slow",), is_slow=True)
    yield Case("reading back sleeps 30 s", "get", sleeping(), ("slow",), is_slow=True)


def at_disabling() -> Iterator[Case]:
    """All that can be wrong when it is switched off: the slot goes in any case."""
    for name, error, reasons in faults():
        yield Case(f"forgetting raises {name}", "delete", failing(error), reasons)
    yield Case("says it forgot and did not", "delete", giving(None), ("broken",))
    yield Case("forgetting sleeps 30 s", "delete", sleeping(), ("slow",), is_slow=True)


def finder(case: Case, held: dict[tuple[str, str], str]) -> Find:
    """How the key store of this case is found."""
    if case.act == "find":
        return case.does
    drawer = Drawer(held, **{case.act: case.does})
    return drawer.find
