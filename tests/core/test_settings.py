import json
import stat
from pathlib import Path

import pytest

from companion.core.errors import DiskUnreachable
from companion.core.settings import Settings, SettingsFile

# What may lie outside the vault: look, language, country, lock times, names of folders. Never anything a person wrote.
ALLOWED = {
    "palette",
    "text_scale",
    "font",
    "spacing",
    "motion",
    "pictures",
    "language",
    "country",
    "auto_lock_minutes",
    "lock_on_minimise",
    "shared_computer",
    "neutral_name",
    "clear_clipboard",
    "strict_lock",
    "hide_from_capture",
    "first_run_done",
    "vaults",
    "last_vault",
    "computer",
    "seen",
}


def test_the_list_of_keys_outside_the_vault_is_closed() -> None:
    assert set(Settings._fields) == ALLOWED


def test_round_trip(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "deep" / "settings.json")
    kept = Settings(palette="dark", text_scale=1.5, vaults=("/a", "/b"))
    file.save(kept)
    assert file.load() == kept
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"42"])
def test_a_damaged_file_gives_the_defaults(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(raw)
    assert SettingsFile(path).load() == Settings()


def test_wrong_values_fall_back_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(
        json.dumps({"palette": "pink", "text_scale": 9, "country": "GB", "vaults": [1], "pictures": "yes", "odd": 1})
    )
    assert SettingsFile(path).load() == Settings(country="GB")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DiskUnreachable):
        SettingsFile(tmp_path / "file" / "settings.json").save(Settings())
