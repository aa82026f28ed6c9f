"""Opens every page and state without a screen, and proves that notes survive search, backup and restore."""

from __future__ import annotations


def run(*, as_json: bool) -> int:
    """Do it on a temporary vault and print what was found. Returns the exit code, 0 where all is well."""
    from companion.selftest.report import run_and_print

    return run_and_print(as_json=as_json)


__all__ = ["run"]
