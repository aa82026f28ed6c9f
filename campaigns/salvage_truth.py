"""What a salvage must give back: which page holds what in the sound file, and what is wrong in a new vault."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from campaigns import ground
from companion.core.ids import EntryId, MediaName
from companion.journal.model import Content
from companion.journal.service import JournalService
from companion.journal.store import EntryStore
from companion.vault.keyslots import KeyFile
from companion.vault.salvage.contract import SalvageResult
from companion.vault.salvage.finds import Finds
from companion.vault.salvage.pages import PAGE, Pages
from companion.vault.vault import Vault

_CUT = "\n\n[…]"


@dataclass(slots=True)
class Held:
    """One thing: its digest, the pages it lies on, and for each of its labels the two that hold it."""

    digest: str
    pages: list[int] = field(default_factory=list)
    labels: list[list[int]] = field(default_factory=list)

    def is_undamaged(self, bad: Container[int]) -> bool:
        """No page of it is bad, and each label is on a good page at least once."""
        return not any(page in bad for page in self.pages) and not any(
            all(page in bad for page in places) for places in self.labels
        )


@dataclass(slots=True)
class Salvageable:
    """The truth before the damage; `texts` and `digests` are all that was ever saved in this vault."""

    entries: dict[str, Held] = field(default_factory=dict)
    versions: list[Held] = field(default_factory=list)
    drafts: dict[str, Held] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    digests: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def to_plain(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Salvageable:
        """From JSON."""
        return cls(
            {name: Held(**held) for name, held in plain["entries"].items()},
            [Held(**held) for held in plain["versions"]],
            {name: Held(**held) for name, held in plain["drafts"].items()},
            plain["files"],
            plain["digests"],
            plain["texts"],
        )


def learn(folder: Path) -> Salvageable:
    """Read a sound, closed vault's truth, and where in its file each part of it lies."""
    truth = Salvageable()
    with ground.opened(folder) as (vault, _journal):
        store = EntryStore(vault.connection)
        for (entry_id,) in vault.connection.rows("SELECT id FROM entry"):
            entry = store.entry(EntryId(entry_id), include_deleted=True)
            truth.entries[entry.id] = Held(entry.content.digest())
            _remember(truth, [entry.content])
            _remember(truth, [content for _at, content in store.revisions(entry.id)])
        _remember(truth, [draft.content for draft in store.drafts()])
        truth.files = {name: hashlib.sha256(vault.media.read(name)).hexdigest() for name in vault.media.names()}
    # Only now: closing may write the file anew.
    finds = finds_of(folder)
    labels = _label_pages(finds)
    for row in finds.rows("entry"):
        held = truth.entries[row.values["id"]]
        held.pages, held.labels = list(row.pages), labels.get(row.values["seq"], [])
    if not all(held.pages for held in truth.entries.values()):
        raise ValueError("an entry of a sound vault is on no page")
    truth.versions = [Held(row.values["digest"], list(row.pages)) for row in finds.rows("revision")]
    truth.drafts = {row.values["entry_id"]: Held(row.values["digest"], list(row.pages)) for row in finds.rows("draft")}
    return truth


def _remember(truth: Salvageable, contents: Iterable[Content]) -> None:
    for content in contents:
        truth.digests.append(content.digest())
        truth.texts.append(content.text)


def finds_of(folder: Path) -> Finds:
    """What the salvage's reader finds in a vault's file."""
    key_file = KeyFile.load(folder)
    key = key_file.unlock(ground.PASSPHRASE)
    pages = Pages(BytesIO((folder / "vault.db").read_bytes()), key.derive("db"), key_file.cipher_salt)
    key.wipe()
    pages.look_at_all()
    return Finds(pages)


def _label_pages(finds: Finds) -> dict[int, list[list[int]]]:
    places: dict[tuple[Any, ...], list[int]] = {}
    for source in ("label", "label_by_name"):
        for row in finds.rows(source):
            key = tuple(row.values[name] for name in ("entry_seq", "kind", "position", "name"))
            places.setdefault(key, []).extend(row.pages)
    found: dict[int, list[list[int]]] = {}
    for key, pages in places.items():
        found.setdefault(key[0], []).append(pages)
    return found


def changed_pages(now: bytes, before: bytes) -> set[int]:
    """Numbers of the pages that are not byte for byte what they were; those that are gone count."""
    count = -(-len(before) // PAGE)
    return {
        number
        for number in range(1, count + 1)
        if now[(number - 1) * PAGE : number * PAGE] != before[(number - 1) * PAGE : number * PAGE]
    }


@dataclass(slots=True)
class Verdict:
    """What a salvage did not give back though it could have, and what it gave back that is not true."""

    missing: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    undamaged: int = 0
    entries: int = 0


def judge(
    result: SalvageResult | None,
    vault: Vault | None,
    journal: JournalService | None,
    truth: Salvageable,
    bad: set[int],
    bad_files: Container[str],
) -> Verdict:
    """Compare the new vault (None: nothing was left) with the truth."""
    verdict = Verdict()
    entries = _entries_in(vault)
    versions, drafts, files = _rest_in(vault, journal)
    known = {one.id for one in result.lost if one.kind == "entry"} if result else set[str | None]()
    for entry_id, held in truth.entries.items():
        verdict.entries += 1
        is_same = entry_id in entries and entries[entry_id].digest() == held.digest
        if held.is_undamaged(bad):
            verdict.undamaged += 1
            verdict.missing += [] if is_same else ["entry"]
        if not is_same and result and entry_id not in known and not result.maybe_more:
            verdict.silent.append("entry")
    everything = {content.digest() for content in entries.values()} | versions
    verdict.missing += ["version"] * sum(
        held.is_undamaged(bad) and held.digest not in everything for held in truth.versions
    )
    verdict.missing += ["draft"] * sum(
        held.is_undamaged(bad) and held.digest not in drafts | everything for held in truth.drafts.values()
    )
    verdict.missing += ["file"] * sum(
        digest not in files for name, digest in truth.files.items() if name not in bad_files
    )
    verdict.wrong += ["entry"] * sum(
        not _is_true(entry_id, content, truth, known) for entry_id, content in entries.items()
    )
    digests = set(truth.digests)
    verdict.wrong += ["version or draft"] * len((versions | drafts) - digests)
    verdict.wrong += ["file"] * len(files - set(truth.files.values()))
    return verdict


def _is_true(entry_id: str, content: Content, truth: Salvageable, known: set[str | None]) -> bool:
    """An entry is what was saved last, or named as not being it and still something that was saved once."""
    held = truth.entries.get(entry_id)
    if held is not None and held.digest == content.digest():
        return True
    if held is not None and entry_id not in known:
        return False
    if content.digest() in truth.digests or content.text in truth.texts:
        return True
    if content.text.endswith(_CUT):
        return any(text.startswith(content.text.removesuffix(_CUT)) for text in truth.texts)
    return not content.text and held is None  # a place for files


def _entries_in(vault: Vault | None) -> dict[str, Content]:
    if vault is None:
        return {}
    store = EntryStore(vault.connection)
    ids = [EntryId(row[0]) for row in vault.connection.rows("SELECT id FROM entry")]
    return {entry_id: store.entry(entry_id, include_deleted=True).content for entry_id in ids}


def _rest_in(vault: Vault | None, journal: JournalService | None) -> tuple[set[str], set[str], set[str]]:
    if vault is None or journal is None:
        return set(), set(), set()
    versions = {str(row[0]) for row in vault.connection.rows("SELECT digest FROM revision")}
    drafts = {draft.content.digest() for draft in journal.drafts()}
    names = [MediaName(row[0]) for row in vault.connection.rows("SELECT DISTINCT media FROM attachment")]
    files = {hashlib.sha256(vault.media.read(name)).hexdigest() for name in names if name}
    return versions, drafts, files
