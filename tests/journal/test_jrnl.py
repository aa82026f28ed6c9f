"""jrnl journals and exports, one quirk of the format after the other; all fixtures are invented."""

from __future__ import annotations

import base64
import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from companion.core.errors import InputRefused
from companion.journal.importers.jrnl_words import split_title, tags_in, without_star
from companion.journal.importers.stamps import day_comes_first, moment, read_stamp
from tests.journal.import_kit import Taken, refusal, take, zipped


def bring(tmp_path: Path, text: str, name: str = "my.journal", **how: Any) -> Taken:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return take(path, **how)


def times(taken: Taken) -> list[str]:
    return [each.at.strftime("%Y-%m-%d %H:%M") for each in taken.entries]


# --- dates -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2020-08-29 11:11", "2020-08-29T11:11:00"),
        ("2020-08-29 11:11:42", "2020-08-29T11:11:42"),
        ("2020-08-29T11:11:42.123", "2020-08-29T11:11:42"),
        ("2020-08-31 02:32:00 PM", "2020-08-31T14:32:00"),
        ("2020-08-31 2:32 p.m.", "2020-08-31T14:32:00"),
        ("2020-08-31 2:32\u202fpm", "2020-08-31T14:32:00"),
        ("2020-08-31 12:05 AM", "2020-08-31T00:05:00"),
        ("2020-08-31 12:05 PM", "2020-08-31T12:05:00"),
        ("2022-03-02 9:25:00 AM", "2022-03-02T09:25:00"),
        ("09.06.2013 15:39", "2013-06-09T15:39:00"),
        ("9.6.2013", "2013-06-09T00:00:00"),
        ("09.06.13 15:39", "2013-06-09T15:39:00"),
        ("2019-07 14:23", "2019-07-01T14:23:00"),
        ("2020/8/9 1:02", "2020-08-09T01:02:00"),
        ("2020.08.09 01:02", "2020-08-09T01:02:00"),
        ("15:39 09.06.2013", "2013-06-09T15:39:00"),
        ("Sat 29 August 2020 11:11", "2020-08-29T11:11:00"),
        ("Saturday, August 29th, 2020 at 11:11 AM", "2020-08-29T11:11:00"),
        ("29. Sept 2020, 11:11", "2020-09-29T11:11:00"),
        ("2020-08-29 Sat 11:11", "2020-08-29T11:11:00"),
        ("2020-08-29 11:11 +0200", "2020-08-29T11:11:00+02:00"),
        ("2020-08-29T11:11Z", "2020-08-29T11:11:00+00:00"),
    ],
)
def test_every_way_to_write_a_date(written: str, meant: str) -> None:
    stamp = read_stamp(written)
    assert stamp is not None
    at = moment(stamp, day_first=True)
    assert at is not None
    assert at.isoformat() == meant


@pytest.mark.parametrize(
    "written",
    [
        "1", "something", "ashasd7zdskhz7asdkjasd", "2020-13-45 10:00", "2021-02-29 10:00", "1.2.13", "25:99", "2020",
        "page 12.05.2020 x", "2020-08-29 11:11 and more", "14:23 5.6", "31.02.2020 10:00", "99/99/2020", "" , "x" * 70,
        "Smarch 5, 2020 10:00", "2020-08-29 11:11 at", "10:00 2020-08-29 11:00",
    ],
)  # fmt: skip
def test_what_is_no_date(written: str) -> None:
    assert read_stamp(written) is None


@pytest.mark.parametrize(
    ("dates", "first"),
    [
        (["13/06/2013", "01/02/2013"], True),
        (["06/13/2013", "01/02/2014"], False),
        (["09.06.2013"], True),
        (["09.13.2013"], False),
        (["01/02/2020", "05/03/2020", "02/04/2020"], True),
        (["02/01/2020", "03/05/2020", "04/02/2020"], False),
        (["2020-01-02", "2020-01-03"], True),
    ],
)
def test_the_file_settles_day_and_month(dates: list[str], first: bool) -> None:
    assert day_comes_first([stamp for text in dates if (stamp := read_stamp(text))]) is first


@pytest.mark.parametrize(
    "dates",
    [
        ["09/06/2013"],
        ["09/06/2013", "10/07/2013"],
        ["01-02-2020", "02-03-2020", "03-04-2020"],
        ["13/06/2013", "06/13/2013"],
        ["05/01/2020", "03/02/2020", "01/03/2020", "01/01/2020"],
    ],
)
def test_what_the_file_does_not_settle_is_refused(dates: list[str]) -> None:
    with pytest.raises(InputRefused) as refused:
        day_comes_first([stamp for text in dates if (stamp := read_stamp(text))], "my.journal")
    assert (refused.value.reason, refused.value.where) == ("dates-unclear", "my.journal")


def test_the_person_can_say_which_comes_first(tmp_path: Path) -> None:
    text = "[09/06/2013 10:00] One.\n\n[10/07/2013 10:00] Two.\n"
    path = tmp_path / "my.journal"
    path.write_text(text)
    assert refusal(path) == "dates-unclear"
    assert times(bring(tmp_path, text, wanted="jrnl-day-first")) == ["2013-06-09 10:00", "2013-07-10 10:00"]
    assert times(bring(tmp_path, text, wanted="jrnl-month-first")) == ["2013-09-06 10:00", "2013-10-07 10:00"]


def test_times_are_local_and_never_shift_the_day(tmp_path: Path) -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin", ""):
        made = bring(tmp_path, "[2020-08-29 23:59] Late.\n[2020-08-30 00:01] Early.\n", zone=zone)
        assert times(made) == ["2020-08-29 23:59", "2020-08-30 00:01"]
        assert all(each.at.tzinfo is not None for each in made.entries)


def test_a_time_that_the_clock_skipped_keeps_its_day(tmp_path: Path) -> None:
    assert times(bring(tmp_path, "[2024-03-31 02:30] In the gap.\n")) == ["2024-03-31 02:30"]


# --- text journals -----------------------------------------------------------------


def test_a_journal_file(tmp_path: Path) -> None:
    taken = bring(
        tmp_path,
        "[2013-06-09 15:39] My first entry.\nEverything is alright\n\nReally\n\n"
        "[2013-06-10 15:40] Life is good, @Anna says. *\nBut [2] I\n[1] am better\n[something] here\n\n"
        "[2013-06-10 15:40] Third",
    )
    assert [(each.title, each.text) for each in taken.entries] == [
        ("My first entry.", "Everything is alright\n\nReally"),
        ("Life is good, @Anna says.", "But [2] I\n[1] am better\n[something] here"),
        ("Third", ""),
    ]
    assert [each.tags for each in taken.entries] == [(), ("anna", "starred"), ()]
    assert taken.problems == []


def test_windows_line_ends_and_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "my.journal"
    path.write_bytes("\ufeff[2013-06-09 15:39] One.\r\nTwo\r\n\r\n[2013-06-10 15:39] Three.\r\n".encode())
    assert [(each.title, each.text) for each in take(path).entries] == [("One.", "Two"), ("Three.", "")]


def test_old_code_page(tmp_path: Path) -> None:
    path = tmp_path / "my.journal"
    path.write_bytes("[2013-06-09 15:39] Grüße aus Köln.\nSchön – “gut”".encode("cp1252"))
    assert take(path).only.text == "Schön – “gut”"


def test_version_1_9_has_no_brackets_and_may_be_mixed(tmp_path: Path) -> None:
    taken = bring(
        tmp_path,
        '2010-06-10 15:00 Tea.\n\n2013-06-10 15:40 She said "[this] is it".\nBody 2013-06-11 15:00 here\n\n'
        "[2019-08-03 12:55] Later\n\nMore.\n",
    )
    assert [each.title for each in taken.entries] == ["Tea.", 'She said "[this] is it".', "Later"]


def test_bare_dates_are_text_where_brackets_begin_the_file(tmp_path: Path) -> None:
    taken = bring(tmp_path, "[2020-01-01 10:00] Plan.\n2020-02-02 09:00 dentist\n2020-02-03 09:00 tram\n")
    assert taken.only.text == "2020-02-02 09:00 dentist\n2020-02-03 09:00 tram"


def test_text_before_the_first_date_is_told(tmp_path: Path) -> None:
    taken = bring(tmp_path, "A note on top\n\n[2020-01-01 10:00] One.\n")
    assert taken.only.title == "One."
    assert [(each.where, each.reason, each.is_entry) for each in taken.problems] == [
        ("my.journal", "before-first-entry", False)
    ]


def test_an_entry_without_words_is_told_with_its_line(tmp_path: Path) -> None:
    taken = bring(tmp_path, "[2020-01-01 10:00] One.\n\n[2020-01-02 10:00]\n\n[2020-01-03 10:00] *\n")
    assert [each.title for each in taken.entries] == ["One.", ""]
    assert taken.entries[1].tags == ("starred",)
    assert [(each.where, each.reason) for each in taken.problems] == [("my.journal:3", "empty-entry")]


@pytest.mark.parametrize(
    ("words", "title", "body"),
    [
        ("One sentence. Two. Three", "One sentence.", "Two. Three"),
        ("Why? Because", "Why?", "Because"),
        ("An idea: write", "An idea:", "write"),
        ('He said "yes." And left', 'He said "yes."', "And left"),
        ("(All of it.) Then", "(All of it.)", "Then"),
        ("Dr. Weiss was kind. Good", "Dr. Weiss was kind.", "Good"),
        ("On 3. May, e.g. today. Yes", "On 3. May, e.g. today.", "Yes"),
        ("At 10:30 we met", "At 10:30 we met", ""),
        ("example.org is a page", "example.org is a page", ""),
        ("今日は。いい天気", "今日は。", "いい天気"),
        ("Wait... what", "Wait...", "what"),
        ("No end\nBody", "No end", "Body"),
        ("y" * 501, "", "y" * 501),
        ("", "", ""),
    ],
)
def test_the_title_ends_with_the_first_sentence(words: str, title: str, body: str) -> None:
    assert split_title(words) == (title, body)


@pytest.mark.parametrize(
    ("words", "left", "starred"),
    [
        ("Title *\nbody", "Title\nbody", True),
        ("* Title\nbody", "Title\nbody", True),
        ("Title\nbody *", "Title\nbody *", False),
        ("Some **bold**\nx", "Some **bold**\nx", False),
        ("*", "", True),
    ],
)
def test_the_star(words: str, left: str, starred: bool) -> None:
    assert without_star(words) == (left, starred)


@pytest.mark.parametrize(
    ("words", "tags"),
    [
        ("@Newline and @email is anna@example.org @", ("newline", "email")),
        ("For @OS/2. Back to @C++, though, or @C#).", ("os/2", "c++", "c#")),
        ("@one @One @two.\n@three", ("one", "two", "three")),
        ("@ü-bung @--- no", ("ü-bung",)),
        ("nothing", ()),
    ],
)
def test_tags(words: str, tags: tuple[str, ...]) -> None:
    assert tags_in(words) == tags


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[ashasd7zdskhz7asdkjasd] Entry subject\nText\n", "no-entries"),
        ("2020-08-29, 1\n2020-08-31, 1", "not-this-format"),
        ("Just a letter.\nWith lines.\n", "not-this-format"),
        ("date,mood\n2020-08-29,good\n", "not-this-format"),
        ("<html><body>x</body></html>", "not-this-format"),
        ("# Shopping\n\n- milk\n", "not-this-format"),
        ("# Notes\n\n### 2020-01-01 10:00 A heading\n", "not-this-format"),
        ("# 2020\n\n- milk\n", "not-this-format"),
        ("---\ntitle: A note\ntags: [a]\n---\nText", "not-this-format"),
        (" \n\n", "empty"),
    ],
)
def test_what_is_no_journal_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "my.journal"
    path.write_text(text)
    assert refusal(path) == reason


# --- encrypted -----------------------------------------------------------------------

FERNET = b"gAAAAA" + base64.urlsafe_b64encode(bytes(range(150)))
SALT = b'{"salt":"AAAAAAAAAAAAAAAAAAAAAA=="}'


@pytest.mark.parametrize(
    "content",
    [
        FERNET,
        FERNET + b"\n",
        b"JRNLv3 0" + base64.b64encode(SALT) + FERNET,
        b"JRNLv3\x00#" + SALT + FERNET,
        random.Random(1).randbytes(128),
        random.Random(2).randbytes(4096),
        random.Random(3).randbytes(160_000),
    ],
)
def test_an_encrypted_journal_is_recognised(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "secret.journal"
    path.write_bytes(content)
    assert refusal(path) == "encrypted"
    assert refusal(path, "jrnl") == "encrypted"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n" + random.Random(1).randbytes(1015),
        b"\xff\xd8\xff\xe0" + random.Random(1).randbytes(1020),
        bytes(4096),
        random.Random(1).randbytes(4097),
        b"gAAAAA is how it starts",
    ],
)
def test_other_bytes_are_not_called_encrypted(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.journal"
    path.write_bytes(content)
    assert refusal(path) == "not-this-format"


# --- folders ------------------------------------------------------------------------


def folder(tmp_path: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = tmp_path / "days" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "days"


def test_a_folder_journal(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        {
            "2020/08/29.txt": "[2020-08-29 11:11:00 AM] One.\nx\n\n[2020-08-29 08:30:00 PM] Two. *\n",
            "2020/09/01.txt": "[14:23] Only a time.\n",
            "2020/09/02.txt": "No date at all.\nBut a day.\n",
            "2020/09/03.txt": "[04/09/2020 10:00] Day and month unclear.\n",
            "2020/09/31.txt": "[2020-09-30 10:00] No such day.\n",
            "2020/09/05.txt": "\n",
            "2020/notes.txt": "[2022-03-02 9:25] Not a day.\n",
            "2020/09/notes.txt": "[2022-03-02 9:25] Not a day.\n",
        },
    )
    taken = take(path)
    assert times(taken) == [
        "2020-08-29 11:11",
        "2020-08-29 20:30",
        "2020-09-01 14:23",
        "2020-09-02 00:00",
        "2020-09-03 10:00",
    ]
    assert [each.title for each in taken.entries] == [
        "One.", "Two.", "Only a time.", "No date at all.", "Day and month unclear.",
    ]  # fmt: skip
    assert [(each.where, each.reason) for each in taken.problems] == [
        ("2020/09/notes.txt", "another-kind"),
        ("2020/notes.txt", "another-kind"),
        ("2020/09/31.txt", "no-date"),
    ]
    assert taken.other == {"files_ignored": 2}


def test_a_folder_journal_in_an_archive(tmp_path: Path) -> None:
    taken = take(zipped(tmp_path / "x.zip", {"my/2020/08/29.txt": b"[2020-08-29 11:11] One.\n"}))
    assert times(taken) == ["2020-08-29 11:11"]


def test_an_empty_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "empty"


def test_a_folder_with_nothing_known_in_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello")
    (tmp_path / "b.png").write_bytes(b"\x89PNG")
    assert refusal(tmp_path) == "not-this-format"


def test_a_folder_with_only_an_encrypted_journal_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello")
    (tmp_path / "b.journal").write_bytes(FERNET)
    assert refusal(tmp_path) == "encrypted"


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    path = folder(tmp_path, {"2020/08/29.txt": "[2020-08-29 11:11] One.\n"})
    (tmp_path / "secret.txt").write_text("[2020-08-30 11:11] Secret.\n")
    (path / "2020" / "08" / "30.txt").symlink_to(tmp_path / "secret.txt")
    (path / "2021").symlink_to(path / "2020", target_is_directory=True)
    (path / "round").symlink_to(path, target_is_directory=True)
    taken = take(path)
    assert [each.title for each in taken.entries] == ["One."]
    assert sorted(taken.reasons) == ["link-not-followed"] * 3


# --- exports ------------------------------------------------------------------------


def test_json(tmp_path: Path) -> None:
    rows = [
        {
            "title": "An @idea:",
            "body": "(1) x",
            "date": "2013-04-09",
            "time": "15:39",
            "tags": ["@idea", "@C++"],
            "starred": True,
        },
        {"title": "Old version.", "body": "with #work and @Dan", "date": "2013-04-10", "time": "00:05"},
        {
            "title": "From elsewhere",
            "body": "",
            "date": "2013-04-11",
            "time": "1:05",
            "uuid": "U1",
            "location": {"x": 1},
        },
        {"title": "", "body": "", "date": "2013-04-12", "time": "10:00"},
        {"title": "x", "body": "", "date": "soon"},
        {"title": "y" * 501, "body": "z", "date": "2013-04-13", "time": "10:00"},
        {"title": "\ud800", "body": 5, "date": "2013-04-14", "time": "10:00", "tags": ["@\ud800x", 5]},
        7,
    ]
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"tags": {"@idea": 2, "#work": 1}, "entries": rows}))
    taken = take(path)
    assert times(taken)[:3] == ["2013-04-09 15:39", "2013-04-10 00:05", "2013-04-11 01:05"]
    assert [each.tags for each in taken.entries] == [("idea", "c++", "starred"), ("work", "dan"), (), (), ("\ufffdx",)]
    assert taken.entries[2].original_id == "U1"
    assert (taken.entries[3].title, taken.entries[3].text) == ("", "y" * 501 + "\n\nz")
    assert [(each.where, each.reason) for each in taken.problems] == [
        ("x.json#4", "empty-entry"),
        ("x.json#5", "no-date"),
        ("x.json#8", "not-an-entry"),
    ]
    assert taken.other == {"location": 1}


def test_markdown_with_its_year_and_month_headings(tmp_path: Path) -> None:
    taken = bring(
        tmp_path,
        "# 2013\n\n## April\n\n### 2013-04-09 15:39 An @idea:\n\n(1) x\n\n#### A heading of mine\n\n##### Below\n \n"
        "## Juni\n\n### 2013-06-10 15:40 Met @dan.\n\nHe 2013-06-10 15:41 smiled\n \n# 2014\n\n## Januar\n\n"
        "### 2014-01-01 00:00 5 apples\n\n",
        "x.md",
    )
    assert [(each.title, each.text) for each in taken.entries] == [
        ("An @idea:", "(1) x\n\n# A heading of mine\n\n## Below"),
        ("Met @dan.", "He 2013-06-10 15:41 smiled"),
        ("5 apples", ""),
    ]
    assert taken.problems == []


def test_markdown_with_dates_alone(tmp_path: Path) -> None:
    taken = bring(tmp_path, "# 2013\n\n## April\n\n### 09.04.2013 One.\n\nx\n \n### 10.04.2013 Two.\n\n", "x.md")
    assert times(taken) == ["2013-04-09 00:00", "2013-04-10 00:00"]


def test_markdown_with_one_entry_to_a_file(tmp_path: Path) -> None:
    folder(tmp_path, {"a.md": "# 2013-04-09 15:39 One.\n\nx\n\n## Mine\n", "b.md": "# 2013-04-10 15:39 Two.\n"})
    taken = take(tmp_path / "days")
    assert [(each.title, each.text) for each in taken.entries] == [("One.", "x\n\n# Mine"), ("Two.", "")]


def yaml(title: str, written: str, body: str, **keys: str) -> str:
    front = {"title": title, "date": written, "starred": "False", "tags": "", **keys}
    lines = "".join(f"{key}: {value}\n" for key, value in front.items())
    indented = "".join(f"\t{line}\n" for line in body.split("\n"))
    return f"---\n{lines}body: |\t\t\n{indented}..."


def test_yaml_which_is_not_valid_yaml(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        {
            "2013-04-09_i-have.md": yaml(
                "I have: an @idea", "2013-04-09 15:39", "one\n\n\ttwo\n## Mine", starred="True", tags="idea, c++"
            ),
            "2013-09-06_other.md": yaml("Other", "09/06/2013 15:39", "x", uuid="U2", creator=""),
        },
    )
    taken = take(path)
    assert [(each.title, each.text, each.tags) for each in taken.entries] == [
        ("I have: an @idea", "one\n\n\ttwo\n# Mine", ("idea", "c++", "starred")),
        ("Other", "x", ()),
    ]
    assert times(taken) == ["2013-04-09 15:39", "2013-09-06 15:39"]
    assert taken.entries[1].original_id == "U2"


def test_yaml_of_old_versions(tmp_path: Path) -> None:
    text = "---\ntitle: Old\ndate: 2013-04-09 15:39\nstared: True\ntags: a\n---\nThe body\n"
    taken = bring(tmp_path, text, "x.md")
    assert (taken.only.title, taken.only.text, taken.only.tags) == ("Old", "The body", ("a", "starred"))


def xml(*entries: str, front: str = '<?xml version="1.0" ?>\n') -> str:
    return f"{front}<journal>\n\t<entries>\n{''.join(entries)}\t</entries>\n\t<tags/>\n</journal>\n"


def test_xml(tmp_path: Path) -> None:
    taken = bring(
        tmp_path,
        xml(
            '\t\t<entry date="2013-04-09T15:39:00" starred="">\n\t\t\t<tag name="@idea"/>\n'
            "\t\t\tAn @idea: (1) x &amp; y\n(2) ???\n\t\t</entry>\n",
            '\t\t<entry date="2013-04-10T15:39:00" starred="True" uuid="U3">One. Two\n\nThree</entry>\n',
            "<entry/>",
        ),
        "x.xml",
    )
    assert [(each.title, each.text, each.tags) for each in taken.entries] == [
        ("An @idea:", "(1) x & y\n(2) ???", ("idea",)),
        ("One.", "Two\n\nThree", ("starred",)),
    ]
    assert [(each.where, each.reason) for each in taken.problems] == [("x.xml#3", "no-date")]


BOMB = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE journal [<!ENTITY a0 "lol">{BOMB}]>',
        '<!DOCTYPE journal [<!ENTITY a9 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE journal SYSTEM "http://example.org/x.dtd">',
    ],
)
def test_xml_with_a_document_type_is_refused(tmp_path: Path, doctype: str) -> None:
    path = tmp_path / "x.xml"
    path.write_text(xml('<entry date="2013-04-09T15:39:00">&a9;</entry>', front=doctype))
    assert refusal(path) == "hostile"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (xml('<entry date="2013-04-09T15:39:00">x</entry>')[:-12], "damaged"),
        (xml("<a>" * 40 + "</a>" * 40), "too-deep"),
        (xml('<entry date="2013-04-09T15:39:00">&nosuch;</entry>'), "damaged"),
        ("<journal/>", "no-entries"),
    ],
)
def test_broken_xml_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "x.xml"
    path.write_text(text)
    if reason == "no-entries":
        assert take(path).entries == []
    else:
        assert refusal(path) == reason


def test_all_exports_of_one_journal_say_the_same(tmp_path: Path) -> None:
    row = {"title": "An @idea:", "body": "(1) x\n(2) y", "date": "2013-04-09", "time": "15:39", "tags": ["@idea"]}
    texts = {
        "a.txt": "[2013-04-09 15:39] An @idea:\n(1) x\n(2) y\n",
        "a.md": "# 2013\n\n## April\n\n### 2013-04-09 15:39 An @idea:\n\n(1) x\n(2) y\n ",
        "a.json": json.dumps({"tags": {}, "entries": [row]}),
        "y.md": yaml("An @idea:", "2013-04-09 15:39", "(1) x\n(2) y", tags="idea"),
        "a.xml": xml('<entry date="2013-04-09T15:39:00" starred=""><tag name="@idea"/>An @idea: (1) x\n(2) y</entry>'),
    }  # fmt: skip
    read = {name: bring(tmp_path, text, name).only for name, text in texts.items()}
    assert len(set(read.values())) == 1, read


def test_days_are_real(tmp_path: Path) -> None:
    stamp = read_stamp("31/12/2020 23:59")
    assert stamp is not None
    assert stamp.day(day_first=True) == date(2020, 12, 31)
    assert stamp.day(day_first=False) is None
