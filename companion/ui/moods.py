"""Moods and energy in words and icons, the same everywhere."""

from __future__ import annotations

from companion.core.i18n import _, pgettext
from companion.journal.model import Energy, Mood

MOOD_ICONS = {
    Mood.VERY_HARD: "cloud-lightning",
    Mood.HARD: "cloud-rain",
    Mood.MIXED: "cloud",
    Mood.OKAY: "cloud-sun",
    Mood.GOOD: "sun",
}


def mood_word(mood: Mood) -> str:
    """The word for a mood."""
    return {
        Mood.VERY_HARD: pgettext("mood", "Very hard"),
        Mood.HARD: pgettext("mood", "Hard"),
        Mood.MIXED: pgettext("mood", "Mixed"),
        Mood.OKAY: pgettext("mood", "Okay"),
        Mood.GOOD: pgettext("mood", "Good"),
    }[mood]


def energy_word(energy: Energy) -> str:
    """The word for an energy level."""
    return {
        Energy.LOW: pgettext("energy", "Low"),
        Energy.SOME: pgettext("energy", "Some"),
        Energy.PLENTY: pgettext("energy", "Plenty"),
    }[energy]


def title_or_start(title: str, start: str, mood: Mood | None) -> str:
    """What a row is headed with: the title, else the first words, else the check-in."""
    return title or start or (_("Check-in: {mood}").format(mood=mood_word(mood)) if mood else _("No words"))
