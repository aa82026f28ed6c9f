"""Logging set-up: ids and counts only, on standard error, warnings and above unless asked."""

from __future__ import annotations

import logging


def set_up(debug: bool = False) -> None:
    """Send our log lines to standard error; no file is ever written.

    Personal text never reaches a log call; tests feed marked secrets through
    every service and look for them here.
    """
    logging.basicConfig(
        level=logging.DEBUG if debug else logging.WARNING,
        format="%(levelname)s %(name)s: %(message)s",
        force=True,
    )
    logging.raiseExceptions = False
