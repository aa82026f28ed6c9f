"""Everything that reads what others may have written, each with its own hostile input and the errors it may raise."""

from __future__ import annotations

import io
import json
import os
import random
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from campaigns import ground
from campaigns.fuzzing import mutate, seeds
from campaigns.fuzzing.seeds import Seeds
from companion.core import markup
from companion.core.clock import SystemClock
from companion.core.errors import (
    REFUSALS,
    BackupDamaged,
    CompanionError,
    InputRefused,
    KeyFileDamaged,
    VaultDamaged,
    VaultNewer,
    WrongSecret,
)
from companion.core.settings import Settings, SettingsFile
from companion.journal.importers import messages
from companion.journal.importers.child import serve
from companion.journal.importers.protocol import FrameReader, FrameWriter, NoProgress, ProtocolBroken
from companion.journal.reading import Reading
from companion.resources.service import Directory
from companion.vault import lockfile, recovery_code, staging
from companion.vault.container import ContainerReader
from companion.vault.header import canonical
from companion.vault.keyslots import KeyFile
from companion.vault.manifest import Manifest, manifest_mac
from companion.vault.media_file import PlainBytes
from companion.vault.vault import restore

ZONE = "Europe/Berlin"
Make = Callable[[random.Random, Seeds], bytes]
Read = Callable[[bytes, Path, Seeds], str]


class Wrong(Exception):
    """It was read, and what came of it is not right."""


@dataclass(frozen=True, slots=True)
class Target:
    """`share` of a thousand cases; `read` answers with one word for the counts, or raises one of `may_raise`."""

    share: int
    make: Make
    read: Read
    may_raise: tuple[type[BaseException], ...] = ()


# --- the vault's own files ---------------------------------------------------


def _key_file(rnd: random.Random, good: Seeds) -> bytes:
    if rnd.random() < 0.3:
        return mutate.in_bytes(good.key_file, rnd)
    members = mutate.in_json(json.loads(good.key_file), rnd)
    if isinstance(members, dict) and rnd.random() < 0.8:
        members.pop("check", None)
        with suppress(ValueError):  # half a surrogate has no canonical form
            members["check"] = _sha256(canonical(members))
    return mutate.written(members, rnd)


def _sha256(raw: bytes) -> str:
    import hashlib

    return hashlib.sha256(raw).hexdigest()


def _read_key_file(raw: bytes, _work: Path, good: Seeds) -> str:
    key_file = KeyFile.from_bytes(raw)
    if KeyFile.from_bytes(key_file.to_bytes()) != key_file:
        raise Wrong("does not come back as it was written")
    key_file.unlock_with_recovery(good.recovery).wipe()
    return "opened"


def _open_key_file(raw: bytes, work: Path, _good: Seeds) -> str:
    """From its folder and with the passphrase; slots made to be slow are left out, the limits are tested elsewhere."""
    (work / "keys.json").write_bytes(raw)
    (work / "keys.bak.json").write_bytes(raw)
    key_file = KeyFile.load(work)
    if any(slot.cost and slot.cost.memory_kib * slot.cost.passes > 16_384 for slot in key_file.slots):
        return "slow by design"
    key_file.unlock(ground.PASSPHRASE).wipe()
    return "opened"


def _recovery(rnd: random.Random, good: Seeds) -> bytes:
    text = mutate.in_text(good.recovery.lower() if rnd.random() < 0.5 else good.recovery, rnd)
    return text.encode("utf-8", "surrogateescape")


def _read_recovery(raw: bytes, _work: Path, _good: Seeds) -> str:
    secret = recovery_code.decode(raw.decode("utf-8", "surrogateescape"))
    if recovery_code.decode(recovery_code.encode(secret)) != secret:
        raise Wrong("does not come back as it was written")
    return "decoded"


def _manifest(rnd: random.Random, good: Seeds) -> bytes:
    if rnd.random() < 0.3:
        return mutate.in_bytes(good.manifest, rnd)
    return mutate.written(mutate.in_json(json.loads(good.manifest), rnd), rnd)


def _read_manifest(raw: bytes, _work: Path, good: Seeds) -> str:
    manifest = Manifest.from_bytes(raw)
    if Manifest.from_bytes(manifest.to_bytes()) != manifest:
        raise Wrong("does not come back as it was written")
    manifest.contents(good.key)
    return "read"


def _small_backup(rnd: random.Random, good: Seeds) -> bytes:
    if rnd.random() < 0.6:
        return mutate.in_bytes(good.small_backup, rnd, [good.manifest, good.key_file])
    manifest = _manifest(rnd, good)
    key_file = good.key_file if rnd.random() < 0.7 else _key_file(rnd, good)
    frame = b"CMPVBAK1" + struct.pack(">I", len(key_file)) + key_file
    frame += struct.pack(">Q", len(seeds.DATABASE)) + seeds.DATABASE + seeds.MEDIA + manifest
    return frame + struct.pack(">Q32s8s", len(manifest), manifest_mac(manifest, good.key), b"1KABVPMC")


def _read_backup(raw: bytes, work: Path, good: Seeds) -> str:
    path = work / "x.vbak"
    path.write_bytes(raw)
    with ContainerReader(path) as backup:
        backup.require_mac(good.key)
        backup.verify()
        backup.manifest.contents(good.key)
        KeyFile.from_bytes(backup.key_file)
    return "verified"


def _backup(rnd: random.Random, good: Seeds) -> bytes:
    return mutate.in_bytes(good.backup[: mutate.LONGEST], rnd, [good.manifest])


def _restore(raw: bytes, work: Path, _good: Seeds) -> str:
    path = work / "x.vbak"
    path.write_bytes(raw)
    restore(path, work / "back.vault", ground.PASSPHRASE, SystemClock())
    return "restored"


def _media(rnd: random.Random, good: Seeds) -> bytes:
    return mutate.in_bytes(good.media, rnd)


def _read_media(raw: bytes, work: Path, good: Seeds) -> str:
    path = work / "media"
    path.write_bytes(raw)
    with PlainBytes.opened(path, good.key.derive("media"), good.media_name) as plain:
        for _chunk in plain.chunks():
            pass
    if raw != good.media:
        raise Wrong("a changed file was read")
    return "read"


def _lock(rnd: random.Random, _good: Seeds) -> bytes:
    facts = {"pid": 4321, "host": "here", "since": "2026-11-25T10:00:00+00:00", "moved_to": "20261125-1000-replaced"}
    if rnd.random() < 0.3:
        return mutate.in_bytes(json.dumps(facts).encode(), rnd)
    return mutate.written(mutate.in_json(facts, rnd), rnd)


def _read_lock(raw: bytes, work: Path, _good: Seeds) -> str:
    (work / lockfile.LOCK_NAME).write_bytes(raw)
    lockfile._read(work / lockfile.LOCK_NAME)  # noqa: SLF001 - what is said of the lock's holder
    lockfile.holder(work)
    return "read"


def _finish_moves(raw: bytes, work: Path, _good: Seeds) -> str:
    """Moves that a crash left undone: whatever their note says, the new files are in place and the old ones kept."""
    folder = work / "a.vault"
    (folder / "incoming").mkdir(parents=True)
    (folder / "vault.db").write_bytes(b"old")
    (folder / "incoming" / "vault.db").write_bytes(b"new")
    (folder / "incoming" / staging.READY).write_bytes(raw)
    staging.finish(folder)
    kept = [path.read_bytes() for path in (folder / "quarantine").rglob("vault.db")]
    if (folder / "vault.db").read_bytes() != b"new" or kept != [b"old"]:
        raise Wrong("a file was lost")
    return "moved"


# --- settings and facts ------------------------------------------------------


def _settings(rnd: random.Random, _good: Seeds) -> bytes:
    if rnd.random() < 0.3:
        return mutate.in_bytes(json.dumps(seeds.SETTINGS).encode(), rnd)
    return mutate.written(mutate.in_json(seeds.SETTINGS, rnd), rnd)


def _read_settings(raw: bytes, work: Path, _good: Seeds) -> str:
    file = SettingsFile(work / "settings.json")
    file.path.write_bytes(raw)
    found = file.load()
    for value, default in zip(found, Settings(), strict=True):
        if type(value) is not type(default):
            raise Wrong("a value of another kind")
    return "defaults" if found == Settings() else "read"


def _facts(rnd: random.Random, _good: Seeds) -> bytes:
    line = mutate.in_json(seeds.LINE, rnd)
    number = mutate.in_json({"number": "999", "kind": "general", "confidence": "high", "sources": ["x"]}, rnd)
    names = mutate.in_json({"names": {"GB": "United Kingdom"}, "zones": {"GB": "GB"}}, rnd)
    parts = [
        f'{{\n"gathered": "2026-05-01",\n"lines": {{\n"GB": [\n{json.dumps(line)}\n],\n"international": [\n]\n}}}}',
        f'{{"numbers": {{\n"GB": {json.dumps(number)}\n}}}}',
        json.dumps(names),
    ]
    if rnd.random() < 0.5:
        at = rnd.randrange(3)
        parts[at] = mutate.in_text(parts[at], rnd)
    return b"\x1e".join(part.encode("utf-8", "surrogateescape") for part in parts)


def _read_facts(raw: bytes, work: Path, _good: Seeds) -> str:
    parts = (*raw.split(b"\x1e"), b"", b"", b"")
    for name, part in zip(("crisis-lines.json", "emergency-numbers.json", "countries.json"), parts, strict=False):
        (work / name).write_bytes(part)
    directory = Directory(SystemClock(), work)
    for ask in (
        lambda: directory.page("GB"),
        lambda: directory.page(None),
        directory.gathered,
        directory.countries,
        lambda: directory.to_json("GB"),
    ):
        with suppress(InputRefused):
            ask()
    directory.page("GB")
    return "read"


# --- journals ----------------------------------------------------------------


def _journal(rnd: random.Random, _good: Seeds) -> bytes:
    kind = rnd.randrange(6)
    if kind < 3:
        document = mutate.in_json(rnd.choice((seeds.DAY_ONE, seeds.JRNL_JSON, seeds.COMPANION)), rnd)
        return mutate.written(document, rnd)
    texts = [text.encode() for text in _TEXTS]
    return mutate.in_bytes(rnd.choice(texts), rnd, texts)


_TEXTS = (
    seeds.JRNL_TEXT, seeds.JRNL_MARKDOWN, seeds.JRNL_YAML, seeds.JRNL_XML, json.dumps(seeds.DAY_ONE),
    json.dumps(seeds.JRNL_JSON), json.dumps(seeds.COMPANION),
)  # fmt: skip


def _archive(rnd: random.Random, _good: Seeds) -> bytes:
    if rnd.random() < 0.3:
        document = mutate.in_json(seeds.DAY_ONE, rnd)
        return seeds.zipped({"J.json": mutate.written(document, rnd), "photos/a.jpeg": b"a"})
    return mutate.in_bytes(rnd.choice(_ZIPS), rnd)


_ZIPS = (seeds.day_one_zip(), seeds.jrnl_zip(), seeds.companion_zip())


def _serve(raw: bytes, work: Path, _good: Seeds) -> str:
    """In this process: what the child would send, and that the parent takes all of it."""
    path = work / "x"
    path.write_bytes(raw)
    out = io.BytesIO()
    serve(path, None, ZONE, FrameWriter(out), media=True)
    last: dict[str, Any] = {}
    for message in _sent(out.getvalue()):
        last = message
        if message["type"] == "batch":
            for entry in message["entries"]:
                messages.entry_from_json(entry)
            for problem in message["problems"]:
                messages.problem_from_json(problem)
    if last.get("type") == "refused":
        if last["reason"] not in REFUSALS:
            raise Wrong("a refusal nobody knows")
        return f"refused: {last['reason']}"
    if last.get("type") != "summary":
        raise Wrong("no end")
    messages.counts_from_json(last["other"])
    return "read"


def _sent(raw: bytes) -> Iterator[dict[str, Any]]:
    at = 0
    while at < len(raw):
        kind, length = struct.unpack_from(">cI", raw, at)
        at += 5
        if kind == b"J":
            yield json.loads(raw[at : at + length])
        at += length


def _confined(raw: bytes, work: Path, _good: Seeds) -> str:
    """In the real child. One that died or broke the rules is a fault here, though the program would go on."""
    path = work / "x"
    path.write_bytes(raw)
    try:
        with Reading(path, None, ZONE, True) as reading:
            for _item in reading:
                pass
    except InputRefused as refusal:
        if refusal.reason == "reader-failed":
            raise Wrong("the reader failed") from refusal
        return "refused"
    return "read"


def _message(rnd: random.Random, _good: Seeds) -> bytes:
    message = {
        "type": "batch",
        "entries": [seeds.ENTRY],
        "problems": [["x", "no-date", True]],
        "words": [],
        "sizes": [300_000],
    }
    raw = mutate.written(mutate.in_json(message, rnd), rnd)
    frame = struct.pack(">cI", b"J", len(raw)) + raw + struct.pack(">cI", b"P", 3) + b"abc"
    return mutate.in_bytes(frame, rnd)[:60_000] if rnd.random() < 0.4 else frame[:60_000]


def _read_message(raw: bytes, _work: Path, _good: Seeds) -> str:
    """What the parent believes of what a taken-over child sends."""
    reading, writing = os.pipe()
    try:
        os.write(writing, raw)
        os.close(writing)
        frames = FrameReader(reading, 1)
        while True:
            kind, content = frames.next()
            if kind == b"J":
                _believe(frames.message(content))
    finally:
        os.close(reading)


_BELIEVED = (
    ("entries", messages.entry_from_json),
    ("problems", messages.problem_from_json),
    ("words", messages.words_from_json),
)


def _believe(message: dict[str, Any]) -> None:
    for name, read in _BELIEVED:
        for raw in message.get(name) or () if isinstance(message.get(name), list) else ():
            read(raw)
    messages.counts_from_json(message.get("other", {}))


def _markdown(rnd: random.Random, _good: Seeds) -> bytes:
    return mutate.in_bytes(seeds.MARKDOWN.encode(), rnd, [text.encode() for text in _TEXTS])[:20_000]


def _read_markdown(raw: bytes, _work: Path, _good: Seeds) -> str:
    shown = markup.to_html(raw.decode("utf-8", "replace"))
    for never in ("<script", "<b>", "<a ", "href=", 'src="http', 'src="file'):
        if never in shown:
            raise Wrong(f"{never} is shown")
    return "shown"


TARGETS: dict[str, Target] = {
    "key file": Target(246, _key_file, _read_key_file, (KeyFileDamaged, VaultNewer, WrongSecret)),
    "key file in its folder": Target(4, _key_file, _open_key_file, (KeyFileDamaged, VaultNewer, WrongSecret)),
    "recovery key": Target(80, _recovery, _read_recovery, (recovery_code.RecoveryCodeTypo,)),
    "manifest": Target(140, _manifest, _read_manifest, (BackupDamaged, VaultNewer)),
    "backup frame": Target(120, _small_backup, _read_backup, (BackupDamaged, KeyFileDamaged, VaultNewer)),
    "backup restored": Target(2, _backup, _restore, (CompanionError,)),
    "attachment": Target(40, _media, _read_media, (VaultDamaged,)),
    "lock file": Target(20, _lock, _read_lock),
    "moves left undone": Target(4, _lock, _finish_moves),
    "settings": Target(80, _settings, _read_settings),
    "crisis facts": Target(30, _facts, _read_facts, (InputRefused,)),
    "journal": Target(110, _journal, _serve),
    "journal in an archive": Target(50, _archive, _serve),
    "journal in the confined reader": Target(1, _journal, _confined),
    "message of the reader": Target(53, _message, _read_message, (ProtocolBroken, EOFError, NoProgress)),
    "text of an entry": Target(20, _markdown, _read_markdown),
}
