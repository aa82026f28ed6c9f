"""Secrets and text from outside: from a prompt that does not echo, or from standard input, never as an argument."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, TypeVar

import click

from companion.cli.rules import complain
from companion.core.errors import InputRefused
from companion.core.i18n import _

F = TypeVar("F", bound=Callable[..., Any])
LONGEST_LINE: Final = 4096  # bytes of a passphrase or recovery key


@dataclass(frozen=True, slots=True)
class Asked:
    """Which secret opens the vault, and whether it comes from standard input."""

    from_stdin: bool
    is_recovery: bool = False


def passphrase_option(command: F) -> F:
    """Add `--passphrase-stdin`."""
    words = _("Read the passphrase from the first line of standard input.")
    return click.option("--passphrase-stdin", is_flag=True, help=words)(command)


def recovery_option(command: F) -> F:
    """Add `--recovery-key-stdin`."""
    words = _("Open with the recovery key, read from the first line of standard input.")
    return click.option("--recovery-key-stdin", is_flag=True, help=words)(command)


def asked(passphrase_stdin: bool, recovery_key_stdin: bool) -> Asked:
    """What the two options say together."""
    if passphrase_stdin and recovery_key_stdin:
        raise click.UsageError(_("Give a passphrase or a recovery key, not both."))
    return Asked(passphrase_stdin or recovery_key_stdin, recovery_key_stdin)


def secret(prompt: str, *, from_stdin: bool) -> str:
    """One secret. Raises UsageError where there is neither a line nor a terminal to ask on."""
    return read_line(standard_input()) if from_stdin else _prompted(prompt)


def new_passphrase(*, from_stdin: bool) -> str:
    """A new passphrase; at a prompt it is asked for twice until both are the same."""
    if from_stdin:
        return read_line(standard_input())
    while True:
        first = _prompted(_("New passphrase (10 characters or more): "))
        if _prompted(_("The same again: ")) == first:
            return first
        complain(_("The two are different. Nothing was changed. Try again."))


def standard_input() -> BinaryIO:
    """Standard input as bytes. Raises UsageError where there is none."""
    if sys.stdin is None:
        raise click.UsageError(_("There is no standard input."))
    return sys.stdin.buffer


def read_line(stream: BinaryIO) -> str:
    """The next line as it was typed, without its end. Raises UsageError, InputRefused."""
    raw = stream.readline(LONGEST_LINE + 1)
    if not raw:
        raise click.UsageError(_("Standard input ended where a passphrase or key was expected."))
    if len(raw) > LONGEST_LINE:
        raise InputRefused("too-large", _("standard input"))
    return _decoded(raw).rstrip("\r\n")


def read_text(stream: BinaryIO, longest: int) -> str:
    """All that is left, at most `longest` characters. Raises InputRefused, and then has not read on."""
    raw = stream.read(4 * longest + 1)  # no character of UTF-8 takes more than 4 bytes
    text = _decoded(raw) if len(raw) <= 4 * longest else ""
    if len(raw) > 4 * longest or len(text) > longest:
        raise InputRefused("too-large", _("standard input"))
    return text


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise InputRefused("not-text", _("standard input")) from error


def _prompted(prompt: str) -> str:
    if not _can_ask():
        raise click.UsageError(
            _("There is no terminal to ask for the passphrase on. --passphrase-stdin reads it from standard input.")
        )
    try:
        return getpass.getpass(prompt)
    except EOFError as error:
        raise KeyboardInterrupt from error


def _can_ask() -> bool:
    if os.name != "posix":
        return sys.stdin is not None and sys.stdin.isatty()
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True
