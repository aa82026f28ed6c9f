"""Words for a disk with too little room: how much is needed, and how much is there."""

from __future__ import annotations

from companion.core import errors as e
from companion.core.i18n import _

_MB, _GB = 1_000_000, 1_000_000_000


def room_title(error: e.NotEnoughRoom) -> str:
    """One sentence with both numbers; what is needed is rounded up, what is there is rounded down."""
    needed, free = -(-error.needed_bytes // _MB), error.free_bytes // _MB
    words = _("There is too little space on this disk: about {needed} is needed, {free} is free.")
    return words.format(needed=_size(max(1, needed)), free=_size(free))


def too_little_room(error: e.NotEnoughRoom, *, command_line: bool) -> tuple[str, str, str]:
    """What happened, what is safe, what to do."""
    do = _("Free some space, then run the command again.") if command_line else _("Free some space, then try again.")
    return room_title(error), _("Nothing was changed."), do


def _size(megabytes: int) -> str:
    if megabytes < _GB // _MB:
        return _("{count} MB").format(count=megabytes)
    return _("{count} GB").format(count=f"{megabytes * _MB / _GB:.1f}")
