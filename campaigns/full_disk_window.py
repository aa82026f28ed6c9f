"""The real window on a disk that fills up while someone writes: `python -m campaigns.full_disk_window DISK WAY SEED`.

Run by `disk_full` inside its small disk. The person writes, sees "Saved", the
disk fills, they write on, and then do one of several things; when there is room
again, everything they wrote must be there. Prints what is wrong, one line each.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from campaigns import ground
from campaigns.children import say
from campaigns.kill_save import newest_words
from campaigns.small_disk import SmallDisk
from campaigns.typing_window import Person, let_go_on, until
from companion.app import App, make_application
from companion.core.paths import Paths
from companion.vault.process import harden_at_start

VAULT = "a.vault"
FAILED = "We could not save"
DONE = "done"
PAUSE_MS = 20


class FullDisk:
    """One person in one window on one small disk."""

    def __init__(self, place: Path, seed: str) -> None:
        self.disk = SmallDisk(place)
        self.folder = Paths(place / "data").vaults / VAULT
        self._qt, self._private = make_application(["companion"])
        self.app = App(self._qt, Paths(place / "data"), cost=ground.CHEAP)
        self.person = Person(self.app, random.Random(seed), PAUSE_MS, 10_000)
        self.app.start()
        until(lambda: self.app.shell.session is not None, "threads")
        self.person.unlock()
        self.wanted: dict[str, str] = {}

    @property
    def status(self) -> str:
        """The words under the fields."""
        return self.person.editor.status.text()

    def note(self) -> None:
        """What stands in the fields must be there in the end."""
        self.wanted[self.person.writing.entry_id] = self.person.editor.content().digest()

    def write_until_it_fails(self) -> None:
        """Write and see it saved; then the disk is full, and it says so and keeps the words."""
        self.person.type_words()
        until(lambda: self.status.startswith("Saved"), "saved")
        (self.folder / "ballast").unlink(missing_ok=True)
        self.disk.leave(0)
        self.person.type_words()
        self.person.paste_much()
        self.note()
        until(lambda: self.status.startswith(FAILED), "told that it failed")
        if self.person.editor.content().digest() not in self.wanted.values():
            say("the words are not in the fields any more")

    def try_again(self) -> None:
        """Room again, and Try again."""
        self.disk.relieve()
        self.person.writing.save()
        until(lambda: self.status.startswith("Saved"), "saved in the end")

    def write_on(self) -> None:
        """Room again, and only writing on."""
        self.disk.relieve()
        self.person.type_words()
        self.note()
        until(lambda: self.status.startswith("Saved"), "saved in the end")

    def begin_new(self) -> None:
        """A new note while the one before cannot be saved."""
        self.person.begin_new()
        let_go_on(300)
        self.disk.relieve()
        self.person.type_words()
        self.note()
        until(lambda: self.status.startswith("Saved"), "saved in the end")

    def lock(self) -> None:
        """Lock while it cannot be saved; the words come back."""
        self.person.lock_only()
        self.disk.relieve()
        self.person.unlock()

    def leave(self) -> None:
        """Another place and back, then room."""
        self.person.go_elsewhere()
        self.try_again()

    def close(self) -> None:
        """Lock, and look into the vault without the window."""
        self.person.lock_only()
        self.app.stop()
        with ground.opened(self.folder) as (vault, journal):
            found = newest_words(vault, journal)
        for note, digest in self.wanted.items():
            if found.get(note) != digest:
                say("words are gone" if note not in found else "words are not the newest ones")
        self._private.cleanup()


WAYS = {
    "try again": FullDisk.try_again,
    "write on": FullDisk.write_on,
    "new note": FullDisk.begin_new,
    "lock": FullDisk.lock,
    "go elsewhere": FullDisk.leave,
}


def main(place: Path, way: str, seed: str) -> None:
    """One way through it."""
    harden_at_start()
    window = FullDisk(place, seed)
    try:
        window.write_until_it_fails()
        WAYS[way](window)
    except TimeoutError as error:
        say(f"it did not come to: {error}")
    window.disk.relieve()
    window.close()
    say(DONE)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
