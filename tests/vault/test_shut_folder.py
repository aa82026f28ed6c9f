"""A folder nobody may look into: trouble with the disk, never a missing space, and the others stay in reach.

The rights themselves are tried by `campaigns/shut_folder.py`, as an ordinary user; root is let through everywhere.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from companion import services
from companion.core.errors import DiskReadOnly, StorageTrouble
from companion.core.paths import Paths
from companion.core.settings import Settings
from companion.vault.presence import holds_vault, is_pending
from companion.vault.vault import Vault
from tests.vault.conftest import MakeVault


@pytest.fixture
def shut(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A vault's folder as it is for somebody without the right to search it."""
    vault.lock()
    folder, stat, opened, access = vault.folder, os.stat, os.open, os.access

    def refuse(real):
        def ask(path, *rest, **more):
            if isinstance(path, str | os.PathLike) and folder in Path(path).parents:
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
            return real(path, *rest, **more)

        return ask

    monkeypatch.setattr(os, "stat", refuse(stat))
    monkeypatch.setattr(os, "open", refuse(opened))
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != folder and access(path, mode))
    return folder


def test_opening_is_told_as_trouble_with_the_disk(shut: Path, make_vault: MakeVault, passphrase: str) -> None:
    assert holds_vault(shut)
    assert make_vault().exists
    with pytest.raises(StorageTrouble):
        is_pending(shut)
    with pytest.raises(DiskReadOnly) as told:
        make_vault().unlock(passphrase)
    assert told.value.exit_code == 7
    with pytest.raises(StorageTrouble):
        make_vault().info()


def test_a_known_space_stays_listed_and_what_is_shut_is_not_taken_for_one(shut: Path, tmp_path: Path) -> None:
    known = services.known_vaults(Paths(tmp_path / "data"), Settings(vaults=(str(shut),)))
    assert known == [shut]
    assert services.vaults_in(shut.parent) == []
    assert services.vaults_in(shut) == []
