"""Words for reason codes: why a file or a part of it was not taken, and how strong a passphrase is."""

from __future__ import annotations

import re

from companion.core.i18n import _, number_words


def reason_words(code: str) -> str:
    """Why something was not taken; `code` is one of core's REFUSALS or of the importers' PROBLEMS."""
    return {**_refusals(), **_problems()}.get(code) or _("This could not be read.")


def place_words(where: str) -> str:
    """Where something stands in what was chosen: importers write "Journal.json#2" and "diary.txt:17"."""
    found = re.fullmatch(r"(.+)([#:])(\d{1,9})", where)
    if found is None:
        return where
    form = _("Note {number} of {file}") if found[2] == "#" else _("Line {number} of {file}")
    return form.format(number=number_words(int(found[3])), file=found[1])


def reason_advice(code: str) -> str:
    """What to do about a file that was refused whole; `code` is one of core's REFUSALS."""
    return {
        "not-found": _("Check the name, then try again."),
        "empty": _("Make the export in the other app again."),
        "not-this-format": _("Companion reads exports of Day One (zip or JSON) and jrnl, and its own JSON."),
        "not-text": _("Save it as UTF-8, then try again."),
        "damaged": _("Make the export in the other app again, or copy the file again."),
        "encrypted": _("Unlock it in the other app and export it from there."),
        "too-large": _("Export it in smaller parts."),
        "too-deep": _("Export it from the other app again."),
        "hostile": _("Don't open this file. Export it from the other app again."),
        "no-entries": _("Check that it is the right file."),
        "dates-unclear": _("Export it with dates such as 2026-11-03."),
        "reader-failed": _("Try again with other programs closed, or export it in smaller parts."),
    }.get(code) or _("Make the export in the other app again.")


def _refusals() -> dict[str, str]:
    return {
        "not-found": _("There is no such file or folder."),
        "empty": _("This file is empty."),
        "not-this-format": _("This is not a format that Companion knows."),
        "not-text": _("This is not UTF-8 text."),
        "damaged": _("This file is damaged or cut off."),
        "encrypted": _("This file is locked by the other app."),
        "too-large": _("This is larger than Companion takes."),
        "too-deep": _("This is nested deeper than any real journal."),
        "hostile": _("This file looks built to do harm, so it was not opened."),
        "no-entries": _("There are no entries in this file."),
        "dates-unclear": _("Day and month can't be told apart in its dates."),
        "reader-failed": _("Reading this file ended early."),
    }


def _problems() -> dict[str, str]:
    return {
        "not-an-entry": _("This is not an entry."),
        "another-kind": _("This is another journal. You can bring it in by itself."),
        "no-date": _("No date that can be read."),
        "empty-entry": _("Nothing is in it."),
        "too-long": _("More text than one entry can hold."),
        "too-many-attachments": _("More files than one entry can hold. Only the first ones come in."),
        "before-first-entry": _("Text that stands before the first date."),
        "attachment-damaged": _("A file that can't be read. The entry comes in without it."),
        "attachment-too-large": _("A file over the size limit. The entry comes in without it."),
        "same-name": _("A second file with the same name."),
        "link-not-followed": _("A link to another place. It was not followed."),
    }


def passphrase_words(code: str) -> str:
    """Words for a strength of a new passphrase, or for the reason behind it; codes of `vault.passphrase`."""
    return {
        "too-short": _("Too short: it takes 10 characters or more."),
        "okay": _("Okay."),
        "strong": _("Strong."),
        "common": _("These are words that people try first."),
        "repeats": _("It repeats one part."),
        "sequence": _("It runs along the keyboard or the alphabet."),
        "only-digits": _("It is only a number."),
        "few-words": _("One more word makes it stronger."),
        "several-words": _("It has 4 words or more."),
        "long": _("It is long."),
    }[code]
