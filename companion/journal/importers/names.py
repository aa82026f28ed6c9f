"""Names found inside archives and folders: made safe to show, refused when they point outside."""

from __future__ import annotations

import re
import unicodedata

from companion.core.errors import InputRefused
from companion.journal.importers.limits import Limits
from companion.journal.importers.records import LONGEST_NAME

_DRIVE = re.compile(r"[A-Za-z]:")
# Controls, line and paragraph separators, and marks that turn the reading direction.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def shown(name: str) -> str:
    """The name as it may stand in a report: one line, whole characters, no hidden marks, not endless."""
    whole = name.encode("utf-8", "replace").decode("utf-8")
    plain = unicodedata.normalize("NFC", _UNSEEN.sub("\ufffd", whole))
    return plain if len(plain) <= LONGEST_NAME else plain[: LONGEST_NAME - 1] + "…"


def member_parts(raw: str, limits: Limits) -> tuple[str, ...]:
    """The folders and the file of a name in an archive.

    Raises InputRefused: "hostile" for a name that points outside (parent
    folders, absolute paths, drives, shares), "too-large" and "too-deep".
    """
    if len(raw) > limits.name_bytes:
        raise InputRefused("too-large", shown(raw))
    name = raw.replace("\\", "/")
    if name.startswith("/") or _DRIVE.match(name):
        raise InputRefused("hostile", shown(raw))
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    if ".." in parts:
        raise InputRefused("hostile", shown(raw))
    if len(parts) > limits.depth:
        raise InputRefused("too-deep", shown(raw))
    return parts
