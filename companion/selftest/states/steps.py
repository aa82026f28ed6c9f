"""Steps that several states share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from companion.core.ids import EntryId
from companion.journal.model import Filter, Summary
from companion.selftest.stage import NotThere
from companion.ui.journal.page import JournalPage

if TYPE_CHECKING:
    from companion.selftest.stage import Stage

NOTE = (
    "Walked to the mill and back.\n\n## What helped\n\n- going **slowly**\n- *not* looking at the phone\n\n"
    "> One day is enough.\n"
)


def go(stage: Stage, key: str, where: str = "") -> None:
    """Show a place, and what `where` names in it."""
    stage.app.shell.go(key, where)
    stage.settle()


def write_a_note(stage: Stage, words: str = NOTE) -> None:
    """A new note with words in it, not saved yet."""
    go(stage, "journal", "new")
    editor = stage.one(JournalPage).editor
    stage.type("Title", "A slow morning")
    editor.text.setPlainText(words)
    editor.focus_text()
    stage.settle()


def fail_every_write(stage: Stage) -> None:
    """From now on, and while this state is shown, the disk takes nothing, as if it were full."""
    vault = stage.services.vault

    def set_to(value: str) -> None:
        if vault.is_open:
            vault.connection.execute(f"PRAGMA query_only = {value}")

    stage.on_vault(lambda: set_to("ON"))
    stage.afterwards(lambda: stage.on_vault(lambda: set_to("OFF")))


def newest(stage: Stage, fits: Callable[[Summary], bool]) -> EntryId:
    """The newest entry that fits. Raises NotThere."""
    journal = stage.services.journal

    def find() -> EntryId:
        after: str | None = None
        while True:
            page = journal.page(Filter(), after)
            for summary in page.entries:
                if fits(summary):
                    return summary.id
            after = page.next
            if after is None:
                raise NotThere("an entry that fits")

    return stage.on_vault(find)
