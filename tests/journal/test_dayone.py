"""Day One exports, one quirk of the format after the other; all fixtures are invented."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from companion.journal.importers.dayone_text import converted, split_title
from companion.journal.importers.records import ImportedEntry
from companion.journal.model import LONGEST_TEXT
from tests.journal.import_kit import Taken, day_one, entry, refusal, take, zipped

PHOTO = {"identifier": "AAAA1111", "md5": "a" * 32, "type": "jpeg", "orderInEntry": 0}


def bring(tmp_path: Path, *entries: dict[str, Any], zone: str = "Europe/Berlin") -> Taken:
    path = tmp_path / "Journal.json"
    path.write_bytes(day_one(*entries))
    return take(path, zone=zone)


def words(tmp_path: Path, text: str, **fields: Any) -> ImportedEntry:
    return bring(tmp_path, entry(text, **fields)).only


# --- times -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("created", "zone", "local"),
    [
        ("2024-04-16T23:00:00Z", "Europe/Dublin", "2024-04-17T00:00:00+01:00"),
        ("2024-01-01T03:30:00Z", "America/Chicago", "2023-12-31T21:30:00-06:00"),
        ("2024-03-11T19:30:00+05:00", "Asia/Karachi", "2024-03-11T19:30:00+05:00"),
        ("2024-03-11T19:30:00+05:00", None, "2024-03-11T19:30:00+05:00"),
        ("2024-06-01T10:00:00Z", None, "2024-06-01T12:00:00+02:00"),
        ("2024-06-01T10:00:00Z", "Nowhere/Atlantis", "2024-06-01T12:00:00+02:00"),
        ("2024-06-01T10:00:00Z", "../../etc/passwd", "2024-06-01T12:00:00+02:00"),
        ("2024-06-01T10:00:00Z", "GMT+0530", "2024-06-01T15:30:00+05:30"),
        ("2024-06-01T10:00:00.250Z", "Europe/Oslo", "2024-06-01T12:00:00.250000+02:00"),
        ("2013-10-27T01:27:27Z", "Europe/Vienna", "2013-10-27T02:27:27+01:00"),
        ("2071-05-05T05:05:05Z", "Etc/UTC", "2071-05-05T05:05:05+00:00"),
    ],
)
def test_local_day_comes_from_the_entrys_own_zone(tmp_path: Path, created: str, zone: str | None, local: str) -> None:
    fields = {"creationDate": created} | ({"timeZone": zone} if zone else {})
    made = entry("Words")
    if zone is None:
        del made["timeZone"]
    assert bring(tmp_path, made | fields).only.at.isoformat() == local


def test_zone_of_the_place_is_second_best(tmp_path: Path) -> None:
    made = entry("Words", creationDate="2024-06-01T22:30:00Z", location={"timeZoneName": "Asia/Tokyo"})
    del made["timeZone"]
    assert bring(tmp_path, made).only.at.utcoffset() == timedelta(hours=9)


@pytest.mark.parametrize(
    "created", [None, "", "yesterday", "2024-13-40T00:00:00Z", "0001-01-01T00:00:00Z", 5, [], "9" * 99]
)
def test_an_entry_without_a_readable_date_is_told(tmp_path: Path, created: object) -> None:
    taken = bring(tmp_path, entry("Words") | {"creationDate": created}, entry("Others"))
    assert [each.text for each in taken.entries] == ["Others"]
    assert [(problem.where, problem.reason, problem.is_entry) for problem in taken.problems] == [
        ("Journal.json#1", "no-date", True)
    ]


# --- words -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"An e\-reader\.", "An e-reader."),
        (r"Really\! \(yes\) \#1 \* \_ \[a\] \~ \|", "Really! (yes) #1 * _ [a] ~ |"),
        (r"C:\\temp", "C:\\temp"),
        (r"back\slash and end\ ", "back\\slash and end\\ "),
        (r"grün\ä", "grün\\ä"),
        (r"code `a\.b` stays, c\.d goes", r"code `a\.b` stays, c.d goes"),
        (r"code ``a`\.b`` stays", r"code ``a`\.b`` stays"),
        (r"an escaped \`tick\.\`", "an escaped `tick.`"),
        (r"an open ` tick\.", "an open ` tick."),
        ("one ` here\\.\n\nanother ` there\\.", "one ` here.\n\nanother ` there."),
        ("x\\.\n```\na\\.b\n```\ny\\.", "x.\n```\na\\.b\n```\ny."),
        ("~~~~\na\\.b\n~~~\nc\\.d\n~~~~\ne\\.f", "~~~~\na\\.b\n~~~\nc\\.d\n~~~~\ne.f"),
        ("```\nnever closed\\.", "```\nnever closed\\."),
        (r"\\\.", "\\."),
        ("\\", "\\"),
    ],
)
def test_backslash_escapes_go_outside_code(written: str, meant: str) -> None:
    assert converted(written, lambda *_: "", escaped=True) == meant


def test_html_scripts_and_links_between_entries_stay_text(tmp_path: Path) -> None:
    text = (
        "<b>x</b> <script>go()</script> [gallery] [Day](dayone2://view?entryId=ABC) <img src=http://example.org/a.png>"
    )
    assert words(tmp_path, text).text == text


@pytest.mark.parametrize(
    ("text", "title", "rest"),
    [
        ("# Lantern\n\nThe garden", "Lantern", "The garden"),
        ("## Willkommen\nGleich weiter", "Willkommen", "Gleich weiter"),
        ("#   Spaced  ##\nx", "Spaced", "x"),
        ("# **Bold**\n\nx", "Bold", "x"),
        ("Walk\n\nAlong the canal", "Walk", "Along the canal"),
        ("\n\nWalk\n\nAlong", "Walk", "Along"),
        ("Only one line", "", "Only one line"),
        ("First line\nsecond line\n\nthird", "", "First line\nsecond line\n\nthird"),
        ("- milk\n\n- bread", "", "- milk\n\n- bread"),
        ("1. one\n\n2. two", "", "1. one\n\n2. two"),
        ("> said\n\nx", "", "> said\n\nx"),
        ("---\n\nx", "", "---\n\nx"),
        ("-5 degrees\n\nCold", "-5 degrees", "Cold"),
        ("x" * 121 + "\n\nmore", "", "x" * 121 + "\n\nmore"),
        ("# [A link](https://example.org)\n\nx", "", "# [A link](https://example.org)\n\nx"),
        ("![p](attachment:1)\n\n# Sea\n\nBlue", "Sea", "![p](attachment:1)\n\nBlue"),
        ("![p](attachment:1)\n\nBlue", "", "![p](attachment:1)\n\nBlue"),
        ("# " + "y" * 501 + "\nx", "", "# " + "y" * 501 + "\nx"),
        ("#notaheading\nx", "", "#notaheading\nx"),
        ("", "", ""),
    ],
)
def test_title_is_the_first_heading_or_lone_line(text: str, title: str, rest: str) -> None:
    assert split_title(text) == (title, rest)


def test_no_word_is_lost_between_title_and_text(tmp_path: Path) -> None:
    made = words(tmp_path, "# One two\n\nthree **four**\n\n- five\n\n\nsix\n")
    assert " ".join(f"{made.title} {made.text}".replace("#", "").split()) == "One two three **four** - five six"


def test_line_ends_and_broken_characters_are_mended(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(
        b'{"entries":[{"uuid":"U","creationDate":"2024-01-01T00:00:00Z","text":"a\\r\\nb\\u0000\\ud800c"}]}'
    )
    assert take(path).only.text == "a\nb\ufffd\ufffdc"


@pytest.mark.parametrize(
    "fields", [{}, {"text": ""}, {"text": "   \n"}, {"text": None}, {"text": ["a"], "richText": 5}]
)
def test_an_entry_with_nothing_in_it_is_told(tmp_path: Path, fields: dict[str, Any]) -> None:
    taken = bring(tmp_path, entry() | fields, entry("Words"))
    assert len(taken.entries) == 1
    assert taken.problems[0].reason == "empty-entry"
    assert taken.problems[0].is_entry


def test_tags_alone_are_an_entry(tmp_path: Path) -> None:
    assert bring(tmp_path, entry(tags=["slept well"])).only.tags == ("slept well",)


def test_a_photo_alone_is_an_entry(tmp_path: Path) -> None:
    made = bring(tmp_path, entry(photos=[PHOTO])).only
    assert (made.title, made.text, len(made.attachments)) == ("", "", 1)


def test_more_text_than_an_entry_can_hold_is_told(tmp_path: Path) -> None:
    taken = bring(tmp_path, entry("y" * (LONGEST_TEXT + 1)))
    assert (taken.entries, taken.reasons) == ([], ["too-long"])


# --- tags, star, place -------------------------------------------------------------


def test_star_and_pin_become_tags(tmp_path: Path) -> None:
    assert words(tmp_path, "x", tags=["Été", " two  words ", "Été", 7, ""], starred=True).tags == (
        "Été",
        "two words",
        "starred",
    )
    assert words(tmp_path, "x", isPinned=True).tags == ("pinned",)
    assert words(tmp_path, "x", pinned=True, starred="no").tags == ("pinned",)
    assert words(tmp_path, "x", tags="loose").tags == ()


def test_only_the_name_of_a_place_comes_along(tmp_path: Path) -> None:
    region = {"center": {"latitude": 12.34567, "longitude": 76.54321}, "radius": 75, "identifier": "<+12.34567>"}
    location = {"placeName": "Blue Café", "localityName": "Bath", "country": "UK", "userLabel": "Blue Café"}
    photo = PHOTO | {
        "location": {"latitude": 12.34567, "placeName": "Secret"},
        "cameraMake": "(null)",
        "fnumber": "(null)",
    }
    taken = bring(
        tmp_path,
        entry(
            "Tea",
            location=location | {"latitude": 12.34567, "longitude": 76.54321, "region": region},
            weather={"temperatureCelsius": 9.5},
            userActivity={"activityName": "Stationary", "stepCount": 3572},
            music={"track": "Song"},
            photos=[photo],
            creationDevice="Somebody's phone",
        ),
    )
    everything = repr(taken)
    assert taken.only.text == "Tea\n\n— Blue Café, Bath, UK"
    assert taken.other == {"coordinates": 1, "weather": 1, "activity": 1, "music": 1}
    for secret in ("12.34", "76.54", "Secret", "Stationary", "3572", "(null)", "Somebody"):
        assert secret not in everything


@pytest.mark.parametrize("location", [{}, [], None, {"placeName": " "}, {"placeName": 5}, {"latitude": 1e400}])
def test_a_place_without_a_name_adds_nothing(tmp_path: Path, location: object) -> None:
    assert words(tmp_path, "x", location=location).text == "x"


# --- attachments --------------------------------------------------------------------


def test_links_name_attachments_by_position_in_the_middle_of_text(tmp_path: Path) -> None:
    second = {"identifier": "BBBB2222", "md5": "b" * 32, "type": "png", "orderInEntry": 1, "filename": "hill [1].png"}
    made = words(
        tmp_path,
        r"Left\.![](dayone-moment://BBBB2222). Right ![the sea](dayone-moment://AAAA1111)"
        " again ![](dayone-moment://bbbb2222)",
        photos=[second, PHOTO],
    )
    assert made.text == (
        "Left.![hill (1).png](attachment:1). Right ![the sea](attachment:2) again ![hill (1).png](attachment:1)"
    )
    assert [media.name for media in made.attachments] == ["hill [1].png", "a" * 32 + ".jpeg"]


def test_links_in_code_and_escaped_links_stay(tmp_path: Path) -> None:
    made = words(tmp_path, "`![](dayone-moment://AAAA1111)` and\\![](dayone-moment:x) y", photos=[PHOTO])
    assert made.text == "`![](dayone-moment://AAAA1111)` and![](dayone-moment:x) y"


def test_every_kind_is_found_by_md5_with_any_ending(tmp_path: Path) -> None:
    kinds = {
        "photos": {"identifier": "P1", "md5": "1" * 32, "type": "jpeg"},
        "videos": {"identifier": "V1", "md5": "2" * 32, "type": "mp4"},
        "audios": {"identifier": "A1", "md5": "3" * 32, "format": ".mp3", "title": "Rain.mp3"},
        "pdfAttachments": {"identifier": "D1", "md5": "4" * 32, "pdfName": "A letter.pdf"},
    }
    text = "![](dayone-moment://P1)\n![](dayone-moment:/video/V1)\n![](dayone-moment:/audio/A1)\n![](dayone-moment:/pdfAttachment/D1)"
    path = zipped(
        tmp_path / "x.zip",
        {
            "Tagebuch.json": day_one(entry(text, **{key: [value] for key, value in kinds.items()})),
            f"photos/{'1' * 32}.JPG": b"p",
            f"videos/{'2' * 32}.mov": b"v",
            f"audios/{'3' * 32}.m4a": b"a",
            f"pdfs/{'4' * 32}.pdf": b"d",
            f"photos/{'9' * 32}.png": b"nobody asks for it",
        },
    )
    taken = take(path)
    assert [(media.name, media.media_type, media.missing) for media in taken.only.attachments] == [
        ("1" * 32 + ".jpg", "image/jpeg", False),
        ("2" * 32 + ".mov", "video/quicktime", False),
        ("Rain.mp3", "audio/mp4", False),
        ("A letter.pdf", "application/pdf", False),
    ]
    assert taken.other == {"media_without_entry": 1}
    assert "dayone-moment" not in taken.only.text


def test_dangling_media_is_counted_and_not_fatal(tmp_path: Path) -> None:
    made = words(tmp_path, "A ![](dayone-moment://GONE1) b ![](dayone-moment:/audio/GONE2)", photos=[PHOTO])
    assert made.text == "A ![GONE1](attachment:1) b ![GONE2](attachment:2)"
    assert [(media.missing, media.where) for media in made.attachments] == [(True, ""), (True, ""), (True, "")]


def test_media_records_of_any_shape_are_harmless(tmp_path: Path) -> None:
    odd = [None, 5, {}, {"identifier": 7}, {"md5": "f" * 32}, {"identifier": "X", "md5": 3, "orderInEntry": "first"}]
    made = words(tmp_path, "x", photos=odd, videos="none", audios={"a": 1})
    assert [media.name for media in made.attachments] == ["f" * 32, "X"]


def test_more_attachments_than_an_entry_can_have_are_told(tmp_path: Path) -> None:
    photos = [{"identifier": f"P{n}", "md5": f"{n:032d}"} for n in range(501)]
    taken = bring(tmp_path, entry("x", photos=photos))
    assert (len(taken.only.attachments), taken.reasons) == (500, ["too-many-attachments"])


def test_media_beside_a_bare_json_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / f"{'a' * 32}.jpeg").write_bytes(b"p")
    assert not words(tmp_path, "x", photos=[PHOTO]).attachments[0].missing


# --- rich text ----------------------------------------------------------------------


def rich(*contents: dict[str, Any]) -> str:
    return json.dumps({"contents": list(contents), "meta": {"version": 1}})


def line(text: str, **kind: Any) -> dict[str, Any]:
    return {"text": text, "attributes": {"line": kind}}


def test_rich_text_is_read_where_there_is_no_text(tmp_path: Path) -> None:
    made = bring(
        tmp_path,
        entry(
            richText=rich(
                line("Header\n", header=2),
                {"text": "Plain "},
                {"text": "bold", "attributes": {"bold": True}},
                {"text": " and "},
                {"text": "both", "attributes": {"bold": True, "italic": True}},
                {"text": " "},
                {"text": "link", "attributes": {"linkURL": "https://example.org"}},
                {"text": " "},
                {"text": "gone", "attributes": {"strikethrough": True}},
                {"text": " "},
                {"text": "code", "attributes": {"inlineCode": True}},
                {"text": " C:\\new\\.\n"},
                line("One\n", listStyle="bulleted", indentLevel=1),
                line("Two\n", listStyle="bulleted", indentLevel=2),
                line("To do\n", listStyle="checkbox", checked=False),
                line("Done\n", listStyle="checkbox", checked=True),
                line("First\n", listStyle="numbered", listIndex=1),
                line("Said\n", quote=True),
                line("a = 1\n", codeBlock=True),
                line("b = 2\n", codeBlock=True),
                {"embeddedObjects": [{"type": "horizontalRuleLine"}]},
                {"embeddedObjects": [{"type": "photo", "identifier": "AAAA1111"}]},
                {"text": "End"},
            ),
            photos=[PHOTO],
        ),
    ).only
    assert made.title == "Header"
    assert made.text == (
        "Plain **bold** and ***both*** [link](https://example.org) ~~gone~~ `code` C:\\new\\.\n\n"
        "- One\n  - Two\n- [ ] To do\n- [x] Done\n\n1. First\n\n> Said\n\n```\na = 1\nb = 2\n```\n\n---\n\n"
        f"![{'a' * 32}.jpeg](attachment:1)\n\nEnd"
    )


def test_text_is_preferred_over_rich_text(tmp_path: Path) -> None:
    assert words(tmp_path, "plain", richText=rich({"text": "rich"})).text == "plain"


def test_text_of_the_wrong_type_falls_back_to_rich_text(tmp_path: Path) -> None:
    assert bring(tmp_path, entry(richText=rich({"text": "rich"})) | {"text": {"invalid": "type"}}).only.text == "rich"


@pytest.mark.parametrize(
    ("broken", "kept"),
    [
        ("test rich text", "test rich text"),
        ("5", "5"),
        ("{not json", "{not json"),
        (rich({"text": "a"}, 5, {"text": 7}, {"text": "b", "attributes": [1]}, {"embeddedObjects": [3, {}]}), "ab"),  # type: ignore[arg-type]
        (rich({"text": "x", "attributes": {"line": {"header": True, "indentLevel": "deep", "listStyle": ["a"]}}}), "x"),
        (rich({"text": "x", "attributes": {"line": {"header": 10**9, "indentLevel": 10**9}}}), "x"),
        ("[" * 100_000, "[" * 100_000),
    ],
)
def test_broken_rich_text_is_harmless(tmp_path: Path, broken: str, kept: str) -> None:
    assert bring(tmp_path, entry(richText=broken)).only.text == kept


# --- the export ----------------------------------------------------------------------


def test_several_journals_in_one_archive_keep_their_names_as_tags(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "export.zip",
        {"Tagebuch.json": day_one(entry("a", uuid="A")), "Übersicht.json": day_one(entry("b", uuid="B", tags=["x"]))},
    )
    taken = take(path)
    assert [(each.text, each.tags) for each in taken.entries] == [("a", ("Tagebuch",)), ("b", ("x", "Übersicht"))]
    assert taken.other == {"journals": 2}


def test_a_folder_in_front_and_other_files_do_not_matter(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "export.zip",
        {
            "Export 2024/Journal.json": day_one(entry("a", photos=[PHOTO])),
            f"Export 2024/photos/{'a' * 32}.jpeg": b"p",
            "Export 2024/photos/": b"",
            "__MACOSX/Export 2024/._Journal.json": b"\x00\x05",
            "Export 2024/.DS_Store": b"\x00",
            "Export 2024/notes.json": b'{"other": []}',
        },
    )
    taken = take(path)
    assert not taken.only.attachments[0].missing
    assert taken.other == {"files_ignored": 1}


def test_folders_around_everything_do_not_matter(tmp_path: Path) -> None:
    members = {"a/b/c/d/Journal.json": day_one(entry("a", photos=[PHOTO])), f"a/b/c/d/photos/{'a' * 32}.jpeg": b"p"}
    assert not take(zipped(tmp_path / "x.zip", members)).only.attachments[0].missing
    assert take(zipped(tmp_path / "y.zip", {"a/b/c/Journal.json": day_one(entry("a"))})).only.text == "a"


def test_an_unpacked_folder_reads_like_the_archive(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / f"{'a' * 32}.jpeg").write_bytes(b"p")
    (tmp_path / "Journal.json").write_bytes(day_one(entry("a", photos=[PHOTO])))
    assert not take(tmp_path).only.attachments[0].missing


@pytest.mark.parametrize("version", ["1.0", "2024.14", "fictional", 3, None])
def test_the_version_does_not_matter(tmp_path: Path, version: object) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"entries": [entry("a")], "metadata": {"version": version}, "more": [1, {"a": []}]}))
    assert take(path, "dayone").only.text == "a"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_every_unicode_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(json.dumps({"entries": [entry("Äpfel 🍏")]}, ensure_ascii=False).encode(encoding))
    assert take(path).only.text == "Äpfel 🍏"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"metadata":{"version":"1.0"},"entries":', "damaged"),
        (b'{"metadata":{"version":"1.0"},"entries":[]}', "no-entries"),
        (b'{"metadata":{"version":"1.0"}}', "not-this-format"),
        (b'{"articles":[{"creation_date":"2020-01-10T12:22:12Z"}]}', "not-this-format"),
        (b'{"$schema":"x","entries":5}', "no-entries"),
        (b"{}", "not-this-format"),
        (b'{"a":1', "damaged"),
        (b"[]", "not-this-format"),
        (b"  \n ", "empty"),
        (b"", "empty"),
    ],
)
def test_what_is_no_export_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    assert refusal(path) == reason


def test_a_cut_off_export_is_refused_whole(tmp_path: Path) -> None:
    whole = day_one(entry("a"), entry("b"), entry("c"))
    path = tmp_path / "x.json"
    for cut in (len(whole) - 1, len(whole) - 2, len(whole) // 2):
        path.write_bytes(whole[:cut])
        assert refusal(path) == "damaged", cut
    path.write_bytes(whole + b" x")
    assert refusal(path) == "damaged"


def test_elements_that_are_no_entries_are_told(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"entries": [entry("a"), None, 5, "x", [], entry("b")]}))
    taken = take(path)
    assert len(taken.entries) == 2
    assert [problem.where for problem in taken.problems] == ["x.json#2", "x.json#3", "x.json#4", "x.json#5"]


def test_asking_for_another_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(day_one(entry("a")))
    assert refusal(path, "jrnl") == "not-this-format"
    assert refusal(path, "paper") == "not-this-format"
