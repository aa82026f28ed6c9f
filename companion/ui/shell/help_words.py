"""The words around the numbers in Help right now, as plain data; written for a person's worst day.

Grade 4 or lower and at most 15 words a sentence (`tests/test_words.py`). Nothing here
says that a service is free, private or without a name: only a record of the facts may say so.
"""

from __future__ import annotations

from typing import NamedTuple

from companion.core.i18n import _
from companion.resources.model import HelpPage, PageState


class Section(NamedTuple):
    """A heading and its lines, each a short paragraph of its own."""

    heading: str
    lines: tuple[str, ...]


def barrier_lines() -> tuple[str, ...]:
    """What answers the thoughts that keep people from calling; shown on the sheet itself."""
    return (
        _("You do not need to be sure. You are not bothering anyone."),
        _("You can just say: \"I'm having a bad time and I don't want to be alone.\""),
        _("You can hang up at any time."),
        _("If one line does not help, try the next one. That happens."),
    )


def lead() -> str:
    """The line under the title of Help right now."""
    return _("Pick a person. You can just say: \"I'm having a bad time and I don't want to be alone.\"")


def danger() -> str:
    """The one line that comes before everything where a life is in danger."""
    return _("If a life is in danger, call your emergency number now.")


def when_i_call() -> tuple[Section, ...]:
    """The page "What happens when I call?"."""
    return (
        Section(
            _("When they answer"),
            (
                _("A person may answer, or a menu. A menu tells you which number to press."),
                _("You may have to wait a while. If no one comes, call again or try the next line."),
                _("They may ask for your name. You can say no."),
            ),
        ),
        Section(
            _("What you can say"),
            (
                _("You can just say: \"I'm having a bad time and I don't want to be alone.\""),
                _("You can read it from this screen. You can cry, or say nothing at first."),
                _("You do not need to be sure. You are not bothering anyone."),
            ),
        ),
        Section(
            _("What they may ask"),
            (
                _("They may ask how you feel, and what has happened."),
                _("They may ask if you are safe, and where you are."),
                _("They may ask straight out if you think of suicide. It helps them to help you."),
                _("You can say yes, no, or that you do not know."),
            ),
        ),
        Section(
            _("Who will know"),
            (
                _("Each line has its own rules on what it keeps to itself."),
                _('You can ask first: "Who else will know what I say?"'),
                _("If they fear for a life, some lines send help. You can ask about that too."),
                _("The call may show on the phone, or on its bill."),
            ),
        ),
        Section(
            _("What it costs"),
            (
                _("Some calls cost money. What is known stands beside the number."),
                _("Your phone company can tell you the rest."),
            ),
        ),
        Section(
            _("If it is not right for you"),
            (
                _("You can hang up at any time."),
                _("If one line does not help, try the next one. That happens."),
                _("If talking is too much, look for a line with text or chat."),
            ),
        ),
    )


def page_lines(page: HelpPage) -> tuple[str, ...]:
    """What stands above the parts of a page that has no line for everyone; empty for one that has."""
    if page.state is PageState.LISTENING:
        return ()
    if page.country is None:
        return (
            _("Which country are you in? Pick it, and its numbers show here."),
            _("Until then, these websites can find a line for you."),
        )
    name = page.country.name
    known = {
        PageState.OTHER_LINES: _("For {country}, this list has lines for some people or some needs only."),
        PageState.EMERGENCY_ONLY: _(
            "For {country}, this list has no line to talk to. It has a number for danger to life."
        ),
        PageState.NOTHING: _("For {country}, this list has no number that is sure enough to show."),
    }
    return (known[page.state].format(country=name), *finding_help())


def finding_help() -> tuple[str, ...]:
    """How to find someone where the list has no line for everyone."""
    return (
        _("These websites can find a line for you."),
        _("A doctor, a nurse or a hospital can tell you whom to call."),
        _("You can also tell one person near you: a friend, a neighbour, a teacher."),
    )
