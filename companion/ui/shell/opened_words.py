"""What there is to say right after a space was opened."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from companion.core.i18n import _, ngettext
from companion.ui.disk_words import not_saved_line, reading_only_line
from companion.ui.sync_words import found_line, from_elsewhere_line

if TYPE_CHECKING:
    from companion.ui.shell.space import Opened
    from companion.ui.widgets.toast import ToastHost

SECONDS = 20  # long enough to be read twice


def say_what_opened(toasts: ToastHost, look: Callable[[Opened], None], opened: Opened) -> None:
    """Words that are still waiting come first, then a disk that takes nothing, then what came back, then copies.

    `look` shows second copies of the notes.
    """
    vault = opened.space.vault
    if opened.error is not None:
        toasts.show(not_saved_line(opened.error, locked=True), icon="triangle-alert", seconds=SECONDS)
    elif vault.read_only:
        toasts.show(reading_only_line(is_newer=vault.newer is not None), icon="info", seconds=SECONDS)
    elif opened.restored is not None:
        count = opened.restored.tables.get("entry", 0)
        back = ngettext("{count} note is back.", "{count} notes are back.", count).format(count=count)
        parts = [back]
        if opened.restored.media_missing:
            missing = opened.restored.media_missing
            words = ngettext("{count} attached file was not found.", "{count} attached files were not found.", missing)
            parts.append(words.format(count=missing))
        if opened.restored.replaced_moved_to is not None:
            parts.append(_("What was there before is kept aside."))
        toasts.show(" ".join(parts), icon="history", seconds=SECONDS)
    elif line := found_line(opened.others):
        toasts.show(line, icon="info", seconds=SECONDS, undo=partial(look, opened), way=_("Look"))
    elif opened.from_elsewhere:
        toasts.show(from_elsewhere_line(), icon="info")
