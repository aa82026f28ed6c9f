"""Second copies that the person has decided to leave where they are: not told again until they change."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from companion.core.copies import OtherVersion
from companion.core.errors import CompanionError

if TYPE_CHECKING:
    from companion.vault.vault import Vault

_KEY: Final = "left_versions"
_MOST: Final = 200


def versions_to_tell(vault: Vault) -> tuple[OtherVersion, ...]:
    """Second copies beside the open vault, without those that were left. Never a reason not to open."""
    try:
        left = vault.preferences.get(_KEY, [])
        return tuple(one for one in vault.other_versions() if _fingerprint(one.path) not in left)
    except CompanionError:
        return ()


def leave(vault: Vault, others: tuple[OtherVersion, ...]) -> None:
    """Do not tell of these again. Raises ReadOnlyVault, StorageTrouble."""
    left = [*vault.preferences.get(_KEY, []), *(_fingerprint(one.path) for one in others)]
    vault.preferences.put(_KEY, list(dict.fromkeys(left))[-_MOST:])


def _fingerprint(path: Path) -> str:
    with suppress(OSError):
        found = path.stat()
        return f"{path.name}:{found.st_size}:{found.st_mtime_ns}"
    return path.name
