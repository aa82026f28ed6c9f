"""Files and folders that a crash leaves whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from companion.core.files import private_folder


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the system does not say which folder was flushed")
def test_a_new_folder_is_on_the_disk_with_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda handle: flushed.append(os.readlink(f"/proc/self/fd/{handle}")))
    private_folder(tmp_path / "a" / "b")
    assert flushed == [str(tmp_path), str(tmp_path / "a")]
    flushed.clear()
    assert private_folder(tmp_path / "a" / "b") == tmp_path / "a" / "b"
    assert flushed == []
