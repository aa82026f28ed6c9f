"""New passphrases: length, strength in words, and the words that are suggested."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.errors import PassphraseTooShort
from companion.core.paths import assets
from companion.vault import passphrase as rules
from companion.vault.passphrase import MINIMUM_PASSPHRASE, length, require_long_enough, strength, suggest_words

WORDS = (assets() / "words" / "en.txt").read_text(encoding="utf-8").split()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "short",
        "123456789",
        " " * 20,
        "   abc   def   "[:11],
        "\ufdfa",
        "\ufb03\ufb03\ufb03\ufb03",
        "🙂" * 9,
        "ｶﾞ" * 9,
    ],
)
def test_under_ten_characters_is_refused(text: str) -> None:
    """Also blanks alone, and one sign that normalising turns into many letters."""
    assert strength(text) == rules.Strength("too-short", ("too-short",))
    with pytest.raises(PassphraseTooShort) as refused:
        require_long_enough(text)
    assert refused.value.minimum == MINIMUM_PASSPHRASE == 10


@pytest.mark.parametrize("text", ["abcdefghij", "river lamp", "日本語の長い合言葉です", "🙂🙃🌱🌲🌳🌴🌵🌾🌿🍀"])
def test_ten_characters_are_enough_in_any_script(text: str) -> None:
    assert length(text) >= 10
    require_long_enough(text)
    assert strength(text).level != "too-short"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("password123", "common"),
        ("Password 2024!", "common"),
        ("my secret diary", "common"),
        ("correct horse battery staple", "common"),
        ("ｐａｓｓｗｏｒｄ１２３", "common"),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", "repeats"),
        ("abcabcabcabcabcabcabcabc", "repeats"),
        ("lamp lamp lamp lamp lamp", "repeats"),
        ("qwertyuiop asdfghjkl", "sequence"),
        ("abcdefghijklmnopqrstuv", "sequence"),
        ("98765432109876", "sequence"),
        ("2718281828459045", "only-digits"),
        ("20 07 1984 16:45", "only-digits"),
        ("river-lamp 7", "few-words"),
    ],
)
def test_what_is_easy_to_guess_is_okay_at_most_and_says_why(text: str, reason: str) -> None:
    found = strength(text)
    assert found.level == "okay"
    assert reason in found.reasons


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("otter maple ferry cake", ("several-words", "long")),
        ("Otter-Maple-Ferry-Cake", ("several-words", "long")),
        ("oak pie tea sun fox", ("several-words",)),
        ("the heron ate my sandwich", ("several-words", "long")),
        ("नदी के किनारे पुराना पेड़ हरा", ("several-words", "long")),
        ("xK4vqTz9WmbR2hYpLc7e", ("long",)),
        ("秋の夜長に静かな本を読む", ("long",)),
    ],
)
def test_several_words_or_length_make_it_strong_without_any_sign(text: str, reasons: tuple[str, ...]) -> None:
    assert strength(text) == rules.Strength("strong", reasons)


def test_one_more_word_helps_and_a_sign_does_not() -> None:
    assert strength("otter maple").level == "okay"
    assert strength("otter maple!").level == "okay"
    assert strength("otter maple ferry cake").level == "strong"


@given(st.text(max_size=80))
def test_any_text_gets_a_level_and_reasons(text: str) -> None:
    found = strength(text)
    assert found.reasons
    assert (found.level == "too-short") == (length(text) < MINIMUM_PASSPHRASE)


@given(st.text(max_size=40))
def test_the_normal_form_is_stable(text: str) -> None:
    once = rules.normalise(text)
    assert rules.normalise(once) == once


UNKIND = """
gun knife blade razor rope noose bullet bomb sword dagger weapon arrow poison bleach cliff ledge
kill murder stab shoot shot fight attack war hate hurt harm pain blood wound scar cut burn drown hang jump
death dead die grave ghost devil hell doctor nurse ward hospital patient pill drug dose needle medicine
surgery illness sick cancer fever disease sex sexy naked nude breast kiss lust beer wine whisky vodka rum
gin cider pub drunk weed smoke cigar tobacco heroin crack coke cocaine opium god church pray sin bible
fat thin slim skinny diet calorie ugly stupid crazy insane mad fool idiot lonely alone sad cry afraid fear
worry angry guilt shame blame failure loser debt prison jail police court victim abuse slave mother father
baby wife husband
"""
TWINS = """
sea see sun son bear bare flour flower pear pair meat meet tail tale road rode week weak night knight
hour our blue blew deer dear hair hare mail male peace piece plain plane rain reign red read right write
sail sale scent cent sew sow so steel steal tea tee toe tow wait weight wood would one won two too to four
for eight ate new knew no know morning mourning knot not whole hole wear where which witch bean been bee be
color colour gray grey center centre theater theatre favorite favourite jewelry jewellery pajamas pyjamas
mold mould plow plough tire tyre cozy cosy yogurt yoghurt catalog catalogue
"""


# --- suggested words ---------------------------------------------------------


def test_the_list_is_what_it_promises() -> None:
    assert len(WORDS) >= 1296
    assert len(set(WORDS)) == len(WORDS)
    assert sorted(WORDS) == WORDS
    assert [word for word in WORDS if not (word.isascii() and word.isalpha() and word.islower())] == []
    assert [word for word in WORDS if not 3 <= len(word) <= 8] == []


def test_the_list_is_kind() -> None:
    """Nothing about violence, means of harm, illness, sex, drink, drugs, religion or bodies' size."""
    assert sorted(set(UNKIND.split()) & set(WORDS)) == []


def test_the_list_has_one_spelling_for_what_is_heard() -> None:
    """No word with a common twin in sound, and none that is spelt differently across the sea."""
    assert sorted(set(TWINS.split()) & set(WORDS)) == []


def test_no_word_is_another_one_with_letters_changed_round() -> None:
    known = set(WORDS)
    for word in WORDS:
        twins = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)} - {word}
        assert not twins & known, word


def test_suggestions_are_four_different_words_from_the_list_and_always_strong() -> None:
    for _ in range(300):
        words = suggest_words()
        assert len(set(words)) == 4
        assert set(words) <= set(WORDS)
        assert strength(" ".join(words)).level == "strong", words


def test_suggestions_are_drawn_from_the_whole_list() -> None:
    """1,200 draws of 4 leave a word out with chance (1 - 4/1585)^1200, about 5 in 100."""
    drawn = {word for _ in range(1200) for word in rules.suggest_words(4)}
    assert len(drawn) > 0.9 * len(WORDS)
    assert suggest_words() != suggest_words()


def test_more_words_can_be_asked_for() -> None:
    assert len(suggest_words(7)) == 7


def test_a_list_that_is_too_short_is_not_used(tmp_path: Path) -> None:
    short = tmp_path / "few.txt"
    short.write_text("\n".join(WORDS[:1295]))
    with pytest.raises(ValueError):
        suggest_words(words=short)
    short.write_text("\n".join(["lamp"] * 2000))
    with pytest.raises(ValueError):
        suggest_words(words=short)
