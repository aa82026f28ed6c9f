"""Starts the program: the window at once where nothing else is asked for, else the command line."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from companion.vault.process import harden_at_start, harden_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from companion.core.paths import Paths

# The starts that do not wait for the command line's own code.
_AT_ONCE = {(): "window", ("help-now",): "help-now", ("demo",): "demo"}


class _Windows:
    """The parts that need Qt, loaded when one of them is wanted."""

    def open(self, paths: Paths, wish: str) -> int:
        """Open the window for "window", "help-now" or "demo". Raises NoDisplay."""
        from companion.cli.display import require_display

        require_display(os.environ)
        from companion.ui import toolkit

        toolkit.load()
        from companion import app

        if wish == "demo":
            return self._demo()
        return app.run(paths, help_now=wish == "help-now")

    def _demo(self) -> int:
        from companion import app
        from companion.core.clock import SystemClock
        from companion.demo import DemoSpace

        harden_at_start()  # the demo makes its vault before the window
        with DemoSpace(SystemClock()) as space:
            space.make_vault()
            return app.run(space.paths, demo_passphrase=space.passphrase)

    def self_test(self, *, as_json: bool) -> int:
        """Open every page and state without a screen."""
        from companion import selftest

        return selftest.run(as_json=as_json)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run Companion. Returns the exit code."""
    harden_files()
    arguments = sys.argv[1:] if arguments is None else arguments
    wish = _AT_ONCE.get(tuple(arguments))
    if wish is None:
        harden_at_start()
        from companion.cli.main import command_line

        return command_line(arguments, _Windows())
    from companion.cli.rules import FaultReport, exit_code
    from companion.core.paths import Paths

    report = FaultReport()
    report.install()
    gc.disable()  # nothing made before the first paint is garbage; `companion.ui.collector` takes over
    return exit_code(lambda: _Windows().open(Paths.find(), wish), report)


if __name__ == "__main__":
    sys.exit(main())
