"""gettext set-up; exports `_`, `ngettext` and `pgettext` for every shipped word."""

from __future__ import annotations

import gettext
from pathlib import Path

_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def use_language(code: str, locale_folder: Path) -> None:
    """Speak `code` (such as "es") from now on; English where no catalogue is found."""
    global _catalogue
    _catalogue = gettext.translation("companion", localedir=str(locale_folder), languages=[code], fallback=True)


def _(message: str) -> str:
    """The message in the chosen language."""
    return _catalogue.gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """The message for this count in the chosen language."""
    return _catalogue.ngettext(singular, plural, count)


def pgettext(context: str, message: str) -> str:
    """The message where one English word has two senses."""
    return _catalogue.pgettext(context, message)


def number_words(number: int) -> str:
    """A count in groups of three, as it is read: 30,000."""
    return f"{number:,}".replace(",", pgettext("between thousands", ","))
