"""Archives built to do harm: each is made here, and ends in a typed refusal or does no harm."""

from __future__ import annotations

import io
import json
import os
import stat
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from companion.core.errors import InputRefused
from companion.journal.importers.limits import MIB, Limits
from companion.journal.importers.sources import open_source
from tests.journal.import_kit import RawMember, day_one, entry, outcome, raw_zip, refusal, served, take, zipped

JOURNAL = day_one(entry("Words"))
LINK = (stat.S_IFLNK | 0o777) << 16
MD5 = "a" * 32
WITH_PHOTO = day_one(entry("Words", photos=[{"identifier": "P", "md5": MD5, "type": "jpeg"}]))


@pytest.fixture(autouse=True)
def _nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a test reads, no file appears, neither here nor where the names point."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    yield
    assert list(work.iterdir()) == []
    assert not Path("/tmp/evil.txt").exists()
    assert sorted(path.name for path in tmp_path.iterdir() if "evil" in path.name) == []


def beside(tmp_path: Path, name: bytes, content: bytes = b"x", **how: int) -> Path:
    """A good journal and one more member."""
    return raw_zip(tmp_path / "x.zip", [RawMember(b"Journal.json", JOURNAL), RawMember(name, content, **how)])


# --- names ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        b"../../evil.txt",
        b"photos/../../../evil.jpeg",
        b"..\\..\\evil.txt",
        b"/tmp/evil.txt",
        b"C:\\Windows\\evil.txt",
        b"C:evil.txt",
        b"\\\\server\\share\\evil.txt",
        b"//server/share/evil.txt",
        b"..",
        b"a/..",
    ],
)
def test_names_that_point_outside_refuse_the_whole(tmp_path: Path, name: bytes) -> None:
    assert refusal(beside(tmp_path, name)) == "hostile"


@pytest.mark.parametrize(
    "name",
    [
        b"CON", b"nul.json", b"aux.txt", b"COM1.jpeg", b"ends in dot.", b"ends in space ", b"ab:stream",
        b"with\x00nul.json", b"new\nline.txt", b"\xe2\x80\xaetxt.exe", b"x" * 300, b".", b"", b"./",
        b"\xff\xfe\xfd.txt", "Übersicht.txt".encode("cp437"),
    ],
)  # fmt: skip
def test_odd_names_do_no_harm(tmp_path: Path, name: bytes) -> None:
    for flags in (0, 1 << 11):
        taken = take(beside(tmp_path, name, flags=flags))
        assert taken.only.text == "Words"
        assert "\n" not in repr([problem.where for problem in taken.problems])


def test_a_name_without_end_and_folders_without_end_are_refused(tmp_path: Path) -> None:
    assert refusal(beside(tmp_path, b"x" * 2000)) == "too-large"
    assert refusal(beside(tmp_path, b"d/" * 100 + b"x")) == "too-deep"


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("Übersicht.json".encode("cp437"), "Übersicht"),
        ("Übersicht.json".encode(), "Übersicht"),
        (b"\xff\xfe.json", "\u00a0■"),
    ],
)
def test_a_journal_with_an_old_name_comes_in(tmp_path: Path, stored: bytes, shown: str) -> None:
    path = raw_zip(tmp_path / "x.zip", [RawMember(stored, JOURNAL), RawMember(b"Other.json", day_one(entry("b")))])
    tags = {tag for each in take(path).entries for tag in each.tags}
    assert "Other" in tags
    assert tags & {shown, shown.strip()}, tags


def test_a_name_marked_as_utf8_that_is_not_comes_in_with_an_ugly_name(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "x.zip", [RawMember(b"Tage\xffbuch.json", JOURNAL, flags=1 << 11)])
    assert take(path).only.text == "Words"


def test_reserved_and_strange_names_of_journals_come_in(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"CON.json": JOURNAL, "What now?.json": day_one(entry("b"))})
    assert {each.tags for each in take(path).entries} == {("CON",), ("What now?",)}


def test_twins_are_both_read_or_told(tmp_path: Path) -> None:
    members = [
        RawMember(b"A.json", day_one(entry("one"))),
        RawMember(b"a.json", day_one(entry("two"))),
        RawMember("é.json".encode(), day_one(entry("three"))),
        RawMember("e\u0301.json".encode(), day_one(entry("four"))),
        RawMember(b"A.json", day_one(entry("five"))),
    ]
    taken = take(raw_zip(tmp_path / "x.zip", members))
    assert sorted(each.text for each in taken.entries) == ["four", "one", "three", "two"]
    assert [(problem.where, problem.reason) for problem in taken.problems] == [("A.json", "same-name")]


def test_twin_photos_stay_two_files(tmp_path: Path) -> None:
    two = [{"identifier": "P", "md5": "é"}, {"identifier": "Q", "md5": "e\u0301"}]
    path = zipped(
        tmp_path / "x.zip",
        {"J.json": day_one(entry("w", photos=two)), "photos/é.png": b"one", "photos/e\u0301.png": b"two!"},
        stored=True,
    )
    sent = served(path)
    assert b"one" in sent
    assert b"two!" in sent


# --- links and kinds ----------------------------------------------------------------


@pytest.mark.parametrize("name", [b"Journal2.json", b"photos/" + MD5.encode() + b".jpeg", b"link"])
def test_a_link_in_an_archive_is_never_followed(tmp_path: Path, name: bytes) -> None:
    assert refusal(beside(tmp_path, name, b"/etc/passwd", attributes=LINK, method=0)) == "hostile"


def test_a_pipe_in_place_of_a_file_does_not_hang(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    assert refusal(pipe) == "not-this-format"
    pipe.unlink()


def test_archives_in_archives_stay_closed(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"Journal.json": JOURNAL}).read_bytes()
    for _level in range(3):
        inner = zipped(tmp_path / "inner.zip", {"inner.zip": inner}).read_bytes()
    path = zipped(tmp_path / "x.zip", {"inner.zip": inner})
    assert refusal(path) == "not-this-format"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.4\n%\xe2\xe3\n",
        b"\xff\xd8\xff\xe0JFIF",
        b"<html><body>x</body></html>",
        b"\x1f\x8b\x08\x00",
        b"Hello there",
    ],
)
def test_another_kind_of_file_named_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(content)
    assert refusal(path) == "not-this-format"


def test_the_content_counts_and_not_the_name(tmp_path: Path) -> None:
    (tmp_path / "export.zip").write_bytes(JOURNAL)
    assert take(tmp_path / "export.zip").only.text == "Words"
    zipped(tmp_path / "export.json", {"J.json": JOURNAL})
    assert take(tmp_path / "export.json").only.text == "Words"


# --- sizes -------------------------------------------------------------------------


def test_a_flat_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("Journal.json", "w", force_zip64=True) as member,
    ):
        member.write(b'{"entries":[')
        for _ in range(200):
            member.write(bytes(MIB))
    assert path.stat().st_size < MIB
    assert refusal(path) == "hostile"


def test_many_small_bombs_are_refused_by_their_sum(tmp_path: Path) -> None:
    limits = Limits(ratio_floor=MIB)
    members = {f"photos/{n}.png": bytes(MIB) for n in range(8)}
    assert refusal(zipped(tmp_path / "x.zip", {"J.json": JOURNAL, **members}), limits=limits) == "hostile"


def test_a_journal_of_similar_entries_is_no_bomb(tmp_path: Path) -> None:
    many = [entry("The same words every day. " * 40, uuid=f"{n:032X}") for n in range(2000)]
    path = zipped(tmp_path / "x.zip", {"J.json": day_one(*many)})
    assert len(take(path).entries) == 2000


def test_too_many_members(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "x.zip", [RawMember(b"%d" % n, method=0) for n in range(100_000)], claims_count=0xFFFF)
    assert refusal(path) == "too-large"
    few = Limits(members=3)
    path = zipped(tmp_path / "y.zip", {str(n): b"" for n in range(4)})
    assert refusal(path, limits=few) == "too-large"
    for n in range(4):
        (tmp_path / "folder").mkdir(exist_ok=True)
        (tmp_path / "folder" / str(n)).write_text("x")
    assert refusal(tmp_path / "folder", limits=few) == "too-large"


def test_records_that_share_content_are_refused(tmp_path: Path) -> None:
    first = RawMember(b"Journal.json", JOURNAL)
    path = raw_zip(tmp_path / "x.zip", [first, RawMember(b"Twin.json", JOURNAL, at=0)])
    assert refusal(path) == "hostile"
    path = raw_zip(tmp_path / "y.zip", [first, RawMember(b"Half.json", JOURNAL, at=20)])
    assert refusal(path) == "hostile"


def test_more_content_than_claimed_is_refused(tmp_path: Path) -> None:
    big = json.dumps({"entries": [entry("w" * 10 * MIB)]}).encode()
    path = raw_zip(tmp_path / "x.zip", [RawMember(b"Journal.json", big, claims_size=10)])
    assert refusal(path) == "hostile"
    path = raw_zip(tmp_path / "y.zip", [RawMember(b"Journal.json", JOURNAL, method=0, claims_size=10)])
    assert refusal(path) == "hostile"


def test_less_content_than_claimed_is_refused(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "x.zip", [RawMember(b"Journal.json", JOURNAL, claims_size=10_000)])
    assert refusal(path) == "damaged"


def test_a_text_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"Journal.json": JOURNAL})
    assert refusal(path, limits=Limits(text_bytes=10)) == "too-large"
    long = zipped(tmp_path / "y.zip", {"Journal.json": day_one(entry("w" * 3_000_000))})
    assert refusal(long, limits=Limits(element_chars=1000)) == "too-large"
    assert refusal(long, limits=Limits(total_bytes=1000)) == "too-large"


# --- damage ------------------------------------------------------------------------


def test_a_wrong_checksum(tmp_path: Path) -> None:
    for method in (0, 8):
        path = raw_zip(tmp_path / "x.zip", [RawMember(b"Journal.json", JOURNAL, checksum=1, method=method)])
        assert refusal(path) == "damaged"


def test_an_archive_cut_anywhere_is_refused(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "whole.zip", {"Journal.json": JOURNAL, "photos/a.png": b"p" * 100}).read_bytes()
    path = tmp_path / "x.zip"
    for cut in range(4, len(whole)):
        path.write_bytes(whole[:cut])
        assert refusal(path) == "damaged", cut
    for cut in range(1, 4):
        path.write_bytes(whole[:cut])
        assert refusal(path) in ("damaged", "not-this-format")


def test_any_byte_changed_is_refused_or_does_no_harm(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "whole.zip", {"Journal.json": JOURNAL, f"photos/{MD5}.png": b"p" * 40}).read_bytes()
    path = tmp_path / "x.zip"
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        assert outcome(served(path))["type"] in ("summary", "refused")


def test_junk_in_front_is_read_over(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "x.zip", [RawMember(b"Journal.json", JOURNAL)], in_front=b"#!/bin/sh exit 0 ...")
    assert take(path).only.text == "Words"


def test_a_comment_at_the_end_is_read_over(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"Journal.json": JOURNAL})
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"PK\x05\x06 not the end " * 50
    assert take(path).only.text == "Words"


def test_an_empty_archive(tmp_path: Path) -> None:
    assert refusal(zipped(tmp_path / "x.zip", {})) == "empty"
    assert refusal(zipped(tmp_path / "y.zip", {"photos/": b""})) == "empty"


def test_a_wide_archive_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive, archive.open("Journal.json", "w", force_zip64=True) as member:
        member.write(JOURNAL)
    assert take(path).only.text == "Words"
    # The same with every number moved to the wide records.
    raw = _widened(zipped(tmp_path / "y.zip", {"Journal.json": JOURNAL}).read_bytes())
    (tmp_path / "z.zip").write_bytes(raw)
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert archive.namelist() == ["Journal.json"]
    assert take(tmp_path / "z.zip").only.text == "Words"


def _widened(raw: bytes) -> bytes:
    end = raw.rindex(b"PK\x05\x06")
    _mark, _d, _c, count, _n, size, offset, _l = struct.unpack_from("<4s4H2LH", raw, end)
    wide = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, offset)
    place = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    return (
        raw[:end] + wide + place + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 2**32 - 1, 2**32 - 1, 0)
    )


def test_wide_marks_without_wide_records(tmp_path: Path) -> None:
    raw = zipped(tmp_path / "x.zip", {"Journal.json": JOURNAL}).read_bytes()
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 2**32 - 1, 2**32 - 1, 0)
    (tmp_path / "x.zip").write_bytes(raw[:-22] + end)
    assert refusal(tmp_path / "x.zip") == "damaged"
    member = RawMember(b"Journal.json", JOURNAL, claims_size=2**32 - 1, claims_packed=2**32 - 1)
    assert refusal(raw_zip(tmp_path / "y.zip", [member])) in ("damaged", "hostile")


def test_an_encrypted_member(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "x.zip", [RawMember(b"Journal.json", JOURNAL, flags=1)])
    assert refusal(path) == "encrypted"


@pytest.mark.parametrize("method", [1, 9, 12, 14, 93, 99, 65535])
def test_an_unknown_compression(tmp_path: Path, method: int) -> None:
    path = raw_zip(tmp_path / "x.zip", [RawMember(b"Journal.json", JOURNAL, method=method)])
    assert refusal(path) == "not-this-format"


# --- attached files ------------------------------------------------------------------


def test_one_damaged_photo_does_not_cost_the_journal(tmp_path: Path) -> None:
    photo = RawMember(f"photos/{MD5}.jpeg".encode(), b"p" * 99, checksum=1)
    sent = served(raw_zip(tmp_path / "x.zip", [RawMember(b"Journal.json", WITH_PHOTO), photo]))
    assert outcome(sent)["type"] == "summary"
    assert b'"whole":false' in sent
    assert f'["photos/{MD5}.jpeg","attachment-damaged",false]'.encode() in sent


def test_a_photo_that_is_a_bomb_costs_the_journal(tmp_path: Path) -> None:
    photo = RawMember(f"photos/{MD5}.jpeg".encode(), bytes(5 * MIB), claims_size=5)
    sent = served(raw_zip(tmp_path / "x.zip", [RawMember(b"Journal.json", WITH_PHOTO), photo]))
    assert outcome(sent) == {"type": "refused", "reason": "hostile", "where": f"photos/{MD5}.jpeg"}


def test_one_photo_shown_for_ever_costs_the_journal(tmp_path: Path) -> None:
    photo = {"photos": [{"identifier": "P", "md5": MD5}]}
    path = zipped(
        tmp_path / "x.zip",
        {"J.json": day_one(*[entry("w", uuid=str(n), **photo) for n in range(50)]), f"photos/{MD5}.png": b"p" * 90_000},
    )
    assert outcome(served(path))["type"] == "summary"
    assert outcome(served(path, limits=Limits(ratio_floor=MIB)))["reason"] == "hostile"


def test_a_photo_beyond_the_limit_is_left_out_and_told(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"J.json": WITH_PHOTO, f"photos/{MD5}.jpeg": b"p" * 99})
    sent = served(path, limits=Limits(media_bytes=50))
    assert b"ppp" not in sent
    assert b"attachment-too-large" in sent


def test_a_picture_with_huge_claims_passes_as_it_is(tmp_path: Path) -> None:
    header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">2L", 60_000, 60_000) + b"\x08\x06\0\0\0"
    path = zipped(tmp_path / "x.zip", {"J.json": WITH_PHOTO, f"photos/{MD5}.jpeg": header})
    assert header in served(path)


# --- limits hold for folders too --------------------------------------------------------


def test_a_deep_folder(tmp_path: Path) -> None:
    place = tmp_path / "deep"
    for _ in range(40):
        place = place / "d"
    place.mkdir(parents=True)
    assert refusal(tmp_path / "deep") == "too-deep"


def test_a_folder_that_cannot_be_listed_or_is_gone(tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as refused:
        open_source(tmp_path / "gone")
    assert (refused.value.reason, refused.value.where) == ("not-found", "gone")


def test_the_real_limits_stand(tmp_path: Path) -> None:
    """The limits that the tests lower are what the format's users never meet and an attack always does."""
    limits = Limits()
    assert limits == replace(limits, members=60_000, ratio=200, ratio_floor=64 * MIB, media_bytes=2 << 30)
