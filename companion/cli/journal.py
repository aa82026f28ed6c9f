"""`journal`: write, list, read, find, delete and bring back entries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import click

from companion.cli.asking import asked, passphrase_option, read_text, recovery_option, standard_input
from companion.cli.opening import Run
from companion.cli.output import moment, print_json, print_lines, shown_moment
from companion.cli.rules import complain
from companion.core.i18n import _, ngettext
from companion.core.ids import EntryId

if TYPE_CHECKING:
    from companion.core.clock import Clock
    from companion.journal.model import Content, Entry, Hit, Summary

json_option = click.option("--json", "as_json", is_flag=True, help=_("Print one JSON document."))
MOST_ROWS = 10_000
_CURSOR = re.compile(r"-?[0-9]{1,18}")


@click.group()
def journal() -> None:
    """Write, list, read and find entries."""


class Moment(click.ParamType[datetime]):
    """A time as ISO 8601; without an offset it is local."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The time that was written. The zone is added by the command, which has the clock."""
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            self.fail(_("write it as 2026-11-22T18:30 or 2026-11-22T18:30+01:00"), param, ctx)


class Day(click.ParamType[str]):
    """A day as YYYY-MM-DD."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The day, checked to be one."""
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            self.fail(_("write it as 2026-11-22"), param, ctx)


@journal.command()
@click.option("--title", default="", metavar="T", help=_("A title."))
@click.option("--mood", type=click.IntRange(1, 5), help=_("1 very hard, 2 hard, 3 mixed, 4 okay, 5 good."))
@click.option("--tag", "tags", multiple=True, metavar="T", help=_("A tag; can be given several times."))
@click.option("--at", type=Moment(), metavar="TIME", help=_("When it was, such as 2026-11-22T18:30. Without it: now."))
@passphrase_option
@recovery_option
@json_option
@click.pass_obj
def add(
    run: Run,
    title: str,
    mood: int | None,
    tags: tuple[str, ...],
    at: datetime | None,
    passphrase_stdin: bool,
    recovery_key_stdin: bool,
    as_json: bool,
) -> None:
    """Write an entry. Its text comes on standard input, after the line with the passphrase."""
    from companion.journal.model import LONGEST_TEXT, LONGEST_TITLE, Content, Mood

    if len(title) > LONGEST_TITLE:
        raise click.BadParameter(
            _("a title has {most} characters or fewer").format(most=LONGEST_TITLE), param_hint="--title"
        )
    when = run.clock.now() if at is None else _local(at, run.clock)
    with run.opened(asked(passphrase_stdin, recovery_key_stdin)) as services:
        stream = standard_input()
        if stream.isatty():
            complain(_("Write as much or as little as you like. Then Enter, and Ctrl+D."))
        text = read_text(stream, LONGEST_TEXT)
        content = Content(at=when, title=title, text=text.strip("\n"), mood=Mood(mood) if mood else None, tags=tags)
        if content.is_empty:
            raise click.UsageError(_("There is nothing to save: no text, title, mood or tag."))
        saved = services.journal.add(content)
    if as_json:
        print_json({"id": saved.entry_id, "saved_at": moment(saved.saved_at)})
    else:
        print_lines([_("Saved. Only you can read this."), saved.entry_id])


def _local(at: datetime, clock: Clock) -> datetime:
    aware = at if at.tzinfo is not None else at.replace(tzinfo=clock.now().tzinfo)
    try:
        aware.astimezone(UTC)
    except OverflowError as error:
        raise click.BadParameter(_("this is outside the calendar"), param_hint="--at") from error
    return aware


@journal.command("list")
@click.option("--from", "first", type=Day(), metavar="D", help=_("From this day on."))
@click.option("--to", "last", type=Day(), metavar="D", help=_("Up to this day."))
@click.option("--tag", metavar="T", help=_("Only with this tag."))
@click.option("--mood", type=click.IntRange(1, 5), help=_("Only with this mood."))
@click.option("--limit", type=click.IntRange(1, MOST_ROWS), default=50, help=_("At most so many; 50 without it."))
@click.option("--after", metavar="CURSOR", help=_("Go on behind the list that gave this as next."))
@passphrase_option
@recovery_option
@json_option
@click.pass_obj
def list_entries(
    run: Run,
    first: str | None,
    last: str | None,
    tag: str | None,
    mood: int | None,
    limit: int,
    after: str | None,
    passphrase_stdin: bool,
    recovery_key_stdin: bool,
    as_json: bool,
) -> None:
    """List entries, newest first."""
    from companion.journal.model import Filter, Mood

    if after is not None and not _CURSOR.fullmatch(after):
        raise click.BadParameter(_("this is not what a list gave as next"), param_hint="--after")
    wanted = Filter(first, last, tag, Mood(mood) if mood else None)
    with run.opened(asked(passphrase_stdin, recovery_key_stdin)) as services:
        page = services.journal.page(wanted, after, limit)
    if as_json:
        print_json({"entries": [_summary_json(entry) for entry in page.entries], "next": page.next})
    else:
        more = [_("More with --after {cursor}").format(cursor=page.next)] if page.next else []
        print_lines([*(_summary_line(entry) for entry in page.entries), *more] or [_("There is nothing here yet.")])


@journal.command()
@click.argument("entry_id", metavar="ID")
@passphrase_option
@recovery_option
@json_option
@click.pass_obj
def show(run: Run, entry_id: str, passphrase_stdin: bool, recovery_key_stdin: bool, as_json: bool) -> None:
    """Show one entry."""
    with run.opened(asked(passphrase_stdin, recovery_key_stdin)) as services:
        entry = services.journal.entry(EntryId(entry_id))
    _print_entry(entry, as_json)


@journal.command()
@click.argument("entry_id", metavar="ID")
@passphrase_option
@recovery_option
@json_option
@click.pass_obj
def delete(run: Run, entry_id: str, passphrase_stdin: bool, recovery_key_stdin: bool, as_json: bool) -> None:
    """Put an entry among the deleted ones; journal restore ID brings it back."""
    with run.opened(asked(passphrase_stdin, recovery_key_stdin)) as services:
        entry = services.journal.entry(EntryId(entry_id))
        services.journal.delete(entry.id)
    if as_json:
        print_json(_entry_json(entry))
    else:
        print_lines([_("Deleted. Bring it back with: companion journal restore {id}").format(id=entry.id)])


@journal.command()
@click.argument("entry_id", metavar="ID")
@passphrase_option
@recovery_option
@json_option
@click.pass_obj
def restore(run: Run, entry_id: str, passphrase_stdin: bool, recovery_key_stdin: bool, as_json: bool) -> None:
    """Bring a deleted entry back."""
    with run.opened(asked(passphrase_stdin, recovery_key_stdin)) as services:
        services.journal.restore(EntryId(entry_id))
        entry = services.journal.entry(EntryId(entry_id))
    _print_entry(entry, as_json)


@journal.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, MOST_ROWS), default=50, help=_("At most so many; 50 without it."))
@passphrase_option
@recovery_option
@json_option
@click.pass_obj
def search(
    run: Run, words: tuple[str, ...], limit: int, passphrase_stdin: bool, recovery_key_stdin: bool, as_json: bool
) -> None:
    """Find entries that hold all these words, newest first. The last word may be a beginning."""
    with run.opened(asked(passphrase_stdin, recovery_key_stdin)) as services:
        found = services.journal.search(" ".join(words), limit)
    if as_json:
        print_json({"total": found.total, "results": [_hit_json(hit) for hit in found.hits]})
        return
    if not found.total:
        print_lines([_("Nothing with those words. Try one word.")])
        return
    count = ngettext("{count} entry", "{count} entries", found.total).format(count=found.total)
    print_lines([count, *(line for hit in found.hits for line in _hit_lines(hit))])


# --- entries as JSON and as lines -------------------------------------------------


def _summary_json(entry: Summary) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": moment(entry.at),
        "title": entry.title,
        "excerpt": entry.excerpt,
        "mood": entry.mood,
        "energy": entry.energy,
        "tags": list(entry.tags),
        "words": entry.words,
    }


def _summary_line(entry: Summary) -> str:
    from companion.ui.moods import mood_word, title_or_start

    parts = [shown_moment(entry.at, ""), entry.id, title_or_start(entry.title, entry.excerpt, entry.mood)]
    if entry.mood is not None and (entry.title or entry.excerpt):
        parts.append(mood_word(entry.mood))
    return "  ".join((*parts, *(f"#{tag}" for tag in entry.tags)))


def _print_entry(entry: Entry, as_json: bool) -> None:
    if as_json:
        print_json(_entry_json(entry))
    else:
        print_lines(_entry_lines(entry))


def _entry_json(entry: Entry) -> dict[str, Any]:
    content: Content = entry.content
    return {
        "id": entry.id,
        "at": moment(content.at),
        "title": content.title,
        "text": content.text,
        "mood": content.mood,
        "energy": content.energy,
        "feelings": list(content.feelings),
        "measures": {},
        "tags": list(content.tags),
        "people": list(content.people),
        "attachments": [
            {"name": file.name, "type": file.media_type, "bytes": file.size_bytes, "sha256": file.sha256}
            for file in entry.attachments
        ],
        "source": {"format": entry.source.format, "original_id": entry.source.original_id} if entry.source else None,
        "revisions": entry.revisions,
    }


def _entry_lines(entry: Entry) -> Iterator[str]:
    from companion.ui.moods import energy_word, mood_word

    content = entry.content
    yield shown_moment(content.at, "")
    if content.title:
        yield content.title
    facts = (
        (_("Mood: {value}"), mood_word(content.mood) if content.mood else ""),
        (_("Energy: {value}"), energy_word(content.energy) if content.energy else ""),
        (_("Feelings: {value}"), ", ".join(content.feelings)),
        (_("Tags: {value}"), ", ".join(content.tags)),
        (_("People: {value}"), ", ".join(content.people)),
        (_("Files: {value}"), ", ".join(file.name for file in entry.attachments)),
    )
    yield from (form.format(value=value) for form, value in facts if value)
    if content.text:
        yield ""
        yield content.text


def _hit_json(hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.id,
        "at": moment(hit.at),
        "title": hit.title,
        "snippet": _unmarked(hit.snippet),
        "rank": hit.rank,
    }


def _hit_lines(hit: Hit) -> Iterator[str]:
    yield "  ".join(part for part in (shown_moment(hit.at, ""), hit.id, hit.title) if part)
    yield f"    {' '.join(_unmarked(hit.snippet).split())}"


def _unmarked(snippet: str) -> str:
    return snippet.replace("\x02", "").replace("\x03", "")
