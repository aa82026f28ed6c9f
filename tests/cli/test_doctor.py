"""`companion doctor`: every check answers or is given up, and none hangs."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from companion.cli import doctor, probes
from companion.cli.doctor import NAMES, Check, all_checks
from tests.cli.conftest import Shell
from tests.cli.test_real_processes import library_that_stands_in, run


def no_screen() -> dict[str, str]:
    gone = ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "QT_QPA_PLATFORM")
    return {name: value for name, value in os.environ.items() if name not in gone}


def test_json_names_every_check_and_makes_nothing(bare: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Path] = []

    def checks(data: Path, _environ: object) -> list[Check]:
        seen.append(data)
        return [Check(name, None if name == "tray" else True, "Fine.") for name in NAMES]

    monkeypatch.setattr(doctor, "all_checks", checks)
    ended = bare("doctor", "--json")
    assert ended.code == 0
    assert ended.err == ""
    assert [check["name"] for check in ended.json["checks"]] == list(NAMES)
    assert all(set(check) == {"name", "ok", "detail"} for check in ended.json["checks"])
    assert seen == [bare.data]
    assert bare("doctor").out.splitlines()[-1] == "tray: not known. Fine."


def test_a_machine_without_a_screen(tmp_path: Path) -> None:
    found = {check.name: check for check in all_checks(tmp_path / "data", no_screen(), 20)}
    assert tuple(found) == NAMES
    assert all(check.detail for check in found.values())
    for name in ("encryption", "disk", "fonts", "icons"):
        assert found[name].ok is True, found[name]
    assert "SQLCipher 4" in found["encryption"].detail
    assert found["screen"].ok is False
    assert found["tray"].ok is None
    assert found["notifications"].ok is (False if sys.platform == "linux" else None)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("chosen", "detail"),
    [
        ("", "There is no key store on this computer."),
        ("keyring.backends.null.Keyring", "There is no key store on this computer."),
        ("keyrings.alt.file.PlaintextKeyring", "The key store of this computer does not keep keys well enough."),
    ],
)
def test_the_key_store_is_named_or_why_there_is_none(tmp_path: Path, chosen: str, detail: str) -> None:
    place = tmp_path / "keyrings" / "alt"
    place.mkdir(parents=True)
    (place / "file.py").write_text(
        "from keyring.backend import KeyringBackend\n"
        "class PlaintextKeyring(KeyringBackend):\n"
        "    priority = 9\n"
        "    def get_password(self, service, username): return None\n"
        "    set_password = delete_password = get_password\n"
    )
    environ = {**no_screen(), "PYTHONPATH": str(tmp_path)} | ({"PYTHON_KEYRING_BACKEND": chosen} if chosen else {})
    answers = doctor._answers("companion.cli.probes", [str(tmp_path), "key-store"], ("key-store",), environ, 20)
    assert answers["key-store"] == Check("key-store", False, f"{detail} Companion asks for the passphrase each time.")


def test_with_a_screen(tmp_path: Path) -> None:
    environ = {**no_screen(), "QT_QPA_PLATFORM": "offscreen"}
    answers = doctor._answers("companion.ui.probe", ("screen", "tray"), ("screen", "tray"), environ, 20)
    assert answers["screen"].ok is True
    assert "offscreen" in answers["screen"].detail
    assert answers["tray"].ok is False


def test_encryption_that_does_not_work_is_said_and_ends_with_9(tmp_path: Path) -> None:
    ended = run(tmp_path / "data", "doctor", LD_PRELOAD=library_that_stands_in())
    assert ended.returncode == 9
    assert "encryption: no. Encryption does not work here" in ended.stdout
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.skipif(os.name != "posix", reason="ends a group of processes")
def test_a_check_that_hangs_is_given_up_with_all_it_started(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(
        "import json, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "open(sys.argv[1], 'w').write(str(child.pid))\n"
        "print(json.dumps({'name': 'first', 'ok': True, 'detail': 'Quick.'}), flush=True)\n"
        "time.sleep(600)\n"
    )
    environ = {**os.environ, "PYTHONPATH": str(tmp_path)}
    begun = time.monotonic()
    answers = doctor._answers("slow", [str(tmp_path / "pid")], ("first", "second"), environ, 1)
    assert time.monotonic() - begun < 10
    assert answers["first"] == Check("first", True, "Quick.")
    assert answers["second"] == Check("second", None, "No answer in 1 seconds.")
    pid = int((tmp_path / "pid").read_text())
    end = time.monotonic() + 5
    while (state := state_of(pid)) not in ("", "Z"):
        assert time.monotonic() < end, state
        time.sleep(0.02)


def state_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def test_a_check_that_dies_or_talks_nonsense_is_no_yes(tmp_path: Path) -> None:
    environ = {**os.environ, "PYTHONPATH": str(tmp_path)}
    (tmp_path / "dies.py").write_text("print('[]\\nnot json\\n{}', flush=True)\nimport os; os.abort()\n")
    assert doctor._answers("dies", (), ("a",), environ, 20) == {"a": Check("a", False, "This check ended early.")}


@pytest.mark.skipif(os.name != "posix", reason="permissions as POSIX has them")
def test_a_data_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ok, detail = probes.disk(tmp_path / "file" / "data")
    assert ok is False
    assert detail
    assert probes.disk(tmp_path / "not" / "yet" / "made")[0] is True
