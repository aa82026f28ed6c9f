"""The recovery key on paper: what a person may type, and what is never taken for a right one."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.vault import recovery_code
from companion.vault.recovery_code import RecoveryCodeTypo, decode, encode

SECRET = bytes(range(100, 120))
EVERY_SYMBOL = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U"


def value_of(symbol: str) -> str:
    return {"I": "1", "L": "1", "O": "0"}.get(symbol, symbol)


@given(st.binary(min_size=20, max_size=20))
def test_what_is_written_down_reads_back(secret: bytes) -> None:
    code = encode(secret)
    assert decode(code) == secret
    groups = code.split("-")
    assert [len(group) for group in groups] == [4] * 8 + [1]
    assert not set("".join(groups[:8])) & set("ILOU")


def test_a_known_key_has_a_known_form() -> None:
    """Crockford's own rules by hand: the number in base 32, and its remainder by 37."""
    assert encode(bytes(20)) == "-".join(["0000"] * 8 + ["0"])
    assert encode(bytes(19) + b"\x01") == "-".join(["0000"] * 7 + ["0001", "1"])
    assert encode(bytes(19) + b"\x24") == "-".join(["0000"] * 7 + ["0014", "U"])
    assert encode(b"\xff" * 20)[:-1] == "ZZZZ-" * 8


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code.lower(),
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " "),
        lambda code: "  " + code.replace("-", " - ") + "\n",
        lambda code: code.replace("-", "\u2013"),
        lambda code: code.replace("-", "\u2212"),
        lambda code: code.replace("-", "\u00a0"),
        lambda code: code.replace("0", "O").replace("1", "I"),
        lambda code: code.replace("0", "o").replace("1", "l"),
        lambda code: "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in code),
    ],
    ids=["lower", "no dashes", "spaces", "loose", "en dash", "minus", "no-break", "OI", "ol", "full width"],
)
def test_typing_is_taken_kindly(typed: object) -> None:
    secret = bytes(19) + b"\x21"  # many zeros and a one
    code = encode(secret)
    assert "0" in code
    assert "1" in code
    assert decode(typed(code)) == secret


def test_every_wrong_single_character_is_noticed() -> None:
    code = encode(SECRET).replace("-", "")
    tried = 0
    for position, right in enumerate(code):
        for wrong in EVERY_SYMBOL:
            if value_of(wrong) == value_of(right):
                continue
            with pytest.raises(RecoveryCodeTypo):
                decode(code[:position] + wrong + code[position + 1 :])
            tried += 1
    assert tried == 33 * 36


@settings(max_examples=100)
@given(st.binary(min_size=20, max_size=20), st.data())
def test_a_wrong_character_in_any_key_is_noticed(secret: bytes, data: st.DataObject) -> None:
    code = encode(secret).replace("-", "")
    position = data.draw(st.integers(0, 32))
    wrong = data.draw(st.sampled_from([s for s in EVERY_SYMBOL if s != code[position]]))
    with pytest.raises(RecoveryCodeTypo):
        decode(code[:position] + wrong + code[position + 1 :])


@settings(max_examples=50)
@given(st.binary(min_size=20, max_size=20))
def test_two_neighbours_swapped_are_noticed(secret: bytes) -> None:
    code = encode(secret).replace("-", "")
    for i in range(31):
        if code[i] != code[i + 1]:
            with pytest.raises(RecoveryCodeTypo):
                decode(code[:i] + code[i + 1] + code[i] + code[i + 2 :])


@pytest.mark.parametrize(
    "typed",
    ["", "-", "0", encode(SECRET)[:-1], encode(SECRET) + "0", encode(SECRET)[1:], "é" * 33, "🙂" * 33, "0" * 100_000],
)
def test_what_is_no_key_at_all_is_a_typo(typed: str) -> None:
    with pytest.raises(RecoveryCodeTypo):
        decode(typed)


@given(st.text(max_size=60))
def test_any_text_is_a_key_or_a_typo(typed: str) -> None:
    with contextlib.suppress(RecoveryCodeTypo):
        assert len(decode(typed)) == 20


def test_fresh_secrets_differ_and_can_be_wiped() -> None:
    first, second = recovery_code.new_secret(), recovery_code.new_secret()
    assert first != second
    assert len(first) == 20
    assert isinstance(first, bytearray)
    assert isinstance(decode(encode(first)), bytearray)


@pytest.mark.parametrize("size", [0, 19, 21])
def test_only_whole_secrets_are_written_down(size: int) -> None:
    with pytest.raises(ValueError):
        encode(bytes(size))
