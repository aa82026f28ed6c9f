"""The command line's entry: global options, the groups of commands, and errors turned into exit codes."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from companion import __version__
from companion.cli.crisis import crisis
from companion.cli.demo import demo
from companion.cli.doctor import doctor
from companion.cli.exports import take_out
from companion.cli.imports import bring_in
from companion.cli.journal import journal
from companion.cli.opening import Run, Windows
from companion.cli.rules import FaultReport, complain, exit_code
from companion.cli.salvage import salvage
from companion.cli.vault import vault
from companion.core import i18n, log
from companion.core.i18n import _
from companion.core.paths import assets

FOLDER = click.Path(path_type=Path, file_okay=False)


class CommandLine(click.Group):
    """The group of all commands; ends the process with the promised exit code and never with a traceback."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run one command for the `Run` in `extra["obj"]`, and end with its exit code."""
        call = super().main
        report: FaultReport = extra["obj"].report

        def job() -> int:
            code = call(args, prog_name, complete_var, False, **extra)
            return code if isinstance(code, int) else 0

        try:
            code = exit_code(job, report)
        except click.Abort:
            code = exit_code(_stop, report)
        except click.ClickException as error:
            complain(_usage_line(error))
            code = 2
        sys.exit(code)


def _stop() -> int:
    raise KeyboardInterrupt


def _usage_line(error: click.ClickException) -> str:
    """Click tells wrong use in several lines, or as a whole help page; here it is one line."""
    context: click.Context | None = getattr(error, "ctx", None)
    path = context.command_path if context else "companion"
    is_bare = isinstance(error, click.exceptions.NoArgsIsHelpError)
    if is_bare and context and isinstance(context.command, click.Group):
        names = ", ".join(context.command.list_commands(context))
        return _("{command} takes one of these: {names}.").format(command=path, names=names)
    told = " ".join(error.format_message().split())
    told = told if told.endswith(".") else told + "."
    return _("{told} Nothing was done. See: {command} --help").format(told=told, command=path)


@click.group(cls=CommandLine, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data-dir", type=FOLDER, help=_("Keep everything in this folder instead of the usual one."))
@click.option("--vault", type=FOLDER, help=_("Use the vault in this folder instead of the one used last."))
@click.option("--debug", is_flag=True, help=_("On an error, also show where it happened, without your words."))
@click.version_option(__version__, prog_name="companion", message="%(prog)s %(version)s")
@click.pass_context
def companion(context: click.Context, data_dir: Path | None, vault: Path | None, debug: bool) -> int | None:
    """A private place on your own computer for your own recovery.

    Without a command the window opens. Help needs no passphrase: companion crisis
    """
    run: Run = context.obj
    run.data_dir = data_dir.absolute() if data_dir else None
    run.vault = vault.absolute() if vault else None
    run.report.debug = debug
    _set_up_log(debug)
    language = run.settings.current.language
    if language:
        i18n.use_language(language, assets() / "locale")
    if context.invoked_subcommand is None:
        return open_window(run, "window")
    return None


@companion.command("help-now")
@click.pass_obj
def help_now(run: Run) -> int:
    """Open only Help right now."""
    return open_window(run, "help-now")


@companion.command("self-test")
@click.option("--json", "as_json", is_flag=True, help=_("Print one JSON document."))
@click.pass_obj
def self_test(run: Run, as_json: bool) -> int:
    """Open every page and state without a screen, on a vault of its own."""
    return run.windows.self_test(as_json=as_json)


def _set_up_log(debug: bool) -> None:
    # An error is one line, so the log speaks only when it was asked for.
    if debug:
        log.set_up(debug)
    else:
        logging.getLogger().addHandler(logging.NullHandler())


def open_window(run: Run, wish: str) -> int:
    """Open the window; a vault that was named is the one it offers first."""
    if run.vault is not None:
        run.remember(run.existing().vault.folder)
    return run.windows.open(run.paths, wish)


vault.add_command(salvage)
for _command in (crisis, doctor, demo, vault, journal, bring_in, take_out):
    companion.add_command(_command)


def command_line(arguments: Sequence[str], windows: Windows) -> int:
    """Run the command that `arguments` name. Returns the exit code."""
    run = Run(windows)
    run.report.install()
    try:
        companion.main(args=list(arguments), prog_name="companion", obj=run)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0
