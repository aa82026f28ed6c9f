"""Checks that need no screen, for `companion doctor`: a process of their own, because a disk or a key store can hang.

Run as `python -m companion.cli.probes FOLDER NAME…`; prints one JSON line for each name: `{name, ok, detail}`.
"""

from __future__ import annotations

import json
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from companion.core.clock import SystemClock
from companion.core.errors import CompanionError, DeviceUnavailable, EncryptionMissing
from companion.core.files import storage_trouble
from companion.core.i18n import _
from companion.ui.device_words import device_reason
from companion.ui.messages import Situation, one_line
from companion.vault.process import harden_at_start

Answer = tuple[bool | None, str]
_MIB: Final = 1 << 20
_ENOUGH: Final = 100 * _MIB  # a small journal, its backups, and the room that a save needs


def encryption(_folder: Path) -> Answer:
    """Make a throw-away vault and look at the file it is in."""
    from companion.vault.keyslots import Cost
    from companion.vault.vault import Vault

    with tempfile.TemporaryDirectory(prefix="companion-check-") as place:
        # Nothing of anybody is in it, so its key may be derived quickly.
        vault = Vault(Path(place) / "check.vault", SystemClock(), cost=Cost(8 * 1024, 1, 1))
        try:
            vault.create(secrets.token_hex(16))
            proof = vault.proof()
        except EncryptionMissing as error:
            return False, one_line(error, Situation(command_line=True))
        except CompanionError as error:
            return None, one_line(error, Situation(command_line=True))
        finally:
            vault.lock()
    if proof.file_is_ciphertext and proof.wrong_key_refused:
        return True, _("A throw-away vault is encrypted, and a wrong key does not open it. {cipher}.").format(
            cipher=proof.cipher
        )
    return False, _("A throw-away vault was not encrypted.")


def disk(folder: Path) -> Answer:
    """Whether the data folder, or the place where it would be made, can be written and has room."""
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"companion")
            file.flush()
        free = shutil.disk_usage(place).free
    except OSError as error:
        return False, one_line(storage_trouble(error, place), Situation(command_line=True))
    words = _("{free} MB free in {folder}.") if free >= _ENOUGH else _("Only {free} MB free in {folder}.")
    return free >= _ENOUGH, words.format(free=free // _MIB, folder=place)


def key_store(_folder: Path) -> Answer:
    """Which key store this system has; nothing is read from it or put into it."""
    from companion.vault.device_key import KeyringStore

    try:
        return True, _("The key store is {name}.").format(name=KeyringStore().name())
    except DeviceUnavailable as error:
        return False, device_reason(error.reason) + " " + _("Companion asks for the passphrase each time.")


CHECKS: dict[str, Callable[[Path], Answer]] = {"encryption": encryption, "disk": disk, "key-store": key_store}


def main(arguments: list[str]) -> int:
    """Answer each check as soon as it is known."""
    harden_at_start()
    folder, *names = arguments
    for name in names:
        ok, detail = CHECKS[name](Path(folder))
        sys.stdout.write(json.dumps({"name": name, "ok": ok, "detail": detail}) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
