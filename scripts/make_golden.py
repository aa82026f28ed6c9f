"""Writes a small vault and a backup as the present version does, to be opened by every later one.

    python scripts/make_golden.py tests/golden/VERSION.json

Run it once for a released version, from its own checkout, and commit what it wrote; it is never
written again. It is one document: `files` are the vault's files and the backup in base64 by their
names, `truth` is what is in them, in plain words.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import random
import shutil
import sys
import tempfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

PASSPHRASE = "slow tea by the window"
FIRST_DAY = datetime(2024, 12, 30, 23, 50, tzinfo=timezone(timedelta(hours=5, minutes=45)))


def contents() -> list[Any]:
    """Entries with everything an entry can have."""
    from companion.journal.model import Content, Energy, Mood

    rnd = random.Random(1)
    texts = ["Slept.", "# The bus\n\nIt was late. *Sun*.", "é😀 \u202eback\n\n" + "word " * 3000, "", "one two three"]
    return [
        Content(
            at=FIRST_DAY + timedelta(days=40 * number, minutes=number) if number % 2 else
            (FIRST_DAY + timedelta(days=40 * number)).astimezone(UTC),
            title=f"Day {number}" if number % 3 else "",
            text=text,
            mood=[None, *Mood][number % 6],
            energy=[None, *Energy][number % 4],
            feelings=("calm", "tired")[: number % 3],
            tags=("town", "bus")[: number % 3],
            people=("Sam",)[: number % 2],
            heavy=number == 1,
        )
        for number, text in enumerate([*texts, *(f"{rnd.random()} words" for _ in range(7))])
    ]  # fmt: skip


def plain(content: Any) -> dict[str, Any]:
    """What of it must be there for ever."""
    return {
        "at": content.at.isoformat(), "title": content.title, "text": content.text,
        "mood": content.mood and int(content.mood), "energy": content.energy and int(content.energy),
        "feelings": list(content.feelings), "tags": list(content.tags), "people": list(content.people),
        "heavy": content.heavy,
    }  # fmt: skip


def truth_of(vault: Any, journal: Any) -> dict[str, Any]:
    """Everything the vault holds, as the services say it."""
    from companion.core.ids import EntryId
    from companion.journal.store import EntryStore

    store, entries = EntryStore(vault.connection), {}
    for row in vault.connection.rows("SELECT id FROM entry WHERE state <> 2"):
        entry = store.entry(EntryId(row[0]), include_deleted=True)
        entries[entry.id] = plain(entry.content) | {
            "deleted": entry.deleted_at is not None,
            "revisions": entry.revisions,
            "digest": entry.content.digest(),
        }
    return {
        "entries": entries,
        "drafts": {draft.entry_id: plain(draft.content) for draft in journal.drafts()},
        "files": sorted(hashlib.sha256(vault.media.read(name)).hexdigest() for name in vault.media.names()),
        "preference": vault.preferences.get("golden"),
    }


def unpack(document: dict[str, Any], target: Path) -> Path:
    """Put the files of a golden document into an empty folder, with the time of now."""
    for name, text in document["files"].items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(text))
    return target


def main(file: Path) -> None:
    """Make it."""
    with tempfile.TemporaryDirectory() as folder:
        truth = write_vault(Path(folder) / "made")
        made = Path(folder) / "made"
        files = {
            path.relative_to(made).as_posix(): base64.b64encode(path.read_bytes()).decode()
            for path in sorted(made.rglob("*"))
            if path.is_file()
        }
    document = {"truth": truth, "files": files}
    file.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_vault(target: Path) -> dict[str, Any]:
    """The vault and its backup into a new folder; what is in them."""
    from companion import __version__
    from companion.core.clock import SystemClock
    from companion.core.ids import EntryId
    from companion.journal.service import JournalService
    from companion.vault.header import Cost
    from companion.vault.vault import Vault

    target.mkdir(parents=True)
    vault = Vault(target / "a.vault", SystemClock(), cost=Cost(8192, 1, 1))
    recovery = vault.create(PASSPHRASE, with_recovery=True)
    journal = JournalService(vault, SystemClock())
    made = contents()
    ids = journal.add_many(made)
    journal.save(ids[2], made[4])
    journal.save(ids[2], made[2])
    journal.delete(ids[5])
    journal.save_draft(ids[1], made[3])
    journal.save_draft(EntryId("0" * 26), made[1])
    vault.preferences.put("golden", {"kept": [1, "é"]})
    for size in (0, 5000):
        vault.media.put(io.BytesIO(random.Random(size).randbytes(size)))
    vault.backup(target / "outside.vbak")
    truth = truth_of(vault, journal)
    vault.lock()
    for extra in ("ballast", "vault.lock"):
        (target / "a.vault" / extra).unlink(missing_ok=True)
    shutil.rmtree(target / "a.vault" / "backups", ignore_errors=True)
    return {"version": __version__, "recovery": recovery, **truth}


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
