"""The plain forms of an entry in the database: times, zones, drafts and older versions, fingerprints."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from companion.journal.model import EPOCH, Content, Energy, Mood, as_json, to_ms, zone_text


def fingerprint(content: Content) -> str:
    """What makes two entries the same one: local minute, title and words, whatever the spacing. Lower-case hex."""
    minute = content.at.replace(tzinfo=None).isoformat(timespec="minutes")
    words = " ".join(f"{content.title} {content.text}".split())
    mood = int(content.mood or 0) if not words else 0
    return hashlib.sha256(f"{minute}\x1f{mood}\x1f{words}".encode()).hexdigest()


def content_to_text(content: Content) -> str:
    """Drafts and older versions: one line of JSON with everything else, then the text letter for letter.

    The text is not quoted: a long one would keep the window's thread waiting at each autosave.
    """
    head = as_json(
        {
            "at": to_ms(content.at),
            "zone": zone_text(content.at),
            "title": content.title,
            "mood": content.mood and int(content.mood),
            "energy": content.energy and int(content.energy),
            "feelings": content.feelings,
            "tags": content.tags,
            "people": content.people,
            "heavy": content.heavy,
        }
    )
    return f"{head}\n{content.text}"


def content_from_text(raw: str) -> Content:
    """The content a draft or older version holds."""
    head, _line_end, text = raw.partition("\n")
    plain = json.loads(head)
    return Content(
        at=moment(plain["at"], plain["zone"]),
        title=plain["title"],
        text=text,
        mood=Mood(plain["mood"]) if plain["mood"] else None,
        energy=Energy(plain["energy"]) if plain["energy"] else None,
        feelings=tuple(plain["feelings"]),
        tags=tuple(plain["tags"]),
        people=tuple(plain["people"]),
        heavy=plain["heavy"],
    )


_NEVER_AMISS_MS = 1 << 42  # 2109; up to here a float of seconds gives back every millisecond, on every system


@lru_cache(maxsize=512)
def _zone(text: str) -> tzinfo:
    if text[:1] in "+-" and len(text) == 6:
        offset = timedelta(hours=int(text[1:3]), minutes=int(text[4:6]))
        return timezone(-offset if text[0] == "-" else offset)
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def moment(ms: int, zone: str) -> datetime:
    """The instant `ms`, in the zone it was lived in."""
    if 0 <= ms < _NEVER_AMISS_MS:
        return datetime.fromtimestamp(ms / 1000, _zone(zone))  # a third of the time of the general way
    return (EPOCH + timedelta(milliseconds=ms)).astimezone(_zone(zone))
