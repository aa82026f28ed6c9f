"""Rules of the house that no linter has."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "companion").rglob("*.py"))
UI = [path for path in MODULES if "ui" in path.relative_to(ROOT / "companion").parts]
COLOUR = re.compile(r"""["']#[0-9A-Fa-f]{3,8}["']|\bQColor\(\s*["'\d]|Qt\.GlobalColor\.(?!transparent)""")
FORBIDDEN_AT_START = ("sqlcipher3", "cryptography", "keyring", "plyer", "PySide6.QtNetwork", "markdown_it", "segno")


def _named(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def test_no_module_is_longer_than_400_lines() -> None:
    long = {str(p.relative_to(ROOT)): n for p in MODULES if (n := len(p.read_text().splitlines())) > 400}
    assert long == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [p for p in MODULES if not ast.get_docstring(ast.parse(p.read_text()))]
    assert _named(silent) == []


def test_only_the_theme_sets_style_sheets() -> None:
    users = [p for p in UI if "setStyleSheet" in p.read_text() and p.name != "theme.py"]
    assert _named(users) == []


def test_no_colour_outside_the_theme_files() -> None:
    users = [p for p in UI if COLOUR.search(p.read_text()) and p.name != "theme.py"]
    assert _named(users) == []


def test_nothing_imports_everything() -> None:
    users = [p for p in MODULES if re.search(r"^from \S+ import \*", p.read_text(), re.MULTILINE)]
    assert _named(users) == []


def test_the_import_contracts_hold() -> None:
    checked = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout[-3000:]


@pytest.mark.parametrize("package", ["core", "vault", "journal", "resources", "services", "cli.main", "demo"])
def test_works_without_qt(package: str) -> None:
    code = (
        "import sys\n"
        "class Block:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('PySide6', 'shiboken6'): raise ImportError(name)\n"
        "sys.meta_path.insert(0, Block())\n"
        f"import importlib, pkgutil\nmodule = importlib.import_module('companion.{package}')\n"
        "for found in pkgutil.walk_packages(getattr(module, '__path__', []), module.__name__ + '.'):\n"
        "    if not found.name.endswith('.child'): importlib.import_module(found.name)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr[-1500:]


def test_the_lock_screen_needs_no_vault_code() -> None:
    """Everything up to the first paint loads without cryptography, database, key store or notifications."""
    code = f"import sys, companion.app\nprint([name for name in {FORBIDDEN_AT_START!r} if name in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr[-1500:]
    assert ended.stdout.strip() == "[]"


def test_lock_files_name_no_address() -> None:
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text()
        assert not re.search(r"https?://|file:|index-url|find-links|/opt/", text)
        pinned = re.findall(r"^[a-z0-9][a-z0-9._-]*(\[[a-z]+\])?==", text, re.MULTILINE)
        assert pinned
        assert text.count("--hash=sha256:") >= len(pinned)
