"""An installed wheel carries what it needs and finds it; a checkout prefers its own."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from companion.core.paths import assets

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-build-isolation", "--no-deps", "-w", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


def test_a_checkout_uses_its_own_files() -> None:
    assert assets() == ROOT / "assets"


def test_the_wheel_holds_every_asset_and_schema_step_and_nothing_of_the_workshop(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for path in (ROOT / "assets").rglob("*"):
        if path.is_file():
            assert f"companion/assets/{path.relative_to(ROOT / 'assets').as_posix()}" in names
    for path in (ROOT / "companion" / "vault" / "schema").glob("*.sql"):
        assert f"companion/vault/schema/{path.name}" in names
    tops = {name.split("/")[0] for name in names}
    assert all(top == "companion" or top.endswith(".dist-info") for top in tops), tops


def test_what_is_installed_from_it_finds_its_facts(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    code = (
        f"import sys; sys.path.insert(0, {str(place)!r})\n"
        "import companion, companion.core.paths as p\n"
        f"assert companion.__file__.startswith({str(place)!r}), companion.__file__\n"
        "from companion.core.clock import SystemClock\n"
        "from companion.resources.service import Directory\n"
        "print(p.assets().is_dir(), len(Directory(SystemClock()).lines('GB')) > 3)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert ended.stdout.strip() == "True True", ended.stderr[-800:]
