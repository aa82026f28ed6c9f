"""A place is tried before a person is asked for anything, and nothing of the trial stays."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from companion.core import room
from companion.core.errors import DiskFull, DiskReadOnly, DiskUnreachable, NotEnoughRoom


def test_a_place_that_is_there_or_can_be_made_fits_and_stays_as_it_was(tmp_path: Path) -> None:
    room.require_place(tmp_path, 1)
    room.require_place(tmp_path / "data" / "vaults", 1)
    assert list(tmp_path.iterdir()) == []


def test_too_little_room_is_told_with_both_numbers(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    with pytest.raises(NotEnoughRoom) as told:
        room.require_place(tmp_path / "vaults", free * 3)
    assert told.value.needed_bytes == free * 3
    assert abs(told.value.free_bytes - free) < free // 2
    assert told.value.exit_code == 7
    assert list(tmp_path.iterdir()) == []


def test_a_file_where_the_folder_has_to_be(tmp_path: Path) -> None:
    (tmp_path / "vaults").write_bytes(b"")
    with pytest.raises(DiskUnreachable):
        room.require_place(tmp_path / "vaults", 1)


@pytest.mark.parametrize(("code", "kind"), [(errno.EROFS, DiskReadOnly), (errno.EACCES, DiskReadOnly)])
def test_a_folder_that_takes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, kind: type[DiskReadOnly]
) -> None:
    def refuse(*_args: object, **_more: object) -> str:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(room.tempfile, "mkdtemp", refuse)
    with pytest.raises(kind):
        room.require_place(tmp_path, 1)


def test_a_disk_that_is_full_at_the_first_byte_leaves_no_trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(room.os, "write", full)
    with pytest.raises(DiskFull):
        room.require_place(tmp_path, 1)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_does_not_say_how_much_it_has_is_taken_at_its_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(_path: object) -> object:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    monkeypatch.setattr(room.shutil, "disk_usage", unknown)
    room.require_place(tmp_path, 1 << 60)
