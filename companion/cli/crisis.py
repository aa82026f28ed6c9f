"""`crisis`: whom to call now; needs no vault and loads no cryptography."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from companion import services
from companion.cli.opening import Run
from companion.cli.output import print_json, print_lines
from companion.core.i18n import _

if TYPE_CHECKING:
    from companion.resources.model import HelpPage
    from companion.resources.service import Directory
    from companion.ui.shell.line_words import LineRow


@click.command()
@click.option(
    "--country", metavar="XX", help=_("Two letters, such as GB. Without it: your setting, then this computer.")
)
@click.option("--topic", metavar="T", help=_("Only lines for this topic, such as eating-disorders."))
@click.option("--audience", metavar="A", help=_("Only lines for these people, such as youth."))
@click.option("--json", "as_json", is_flag=True, help=_("Print one JSON document."))
@click.pass_obj
def crisis(run: Run, country: str | None, topic: str | None, audience: str | None, as_json: bool) -> None:
    """Show whom you can call or text now. Needs no passphrase and no internet."""
    from companion.resources.model import AUDIENCES, TOPICS

    facts = services.directory(run.clock)
    if country is not None and facts.country(country) is None:
        raise click.BadParameter(_("{value} is no country code.").format(value=country), param_hint="--country")
    _require_known(topic, TOPICS, "--topic")
    _require_known(audience, AUDIENCES, "--audience")
    found = facts.find_country(option=country or "", setting=run.settings.current.country)
    if as_json:
        print_json(facts.to_json(found.code, topic, audience))
    else:
        print_lines(_page_lines(facts, facts.page(found.code), topic, audience))


def _require_known(value: str | None, known: tuple[str, ...], option: str) -> None:
    if value is not None and value not in known:
        raise click.BadParameter(
            _("{value} is not one of {known}.").format(value=value, known=", ".join(known)), param_hint=option
        )


def _page_lines(facts: Directory, page: HelpPage, topic: str | None, audience: str | None) -> Iterator[str]:
    from companion.ui.shell.line_words import row_of_emergency, row_of_line

    if page.country is None:
        yield _("This computer does not say which country you are in. --country XX shows the lines there.")
    else:
        yield page.country.name
    if page.emergency is not None:
        yield ""
        yield _("If a life is in danger, call {number} now.").format(number=page.emergency.number)
        yield from _row_lines(row_of_emergency(page.emergency, facts))
    code = page.country.code if page.country else None
    shown = facts.lines(code, topic, audience)
    if not shown and (topic or audience):
        yield ""
        yield _("No line for exactly this. Without --topic and --audience there may be others.")
    international = page.international if code else ()
    for line in (*shown, *international):
        yield ""
        yield from _row_lines(row_of_line(line, facts))


def _row_lines(row: LineRow) -> Iterator[str]:
    yield row.name
    yield from (f"  {way.words}" for way in row.ways)
    now = {True: _("Open now."), False: _("Closed now."), None: ""}[row.open_now]
    check = _("Check before you rely on it.") if row.check_first else ""
    for words in (row.second, now, *row.notes, row.age, check):
        if words:
            yield f"  {words}"
