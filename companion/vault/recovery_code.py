"""The recovery key on paper: 160 random bits as Crockford base32 with a check character.

Alphabet, look-alike letters and the check modulo 37 are Douglas Crockford's
"Base 32" (https://www.crockford.com/base32.html). 32 and every difference of
two digits are coprime to 37, so one wrong character, or two neighbours swapped,
is always noticed.
"""

from __future__ import annotations

import secrets
import unicodedata

SECRET_BYTES = 20
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK = _DIGITS + "*~$=U"
_VALUES = {digit: value for value, digit in enumerate(_CHECK)} | {"I": 1, "L": 1, "O": 0}
_LENGTH = SECRET_BYTES * 8 // 5  # 32 digits, no bit left over
_GROUP = 4
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212_"


class RecoveryCodeTypo(ValueError):
    """This is no recovery key: a character is wrong, missing or too many."""


def new_secret() -> bytearray:
    """160 fresh random bits; the caller wipes them."""
    return bytearray(secrets.token_bytes(SECRET_BYTES))


def encode(secret: bytes | bytearray) -> str:
    """Write the secret down: 8 groups of 4 and the check character, divided by dashes."""
    if len(secret) != SECRET_BYTES:
        raise ValueError(len(secret))
    number = int.from_bytes(secret, "big")
    digits = "".join(_DIGITS[(number >> shift) & 31] for shift in range(5 * (_LENGTH - 1), -1, -5))
    groups = [digits[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP)]
    return "-".join([*groups, _CHECK[number % 37]])


def decode(code: str) -> bytearray:
    """Read what a person typed: any case, spaces and dashes anywhere, I and L as 1, O as 0.

    The caller wipes the answer. Raises RecoveryCodeTypo.
    """
    values = [_VALUES.get(character, -1) for character in _plain(code)]
    if len(values) != _LENGTH + 1:
        raise RecoveryCodeTypo
    *digits, check = values
    if check < 0 or min(digits) < 0 or max(digits) > 31:
        raise RecoveryCodeTypo
    number = 0
    for digit in digits:
        number = number << 5 | digit
    if number % 37 != check:
        raise RecoveryCodeTypo
    return bytearray(number.to_bytes(SECRET_BYTES, "big"))


def _plain(code: str) -> str:
    wide = unicodedata.normalize("NFKC", code).upper()
    return "".join(character for character in wide if character not in _DASHES and not character.isspace())
