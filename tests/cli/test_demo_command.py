"""`companion demo --write`: the invented year as a vault somewhere."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Shell


def test_the_written_vault_opens_and_is_not_taken_for_ones_own(shell: Shell, tmp_path: Path) -> None:
    own = shell.opened("journal", "list", "--json").json
    folder = tmp_path / "invented"
    ended = shell.opened("demo", "--write", folder, "--json", passphrase="for looking around")
    assert ended.code == 0, ended.err
    assert ended.err == ""
    assert ended.json["folder"] == str(folder)
    assert ended.json["entries"] > 300
    # What is used last stays what it was.
    assert shell.opened("journal", "list", "--json").json == own
    page = shell.opened(
        "--vault", folder, "journal", "list", "--limit", "1000", "--json", passphrase="for looking around"
    )
    assert len(page.json["entries"]) == ended.json["entries"]


def test_a_short_passphrase_writes_nothing(bare: Shell, tmp_path: Path) -> None:
    assert bare.opened("demo", "--write", tmp_path / "invented", passphrase="short").code == 2
    assert not (tmp_path / "invented").exists()
