"""A forgotten passphrase, in the middle of the night: the key on paper opens the space, and nothing was lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stories.conftest import PASSPHRASE, companion, make_space

pytestmark = [pytest.mark.window, pytest.mark.timeout(300)]

NEW = "copper meadow nine lighthouses"


def test_the_key_on_paper_opens_what_the_passphrase_no_longer_does(walk: Callable[..., Path], tmp_path: Path) -> None:
    data = tmp_path / "data"
    sheet = tmp_path / "notes-key.txt"
    make_space(data, "--recovery-key-to", str(sheet))
    code = re.search(r"(?:[0-9A-Z]{4}-){8}[0-9A-Z*~$=]", sheet.read_text())
    assert code is not None, "the sheet holds no key"
    key = code.group()
    mistyped = ("0" if key[0] != "0" else "1") + key[1:]
    walk(
        "way-back",
        [
            ("start", ""),
            ("wait", "Samaritans"),
            ("focus", "Passphrase"),
            ("type", "the one I had before"),
            ("key", "Return"),
            ("reads", "That didn't open it"),
            ("absent", "damaged"),
            ("press", "I forgot my passphrase"),
            ("focus", "Recovery key"),
            ("shot", "01-forgot"),
            # One sign wrong, as hands that shake type it; it is called that, not a wrong key.
            ("type", mistyped),
            ("tab_to", "New passphrase"),
            ("type", NEW),
            ("tab_to", "The same new words again"),
            ("type", NEW),
            ("key", "Return"),
            ("reads", "typing mistake"),
            ("shot", "02-mistyped"),
            # People are one key away, and what was typed is still there after them.
            ("key", "F1"),
            ("wait", "Emergency services"),
            ("key", "Escape"),
            ("focus", "Recovery key"),
            ("key", "ctrl+a"),
            ("type", key.lower().replace("-", " ")),
            ("key", "Tab"),
            ("tab_to", "Open with the recovery key"),
            ("key", "space"),
            ("wait", "How are you right now?"),
            ("reads", "The kettle clicked off and nobody moved."),
            ("shot", "03-open"),
            ("kill", ""),
            # From now on the new words count, at once and for good.
            ("start", ""),
            ("focus", "Passphrase"),
            ("type", PASSPHRASE),
            ("key", "Return"),
            ("reads", "That didn't open it"),
            ("key", "ctrl+a"),
            ("type", NEW),
            ("key", "Return"),
            ("wait", "How are you right now?"),
            ("reads", "The kettle clicked off and nobody moved."),
            ("key", "alt+F4"),
            ("ended", ""),
        ],
        data=data,
    )
    # The key itself still works: it is another way in, not a ticket that is used up.
    found = companion(data, "journal", "list", "--recovery-key-stdin", stdin=key + "\n")
    assert "kettle" in found.stdout, found.stderr
