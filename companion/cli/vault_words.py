"""What is known about a vault, as JSON and as lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from companion.cli.output import moment, shown_moment
from companion.core.i18n import _
from companion.ui.proof_words import facts_of
from companion.ui.sync_words import version_facts, version_title

if TYPE_CHECKING:
    from datetime import date

    from companion.core.clock import Clock
    from companion.core.copies import OtherVersion
    from companion.journal.service import Verified
    from companion.vault.lockfile import Holder
    from companion.vault.report import CheckReport, ProofReport, VaultInfo


def slots_json(info: VaultInfo) -> list[dict[str, Any]]:
    """The ways to open the vault; no secret is in them."""
    return [
        {"kind": slot.kind, "kdf": slot.kdf, "memory_kib": slot.memory_kib, "passes": slot.passes, "lanes": slot.lanes}
        for slot in info.slots
    ]


def info_json(info: VaultInfo) -> dict[str, Any]:
    """The document of `vault info`."""
    return {
        "vault_id": info.vault_id,
        "format": info.format,
        "slots": slots_json(info),
        "size_bytes": info.size_bytes,
        "last_backup": moment(info.last_backup),
        "locked_by": _holder_json(info.locked_by),
        "generation": info.generation,
        "conflict_copies": [str(path) for path in info.conflict_copies],
    }


def copies_json(others: tuple[OtherVersion, ...]) -> dict[str, Any]:
    """Second copies beside the vault, as `vault check` tells of them."""
    return {
        "conflict_copies": [
            {
                "file": str(other.path),
                "kind": other.kind,
                "relation": other.relation,
                "entries": other.notes,
                "changed_at": moment(other.changed_at),
            }
            for other in others
        ]
    }


def copies_lines(others: tuple[OtherVersion, ...], clock: Clock) -> Iterator[str]:
    """The same for a person; nothing where there are none."""
    for other in others:
        facts = version_facts(other, clock.now().date())
        yield _("Beside it: {file}. {what}").format(file=other.path.name, what=version_title(other)) + (
            f" ({facts})" if facts else ""
        )


def _holder_json(found: Holder | None) -> dict[str, Any] | None:
    return {"pid": found.pid, "host": found.host, "since": moment(found.since)} if found else None


def info_lines(info: VaultInfo) -> Iterator[str]:
    """`vault info` for a person."""
    yield _("Vault: {vault_id}, format {format}").format(vault_id=info.vault_id, format=info.format)
    for slot in info.slots:
        kind = {"passphrase": _("passphrase"), "recovery": _("recovery key"), "device": _("this device")}[slot.kind]
        if slot.memory_kib is None:
            yield _("Opens with: {kind}").format(kind=kind)
        else:
            yield _("Opens with: {kind} ({kdf}, {memory} MiB, {passes} passes, {lanes} lanes)").format(
                kind=kind, kdf=slot.kdf, memory=slot.memory_kib // 1024, passes=slot.passes, lanes=slot.lanes
            )
    yield _("Size: {size} bytes").format(size=info.size_bytes)
    yield _("Last backup: {when}").format(when=shown_moment(info.last_backup, _("none beside the vault")))
    if info.conflict_copies:
        yield _("Second copies made by a sync program: {names}").format(
            names=", ".join(path.name for path in info.conflict_copies)
        )
    if info.locked_by is not None:
        yield _("Open in process {pid} since {when}").format(
            pid=info.locked_by.pid or "?", when=shown_moment(info.locked_by.since, "?")
        )


def check_json(report: CheckReport, verified: Verified | None, is_ok: bool) -> dict[str, Any]:
    """The document of `vault check`; what could not be found out in a damaged file is null."""
    return {
        "ok": is_ok,
        "key_file": {"copies": report.key_file.copies, "valid": report.key_file.valid},
        "cipher_pages_bad": report.cipher_pages_bad,
        "integrity": report.integrity,
        "entries": verified.entries if verified else None,
        "entries_bad": list(verified.entries_bad) if verified else None,
        "media": report.media,
        "media_bad": _media_bad(report, verified),
        "search_index": verified.search_index if verified else None,
        "backups": [
            {
                "file": str(backup.file),
                "ok": backup.ok,
                "made_at": moment(backup.made_at),
                "proved_at": moment(backup.proved_at),
            }
            for backup in report.backups
        ],
    }


def _media_bad(report: CheckReport, verified: Verified | None) -> list[str]:
    # A file that is damaged is in both lists, one that an entry names and that is gone in one of them.
    return sorted({*report.media_bad, *(verified.media_bad if verified else ())})


def check_lines(report: CheckReport, verified: Verified | None, is_ok: bool) -> Iterator[str]:
    """`vault check` for a person."""
    whole, faulty = _("whole"), _("damaged")
    yield _("Everything is whole.") if is_ok else _("Something is damaged. Nothing was changed.")
    yield _("Key file: {valid} of {copies} copies whole").format(
        valid=report.key_file.valid, copies=max(report.key_file.copies, 2)
    )
    is_whole = report.integrity == "ok" and not report.cipher_pages_bad
    yield _("Database: {state}, damaged pages: {count}").format(
        state=whole if is_whole else faulty, count=report.cipher_pages_bad
    )
    if verified is None:
        yield _("Entries: not known, because the file is damaged")
    else:
        yield _("Entries: {count}, damaged: {bad}").format(count=verified.entries, bad=len(verified.entries_bad))
    yield _("Attached files: {count}, damaged: {bad}").format(count=report.media, bad=len(_media_bad(report, verified)))
    if verified is not None and verified.search_index == "rebuilt":
        yield _("The search index was made anew.")
    for backup in report.backups:
        yield _("Backup of {when}: {state}, {file}").format(
            when=shown_moment(backup.made_at, "?"), state=whole if backup.ok else faulty, file=backup.file
        )
    if not report.backups:
        yield _("There is no backup beside the vault.")


def proof_json(report: ProofReport) -> dict[str, Any]:
    """The document of `vault proof`; `inet_sockets` is null where the system cannot tell."""
    return {
        "file_is_ciphertext": report.file_is_ciphertext,
        "wrong_key_refused": report.wrong_key_refused,
        "cipher": report.cipher,
        "files": [{"name": file.name, "bytes": file.size_bytes} for file in report.files],
        "network_modules": list(report.network_modules),
        "inet_sockets": None if report.inet_sockets is None else list(report.inet_sockets),
        "last_backup_proof": moment(report.last_backup_proof),
        "last_backup_whole": report.standing.backup_whole,
        "unexpected_files": list(report.standing.strangers),
        "open_to_others": list(report.standing.open_to_others),
        "temporary_in_memory": report.standing.temporary_in_memory,
        "deleted_overwritten": report.standing.deleted_overwritten,
        "no_core_file": report.standing.process.no_core_file,
        "closed_to_others": report.standing.process.closed_to_others,
        "freed_memory_overwritten": report.standing.process.freed_memory_overwritten,
        "removed_words_left": report.standing.words_left,
    }


def proof_lines(report: ProofReport, today: date) -> Iterator[str]:
    """`vault proof` for a person."""
    yes, no, note = _("yes"), _("NO"), _("note")
    for fact in facts_of(report, today):
        mark = yes if fact.is_good else note if fact.is_news else no
        yield f"{mark}: {fact.title}. {fact.second}"
    yield _("Cipher: {cipher}").format(cipher=report.cipher)
    yield from (_("Not ours: {name}").format(name=name) for name in report.standing.strangers)
    yield from (_("Open to other accounts: {name}").format(name=name) for name in report.standing.open_to_others)
    yield from (_("Can use a network: {name}").format(name=name) for name in report.network_modules)
    yield from (_("Open connection: {name}").format(name=name) for name in report.inet_sockets or ())
    yield _("Files:")
    yield from (f"  {file.name}  {file.size_bytes}" for file in report.files)
