"""Good input of every kind, from which hostile input is made: a real vault's files, and journals of other apps."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from campaigns import ground
from companion.vault.container import ContainerWriter
from companion.vault.contents import Contents
from companion.vault.keyslots import KeyFile, MasterKey
from companion.vault.manifest import Manifest, MediaItem, seal

VAULT, BACKUP, SECRETS = "a.vault", "outside.vbak", "secrets.json"
WHEN = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)

DAY_ONE = {
    "metadata": {"version": "1.0"},
    "entries": [
        {
            "uuid": "0123456789ABCDEF0123456789ABCDEF",
            "creationDate": "2024-03-10T08:15:00Z",
            "timeZone": "Europe/London",
            "text": "# The bus\n\nIt was late. ![](dayone-moment://AB12)\nI sat in the sun \\- that was all right\\.",
            "richText": '{"contents":[{"text":"It was late.","attributes":{"bold":true,"line":{"header":1}}}]}',
            "tags": ["town", "bus"],
            "starred": True,
            "photos": [{"identifier": "AB12", "md5": "0cc175b9c0f1b6a831c399e269772661", "type": "jpeg"}],
            "location": {"placeName": "Stop", "latitude": 51.5, "longitude": 0.1},
            "weather": {"temperatureCelsius": 12.5},
        },
        {"uuid": "1" * 32, "creationDate": "2024-03-11T20:15:00Z", "text": "Slept."},
    ],
}
JRNL_JSON = {
    "tags": {"@bus": 1},
    "entries": [
        {"title": "The bus.", "body": "It was late.", "date": "2024-03-10", "time": "08:15", "tags": ["@bus"],
         "starred": False},
        {"title": "Slept", "body": "", "date": "2024-03-11", "time": "20:15", "tags": [], "starred": True},
    ],
}  # fmt: skip
_OWN = {
    "at": "2024-03-10T08:15:00.250+00:00", "zone": "Europe/London", "title": "The bus", "text": "It was late.",
    "mood": 3, "energy": 2, "feelings": ["calm"], "tags": ["town"], "people": ["Sam"], "heavy": True,
    "attachments": [{"name": "a.png", "type": "image/png", "file": "files/a.png"}],
    "source": {"format": "jrnl", "original_id": "x1"},
}  # fmt: skip
COMPANION = {
    "format": "companion",
    "version": 1,
    "records": [
        {"kind": "entry", "id": "a" * 26, **_OWN},
        {"kind": "older-version", "of": "a" * 26, "saved_at": "2024-03-10T09:00:00Z", **_OWN},
        {"kind": "draft", "of": "a" * 26, "saved_at": "2024-03-11T09:00:00Z", **_OWN},
        {"kind": "entry", "id": "b" * 26, "at": "2024-03-11T20:15:00Z", "zone": "UTC", "text": "Slept."},
    ],
}
JRNL_TEXT = (
    "[2024-03-10 08:15] The bus. It was late.\nI sat in the sun @bus\n\n[2024-03-11 08:15:00 PM] Slept *\n\n"
    "[11/03/2024 10:00] Later.\n"
)
JRNL_MARKDOWN = (
    "# 2024\n\n## March\n\n### 2024-03-10 08:15 The bus.\n\nIt was late. @bus\n\n### 2024-03-11 20:15 Slept\n"
)
JRNL_YAML = (
    "---\ntitle: The bus\ndate: 2024-03-10 08:15\nstarred: False\ntags: bus, town\nbody: |\t\t\n"
    "\tIt was late.\n\n\t\"I\" sat: in the sun\n...\n"
)  # fmt: skip
JRNL_XML = (
    '<?xml version="1.0" ?>\n<journal><entries><entry date="2024-03-10T08:15:00" starred="">The bus\nIt was '
    '<tag name="@bus"/>@bus late &amp; warm</entry></entries><tags><tag name="@bus">1</tag></tags></journal>'
)
SETTINGS = {
    "palette": "dark", "text_scale": 1.3, "font": "", "spacing": "wide", "motion": "reduced", "pictures": False,
    "language": "de", "country": "GB", "auto_lock_minutes": 15, "lock_on_minimise": True, "shared_computer": True,
    "neutral_name": False, "clear_clipboard": True, "first_run_done": True, "vaults": ["a", "b"], "last_vault": "a",
}  # fmt: skip
MARKDOWN = (
    "# Title\n\nA *word* and **more** ~~gone~~ `code` <b>no</b>\n\n- one\n  1. two\n\n> said\n\n```\nx\n```\n\n"
    "[link](https://example.org) ![p](attachment:1) ![q](file:///x)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n"
)
ENTRY = {
    "id": "u1", "at": 1_710_000_000_000, "zone": "Europe/London", "title": "A bus", "text": "It was late.", "mood": 3,
    "energy": 2, "feelings": ["calm"], "tags": ["town"], "people": [],
    "attachments": [["a.png", "image/png", "x", False]],
}  # fmt: skip
LINE = {
    "name": "A line", "audience": "anyone", "topics": ["any"], "languages": ["en"], "confidence": "high",
    "newest_source": "2026-05", "sources": ["https://example.org"], "phone": "116 123", "hours": "24/7",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seeds:
    """The good input of one run; the keys are needed to reach what lies behind a check."""

    key_file: bytes
    recovery: str
    backup: bytes
    small_backup: bytes
    manifest: bytes
    media_name: str
    media: bytes
    key: MasterKey


def make(place: Path) -> None:
    """A vault with a recovery key and files, and a backup of it."""
    ground.make_journal(place / VAULT, ground.chance("fuzz", 0), 3, files=1)
    with ground.opened(place / VAULT) as (vault, _):
        code = vault.add_recovery_key()
        vault.backup(place / BACKUP)
    (place / SECRETS).write_text(json.dumps({"recovery": code}), encoding="utf-8")


def load_in(place: Path, work: Path) -> Seeds:
    """What `make` made in `place`; `work` is a folder of the caller's own."""
    raw = (place / VAULT / "keys.json").read_bytes()
    recovery = json.loads((place / SECRETS).read_text(encoding="utf-8"))["recovery"]
    key_file = KeyFile.from_bytes(raw)
    key = key_file.unlock_with_recovery(recovery)
    media = next(path for path in (place / VAULT / "media").rglob("*/*") if path.is_file())
    manifest = manifest_for(raw, key_file.vault_id, key)
    small = small_backup(raw, manifest, key, work)
    return Seeds(
        raw, recovery, (place / BACKUP).read_bytes(), small, manifest.to_bytes(), media.name, media.read_bytes(), key
    )


DATABASE, MEDIA = b"\x01" * 300, b"\x02" * 90


def manifest_for(key_file: bytes, vault_id: str, key: MasterKey) -> Manifest:
    """What a backup of a tiny vault would say."""
    return Manifest(
        vault_id=vault_id,
        generation=2,
        made_at=WHEN,
        proved_at=WHEN,
        reason="asked",
        application="0.1.0",
        schema=2,
        key_file_sha256=hashlib.sha256(key_file).hexdigest(),
        database_bytes=len(DATABASE),
        database_sha256=hashlib.sha256(DATABASE).hexdigest(),
        sealed=seal(Contents({"entry": 3}, "0" * 64), key, vault_id),
        media=(MediaItem("ab" * 32, len(MEDIA), hashlib.sha256(MEDIA).hexdigest(), True),),
    )


def small_backup(key_file: bytes, manifest: Manifest, key: MasterKey, work: Path) -> bytes:
    """A backup file around stand-ins for a database and a file: its frame is real, and it is read in no time."""
    out = io.BytesIO()
    writer = ContainerWriter(out, lambda _: None)
    writer.key_file(key_file)
    for name, content, write in (("d", DATABASE, writer.database), ("m", MEDIA, writer.append)):
        path = work / name
        path.write_bytes(content)
        write(path)
    writer.finish(manifest, key)
    return out.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    """An ordinary archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def day_one_zip() -> bytes:
    """A Day One export with one picture."""
    return zipped({"Journal.json": json.dumps(DAY_ONE).encode(), "photos/0cc175b9c0f1b6a831c399e269772661.jpeg": b"a"})


def companion_zip() -> bytes:
    """Our own export as one file."""
    return zipped({"companion.json": json.dumps(COMPANION).encode(), "files/a.png": b"a"})


def jrnl_zip() -> bytes:
    """A folder of jrnl's day files, zipped."""
    return zipped({"2024/03/10.txt": JRNL_TEXT.encode(), "2024/03/11.txt": b"[2024-03-11 10:00] One.\n"})
