"""How a number is shown, spoken, and put into a QR code; its digits never change."""

from __future__ import annotations

import re

from companion.core.i18n import _
from companion.resources.model import CrisisLine, Emergency, TextContact

_LONGEST_UNGROUPED = 6


def spoken_groups(number: str) -> str:
    """The number with spaces that make it easy to read aloud; spacing that its source gave is kept."""
    if not number.isdigit() or len(number) <= _LONGEST_UNGROUPED:
        return number
    head, rest = (number[:4], number[4:]) if number.startswith("0800") else ("", number)
    return " ".join(part for part in (head, *_groups(rest)) if part)


def spoken_digits(number: str) -> str:
    """The number for a screen reader: one digit at a time, a pause between groups."""
    groups = [" ".join(part) for part in re.split(r"[ -]+", spoken_groups(number))]
    return ", ".join(groups).replace("*", _("star")).replace("#", _("hash"))


def dial_text(line: CrisisLine | Emergency) -> str | None:
    """The telephone number as shown, or None for a line without one."""
    return spoken_groups(line.number) if line.number else None


def sms_text(line: CrisisLine) -> str | None:
    """What to do with a text message, as a sentence, or None for a line that takes none."""
    if line.sms is None:
        return None
    number = spoken_groups(line.sms.number)
    if line.sms.keyword:
        return _("Text {word} to {number}").format(word=line.sms.keyword, number=number)
    return _("Text {number}").format(number=number)


def sms_short(line: CrisisLine) -> str | None:
    """The text number where space is short ("HOME to 741741"), or None for a line that takes none."""
    if line.sms is None:
        return None
    number = spoken_groups(line.sms.number)
    return _("{word} to {number}").format(word=line.sms.keyword, number=number) if line.sms.keyword else number


def tel_uri(line: CrisisLine | Emergency) -> str | None:
    """`tel:` for a QR code (RFC 3966, local number, no visual separators), or None without a telephone."""
    return f"tel:{_dialled(line.number)}" if line.number else None


def sms_uri(line: CrisisLine) -> str | None:
    """`sms:` for a QR code (RFC 5724), the first word as body, or None for a line that takes no texts."""
    return _sms(line.sms) if line.sms else None


def _sms(contact: TextContact) -> str:
    # A keyword holds letters and digits only (checked on reading), so nothing needs escaping.
    body = f"?body={contact.keyword}" if contact.keyword else ""
    return f"sms:{_dialled(contact.number)}{body}"


def _dialled(number: str) -> str:
    return re.sub(r"[^0-9*#]", "", number)


def _groups(digits: str) -> list[str]:
    """Groups of three; eight digits as four and four, and no digit left alone at the end."""
    if len(digits) <= 4:
        return [digits]
    return [digits[:3], *_groups(digits[3:])] if len(digits) != 8 else [digits[:4], digits[4:]]
