"""Words about taking notes out: the formats, and why a place was refused; no Qt, for window and command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from companion.core.i18n import _

if TYPE_CHECKING:
    from companion.core.errors import PlaceRefused


def place_refused(error: PlaceRefused, *, command_line: bool) -> tuple[str, str, str]:
    """What happened, what is safe, what to do."""
    name = error.path if command_line else error.path.name
    safe = _("Nothing was written.")
    if error.reason == "exists":
        do = _("Choose another name, or say --replace.") if command_line else _("Choose another name.")
        return _("There is something at {place} already.").format(place=name), safe, do
    if error.reason == "not-empty":
        return _("The folder {place} holds something.").format(place=name), safe, _("Choose a new or an empty folder.")
    if error.reason == "inside":
        return _("{place} is inside your private space.").format(place=name), safe, _("Choose a place outside of it.")
    do = _("JSON goes to a name that ends in .json or .zip. Markdown goes to a folder, or a name that ends in .zip.")
    return _("This format can't be written to {place}.").format(place=name), safe, do
