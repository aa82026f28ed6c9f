"""What a place is to the frame around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Pending:
    """Words not yet confirmed to be on the disk.

    `job` saves them (on the vault thread); `keep` saves them as a draft after a
    later unlock, should `job` fail while locking.
    """

    job: Callable[[], object]
    keep: Callable[[], object]


class Place(Protocol):
    """One of the places in the side panel."""

    key: str

    @property
    def widget(self) -> QWidget:
        """What is shown."""

    def title(self) -> str:
        """The head of the page."""

    def subtitle(self) -> str:
        """One quiet line under the title."""

    def prepare(self, where: str) -> None:
        """Show the parts that `where` names, still empty; the vault is not open yet."""

    def arrive(self) -> None:
        """The person came here; look again at what is shown and put the focus where work begins."""

    def leave(self) -> None:
        """The person goes elsewhere; send what is not saved to the vault thread."""

    def pending(self) -> list[Pending]:
        """What is not yet on the disk, for Lock and Hide."""

    def find_here(self) -> None:
        """Ctrl+F: find in this place; nothing where a place has nothing to find."""

    def where(self) -> str:
        """What is open here, for coming back after Lock; never a word the person wrote."""

    def go_back_to(self, where: str) -> None:
        """Open again what `where` named."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place that is made when the person first goes there."""

    key: str
    icon: str
    name: str
    make: Callable[[], Place]
