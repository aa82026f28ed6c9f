"""Every state of the window, each written once: the self-test, the tests and the pictures all read this list.

The order matters where states share a stage: what leaves marks in the space comes after what would show them.
"""

from __future__ import annotations

from companion.selftest.state import State
from companion.selftest.states import backups, bring_in, first_run, help_now, journal, lock, settings, today

STATES: tuple[State, ...] = (
    *lock.STATES,
    *help_now.STATES,
    *first_run.STATES,
    *today.STATES,
    *journal.READING,
    *settings.STATES,
    *backups.STATES,
    *journal.EMPTY,
    *today.MARKS,
    *journal.WRITING,
    *bring_in.STATES,
    *help_now.MARKS,
    *today.DELETED,
    *journal.DELETED,
    *lock.MARKS,
)

__all__ = ["STATES"]
