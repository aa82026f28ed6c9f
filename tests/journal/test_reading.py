"""The reading process and the line to it: what comes through, and what happens when it dies, lies or hangs."""

from __future__ import annotations

import json
import os
import random
import struct
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from companion.core.errors import AttachmentDamaged, InputRefused, Stopped
from companion.journal import reader_process
from companion.journal.importers.limits import MIB
from companion.journal.importers.protocol import LONGEST_MESSAGE
from companion.journal.reading import Batch, MediaStream, Reading, Summary
from tests.journal.import_kit import RawMember, day_one, entry, raw_zip, zipped

ZONE = "Europe/Berlin"
MD5 = "a" * 32
PHOTO = {"identifier": "P", "md5": MD5, "type": "jpeg"}
# What the stand-in for the reader does: take the request, send what the test prepared, go.
SEND = "import sys; sys.stdin.buffer.readline(); sys.stdout.buffer.write(open(sys.argv[1], 'rb').read())"
HANG = SEND + "; sys.stdout.buffer.flush(); import time; time.sleep(60)"
DIE = SEND + "; sys.stdout.buffer.flush(); import os; os.kill(os.getpid(), 9)"


def python(script: str, *arguments: str) -> Callable[[], list[str]]:
    return lambda: [sys.executable, "-I", "-S", "-c", script, *arguments]


def message(kind: str, **fields: Any) -> bytes:
    return framed(b"J", json.dumps({"type": kind, **fields}).encode())


def framed(kind: bytes, raw: bytes) -> bytes:
    return kind + struct.pack(">I", len(raw)) + raw


HEADER = message("header", format="dayone")
ROW: dict[str, Any] = {
    "id": "U", "at": 1_700_000_000_000, "zone": "Europe/Paris", "title": "T", "text": "Words", "mood": None,
    "energy": None, "feelings": [], "tags": ["a"], "people": [], "attachments": [],
    "heavy": False, "kept": None,
}  # fmt: skip
WITH_FILE = ROW | {"attachments": [["p.jpeg", "image/jpeg", "photos/p.jpeg", False]]}


def batch(*rows: Any, problems: Any = (), words: Any = ()) -> bytes:
    sizes = [0] * len(rows)
    return message("batch", entries=list(rows), problems=list(problems), words=list(words), sizes=sizes)


END = message("summary", other={}, untold=0)
BEGUN = message("media", entry=0, position=1)
FILE = BEGUN + framed(b"M", b"bytes") + message("media-end", whole=True)


def lied(tmp_path: Path, sent: bytes, script: str = SEND, **how: Any) -> list[Any]:
    (tmp_path / "sent").write_bytes(sent)
    with Reading(tmp_path / "x", None, ZONE, True, command=python(script, str(tmp_path / "sent")), **how) as reading:
        taken: list[Any] = []
        for item in reading:
            taken.append(b"".join(item.chunks) if isinstance(item, MediaStream) else item)
        return taken


# --- what comes through ----------------------------------------------------------------


def test_entries_files_and_summary(tmp_path: Path) -> None:
    picture = random.Random(1).randbytes(3 * MIB + 5)
    path = zipped(
        tmp_path / "x.zip",
        {
            "J.json": day_one(
                entry("One ![](dayone-moment://P) two", photos=[PHOTO]), entry("", uuid="B"), entry("three", uuid="C")
            ),
            f"photos/{MD5}.jpeg": picture,
        },
    )
    with Reading(path, None, ZONE, True) as reading:
        items = []
        for item in reading:
            items.append((item, list(item.chunks)) if isinstance(item, MediaStream) else item)
    first, (stream, pieces), end = items
    assert reading.format == "dayone"
    assert isinstance(first, Batch)
    assert [each.text for each in first.entries] == [f"One ![{MD5}.jpeg](attachment:1) two", "three"]
    assert first.entries[0].at.isoformat() == "2024-03-10T08:15:00+00:00"
    assert [(each.where, each.reason, each.is_entry) for each in first.problems] == [("J.json#2", "empty-entry", True)]
    assert (stream.entry, stream.position, stream.name, stream.media_type) == (0, 1, f"{MD5}.jpeg", "image/jpeg")
    assert b"".join(pieces) == picture
    assert max(map(len, pieces)) <= MIB
    assert end == Summary("dayone", 3, {}, 1, 0)


def test_a_preview_sends_no_files(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"J.json": day_one(entry("One", photos=[PHOTO])), f"photos/{MD5}.jpeg": b"p"})
    with Reading(path, None, ZONE, False) as reading:
        items = list(reading)
    assert [type(item) for item in items] == [Batch, Summary]
    assert items[1] == Summary("dayone", 1, {}, 1, 0)


def test_batches_are_small_and_numbered(tmp_path: Path) -> None:
    path = tmp_path / "x.journal"
    path.write_text("".join(f"[2020-01-01 {n // 60 % 24:02d}:{n % 60:02d}] Number {n}.\n" for n in range(250)))
    with Reading(path, "jrnl", ZONE, True) as reading:
        batches = [item for item in reading if isinstance(item, Batch)]
    assert [(each.first, len(each.entries)) for each in batches] == [(0, 100), (100, 100), (200, 50)]


def test_problems_beyond_count_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(day_one(entry("One"), *[5] * 1200))  # type: ignore[list-item]
    with Reading(path, None, ZONE, True) as reading:
        items = list(reading)
    told = [problem for item in items if isinstance(item, Batch) for problem in item.problems]
    assert len(told) == 1000
    assert items[-1] == Summary("dayone", 1201, {"more_problems": 200}, 0, 0)


def test_the_zone_of_each_entry_arrives(tmp_path: Path) -> None:
    zones = ["Asia/Tokyo", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "GMT+0530"]
    path = tmp_path / "x.json"
    path.write_bytes(day_one(*[entry("x", uuid=zone, timeZone=zone) for zone in zones]))
    with Reading(path, None, ZONE, True) as reading:
        first = next(iter(reading))
    assert isinstance(first, Batch)
    assert [str(each.at.tzinfo) for each in first.entries] == [*zones[:3], "UTC+05:30"]
    assert first.entries[3].at.hour == 13


def test_a_path_of_any_bytes(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/na\xffme \n\xe2\x80\xae.json"))
    path.write_bytes(day_one(entry("One")))
    with Reading(path, None, ZONE, True) as reading:
        assert len(list(reading)) == 2


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "empty"), (b"PK\x03\x04", "damaged"), (b"hello", "not-this-format")]
)
def test_refusals_arrive_with_reason_and_place(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    with pytest.raises(InputRefused) as refused, Reading(path, None, ZONE, True) as reading:
        list(reading)
    assert (refused.value.reason, refused.value.where) == (reason, "x.zip")


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as refused, Reading(tmp_path / "gone", None, ZONE, True) as reading:
        list(reading)
    assert refused.value.reason == "not-found"


def test_a_damaged_file_is_said_where_it_is_read_and_the_rest_comes_in(tmp_path: Path) -> None:
    second = PHOTO | {"identifier": "Q", "md5": "b" * 32}
    path = raw_zip(
        tmp_path / "x.zip",
        [
            RawMember(b"J.json", day_one(entry("One", photos=[PHOTO, second]), entry("Two", uuid="B"))),
            RawMember(f"photos/{MD5}.jpeg".encode(), b"p" * 50, checksum=1),
            RawMember(f"photos/{'b' * 32}.jpeg".encode(), b"good"),
        ],
    )
    whole, problems = [], []
    with Reading(path, None, ZONE, True) as reading:
        for item in reading:
            if isinstance(item, MediaStream) and item.position == 1:
                with pytest.raises(AttachmentDamaged) as damaged:
                    list(item.chunks)
                assert damaged.value.where == f"photos/{MD5}.jpeg"
            elif isinstance(item, MediaStream):
                whole = list(item.chunks)
            elif isinstance(item, Batch):
                problems += [(each.where, each.reason) for each in item.problems]
    assert whole == [b"good"]
    assert problems == [(f"photos/{MD5}.jpeg", "attachment-damaged")]
    assert item == Summary("dayone", 2, {}, 1, 1)


def test_files_that_nobody_takes_are_read_over(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "x.zip",
        {"J.json": day_one(entry("One", photos=[PHOTO])), f"photos/{MD5}.jpeg": random.Random(1).randbytes(2 * MIB)},
    )
    with Reading(path, None, ZONE, True) as reading:
        kinds = []
        for item in reading:
            kinds.append(type(item))
            if isinstance(item, MediaStream):
                next(item.chunks)
    assert kinds == [Batch, MediaStream, Summary]


def test_a_large_file_never_stands_in_memory(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "x.zip",
        {"J.json": day_one(entry("One", photos=[PHOTO])), f"photos/{MD5}.jpeg": random.Random(1).randbytes(24 * MIB)},
        stored=True,
    )
    tracemalloc.start()
    with Reading(path, None, ZONE, True) as reading:
        for item in reading:
            if isinstance(item, MediaStream):
                assert sum(map(len, item.chunks)) == 24 * MIB
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * MIB


# --- a reader that dies, hangs or is stopped ----------------------------------------------


@pytest.mark.parametrize(
    "sent", [b"", HEADER, HEADER + batch(ROW), HEADER + batch(ROW)[:-3], HEADER + batch(WITH_FILE) + FILE[:-40]]
)
@pytest.mark.parametrize("script", [SEND, DIE])
def test_a_reader_that_dies(tmp_path: Path, sent: bytes, script: str) -> None:
    with pytest.raises(InputRefused) as refused:
        lied(tmp_path, sent, script)
    assert refused.value.reason == "reader-failed"


def test_a_reader_that_does_not_start(tmp_path: Path) -> None:
    reading = Reading(tmp_path / "x", None, ZONE, True, command=lambda: [str(tmp_path / "no such program")])
    with pytest.raises(InputRefused) as refused, reading:
        pass
    assert refused.value.reason == "reader-failed"


def test_a_reader_that_hangs(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(InputRefused) as refused:
        lied(tmp_path, HEADER, HANG, no_progress_s=0.3)
    assert refused.value.reason == "reader-failed"
    assert time.monotonic() - began < 5


def test_stop_ends_a_silent_reader_at_once(tmp_path: Path) -> None:
    (tmp_path / "sent").write_bytes(HEADER + batch(ROW))
    with Reading(tmp_path / "x", None, ZONE, True, command=python(HANG, str(tmp_path / "sent"))) as reading:
        items = iter(reading)
        next(items)
        timer = threading.Timer(0.2, reading.stop)
        timer.start()
        began = time.monotonic()
        with pytest.raises(Stopped):
            next(items)
        assert time.monotonic() - began < 2
        timer.join()


def test_stop_in_the_middle_of_a_real_journal(tmp_path: Path) -> None:
    path = tmp_path / "x.journal"
    path.write_text("".join(f"[2020-01-01 10:00] Number {n}.\n" for n in range(20_000)))
    with Reading(path, None, ZONE, True) as reading:
        items = iter(reading)
        for _ in range(3):
            next(items)
        reading.stop()
        reading.stop()
        with pytest.raises(Stopped):
            list(items)


def test_stop_in_the_middle_of_a_file(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "x.zip",
        {"J.json": day_one(entry("One", photos=[PHOTO])), f"photos/{MD5}.jpeg": random.Random(1).randbytes(8 * MIB)},
        stored=True,
    )
    with Reading(path, None, ZONE, True) as reading:
        items = iter(reading)
        stream = next(item for item in items if isinstance(item, MediaStream))
        next(stream.chunks)
        reading.stop()
        with pytest.raises(Stopped):
            list(stream.chunks)


def test_stop_before_the_start(tmp_path: Path) -> None:
    reading = Reading(tmp_path / "x", None, ZONE, True)
    reading.stop()
    with pytest.raises(Stopped), reading:
        pass


def test_no_process_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class Watched(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *arguments: Any, **how: Any) -> None:
            super().__init__(*arguments, **how)
            started.append(self)

    monkeypatch.setattr(reader_process.subprocess, "Popen", Watched)
    (tmp_path / "sent").write_bytes(HEADER)
    with Reading(tmp_path / "x", None, ZONE, True, command=python(HANG, str(tmp_path / "sent"))):
        assert started[0].poll() is None
    assert started[0].returncode is not None
    assert not Path(f"/proc/{started[0].pid}").exists()


def test_the_memory_limit_ends_in_a_typed_refusal(tmp_path: Path) -> None:
    path = tmp_path / "x.journal"
    path.write_text("[2020-01-01 10:00] One.\n" + "Words and words. " * 4_000_000)
    with pytest.raises(InputRefused) as refused, Reading(path, None, ZONE, True, memory_bytes=160 * MIB) as reading:
        list(reading)
    assert refused.value.reason == "too-large"


# --- a reader that lies ---------------------------------------------------------------------


def test_the_stand_in_is_believed_when_it_tells_the_truth(tmp_path: Path) -> None:
    taken = lied(tmp_path, HEADER + batch(WITH_FILE, ROW) + FILE + END)
    assert taken[1:] == [b"bytes", Summary("dayone", 2, {}, 1, 0)]
    assert taken[0].entries[1].title == "T"


def row(**fields: Any) -> bytes:
    return HEADER + batch(ROW | fields) + END


def attached(*attachment: Any) -> bytes:
    return row(attachments=[list(attachment)])


LIES = {
    "no header": batch(ROW) + END,
    "unknown format": message("header", format="../x") + END,
    "format is no word": message("header", format=["dayone"]) + END,
    "two headers": HEADER + HEADER + END,
    "unknown message": HEADER + message("hello") + END,
    "type is no word": framed(b"J", b'{"type":5}'),
    "no type": framed(b"J", b"{}"),
    "list": framed(b"J", b"[]"),
    "no json": framed(b"J", b"{"),
    "deep json": framed(b"J", b"[" * 100_000),
    "nan": HEADER + framed(b"J", b'{"type":"summary","other":{"a":NaN},"untold":0}'),
    "bad utf-8": framed(b"J", b'{"type":"\xff"}'),
    "huge integer": framed(b"J", b'{"type":"batch","x":' + b"9" * 10_000 + b"}"),
    "unknown frame": HEADER + framed(b"X", b"{}"),
    "frame beyond the limit": HEADER + b"J" + struct.pack(">I", LONGEST_MESSAGE + 1) + b"x" * 100,
    "piece beyond the limit": HEADER + batch(WITH_FILE) + BEGUN + framed(b"M", b"x" * (MIB + 1)),
    "piece out of order": HEADER + framed(b"M", b"x"),
    "entries is no list": HEADER + message("batch", entries={}, problems=[], words=[], sizes=[]),
    "problems missing": HEADER + message("batch", entries=[], words=[], sizes=[]),
    "sizes missing": HEADER + message("batch", entries=[], problems=[], words=[]),
    "sizes of other entries": HEADER + message("batch", entries=[ROW], problems=[], words=[], sizes=[1, 2]),
    "a size below nothing": HEADER + message("batch", entries=[ROW], problems=[], words=[], sizes=[-1]),
    "a size that is no number": HEADER + message("batch", entries=[ROW], problems=[], words=[], sizes=["1"]),
    "a size beyond all files": HEADER + message("batch", entries=[ROW], problems=[], words=[], sizes=[1 << 62]),
    "101 entries": HEADER + batch(*[ROW] * 101),
    "101 problems": HEADER + batch(problems=[["x", "no-date", True]] * 101),
    "entry is no object": HEADER + batch(5),
    "field missing": HEADER + batch({key: value for key, value in ROW.items() if key != "text"}),
    "field too many": row(extra=1),
    "id too long": row(id="x" * 201),
    "id is no word": row(id=5),
    "at is no number": row(at="now"),
    "at is a fraction": row(at=1.5),
    "at is true": row(at=True),
    "at too early": row(at=-(10**15)),
    "at too late": row(at=10**18),
    "zone is no word": row(zone=5),
    "zone too long": row(zone="x" * 71),
    "title too long": row(title="x" * 501),
    "title is no word": row(title=None),
    "text too long": row(text="x" * 5_000_001),
    "mood out of range": row(mood=6),
    "mood is true": row(mood=True),
    "energy out of range": row(energy=0),
    "too many tags": row(tags=["x"] * 201),
    "tags is a word": row(tags="abc"),
    "tag is no word": row(tags=[5]),
    "tag too long": row(tags=["x" * 501]),
    "people is none": row(people=None),
    "too many attachments": row(attachments=[["p", "image/png", "p", True]] * 501),
    "attachment too short": attached("p", "image/png", "p"),
    "attachment name with a line": attached("p\nq", "image/png", "p", True),
    "attachment name with nul": attached("p\0", "image/png", "p", True),
    "attachment name too long": attached("p" * 301, "image/png", "p", True),
    "attachment type": attached("p", "image/png; x=1", "p", True),
    "attachment type is no word": attached("p", 5, "p", True),
    "attachment place": attached("p", "image/png", 7, True),
    "attachment missing is no answer": attached("p", "image/png", "p", "no"),
    "problem reason": HEADER + batch(problems=[["x", "made-up", True]]),
    "problem reason is a list": HEADER + batch(problems=[["x", ["no-date"], True]]),
    "problem place": HEADER + batch(problems=[["x\x1b[2J", "no-date", True]]),
    "problem too long": HEADER + batch(problems=[["x" * 400, "no-date", True]]),
    "problem too short": HEADER + batch(problems=[["x", "no-date"]]),
    "problem answer": HEADER + batch(problems=[["x", "no-date", 1]]),
    "more problems than are told": HEADER + batch(problems=[["x", "no-date", True]] * 100) * 11 + END,
    "words missing": HEADER + message("batch", entries=[], problems=[], sizes=[]),
    "101 words": HEADER + batch(words=[["draft", 0, ROW]] * 101),
    "words of no kind": HEADER + batch(words=[["note", 0, ROW]]),
    "words at no time": HEADER + batch(words=[["draft", 10**18, ROW]]),
    "words that are no entry": HEADER + batch(words=[["draft", 0, []]]),
    "heavy": HEADER + batch(ROW | {"heavy": 1}),
    "kept too short": HEADER + batch(ROW | {"kept": [0, 0, None, ""]}),
    "kept at no time": HEADER + batch(ROW | {"kept": [0, "0", None, "", ""]}),
    "kept from no format": HEADER + batch(ROW | {"kept": [0, 0, None, "A b", ""]}),
    "kept id too long": HEADER + batch(ROW | {"kept": [0, 0, None, "dayone", "x" * 201]}),
    "file nobody named": HEADER + batch(ROW) + FILE + END,
    "file of another batch": HEADER + batch(WITH_FILE) + batch(ROW) + FILE + END,
    "file twice": HEADER + batch(WITH_FILE) + FILE + FILE + END,
    "file left out": HEADER + batch(WITH_FILE) + END,
    "missing file sent": HEADER + batch(ROW | {"attachments": [["p", "image/png", "", True]]}) + FILE + END,
    "file number": HEADER + batch(WITH_FILE) + message("media", entry="0", position=1) + END,
    "file position": HEADER + batch(WITH_FILE) + message("media", entry=0, position=10**9) + END,
    "file without an end": HEADER + batch(WITH_FILE) + BEGUN + END,
    "file end without an answer": HEADER + batch(WITH_FILE) + BEGUN + message("media-end"),
    "counts": HEADER + batch(ROW) + message("summary", other=[], untold=0),
    "count is no number": HEADER + batch(ROW) + message("summary", other={"a": "b"}, untold=0),
    "count below nothing": HEADER + batch(ROW) + message("summary", other={"a": -1}, untold=0),
    "count beyond reason": HEADER + batch(ROW) + message("summary", other={"a": 10**20}, untold=0),
    "too many counts": HEADER + batch(ROW) + message("summary", other={str(n): 1 for n in range(65)}, untold=0),
    "count name": HEADER + batch(ROW) + message("summary", other={"a\nb": 1}, untold=0),
    "untold": HEADER + batch(ROW) + message("summary", other={}, untold=None),
    "refusal": HEADER + message("refused", reason="because", where=""),
    "refusal is a list": HEADER + message("refused", reason=["empty"], where=""),
    "refusal place": HEADER + message("refused", reason="empty", where=5),
}  # fmt: skip


@pytest.mark.parametrize("sent", [pytest.param(sent, id=name) for name, sent in LIES.items()])
def test_a_lie_ends_the_reading(tmp_path: Path, sent: bytes) -> None:
    with pytest.raises(InputRefused) as refused:
        lied(tmp_path, sent)
    assert refused.value.reason == "reader-failed"


def test_a_zone_that_is_none_does_no_harm(tmp_path: Path) -> None:
    for zone in ("../../etc/passwd", "/etc/passwd", "Europe", "Nowhere/Land", "", "+99:99", "x\0y", "\ud800"):
        taken = lied(tmp_path, row(zone=zone))
        assert taken[0].entries[0].at.utcoffset().total_seconds() == 0


def test_a_refusal_in_the_middle_of_a_file_is_said(tmp_path: Path) -> None:
    sent = HEADER + batch(WITH_FILE) + FILE[:-40] + message("refused", reason="hostile", where="p")
    cut = (
        HEADER
        + batch(WITH_FILE)
        + message("media", entry=0, position=1)
        + message("refused", reason="hostile", where="p")
    )
    with pytest.raises(InputRefused) as refused:
        lied(tmp_path, cut)
    assert refused.value.reason == "hostile"
    with pytest.raises(InputRefused):
        lied(tmp_path, sent)


# --- what the process has, and what it has not ------------------------------------------------


def test_it_gets_no_secrets_and_no_open_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPANION_PASSPHRASE", "lantern gravel seven otters")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    report = tmp_path / "report.json"
    script = (
        "import json, os, sys; json.dump([dict(os.environ), os.listdir('/proc/self/fd'), os.getcwd(), sys.argv,"
        " os.getsid(0) == os.getpid()], open(sys.argv[1], 'w'))"
    )
    asked = Reading(tmp_path / "diary.zip", None, ZONE, True, command=python(script, str(report)))
    with (tmp_path / "vault.db").open("w"), pytest.raises(InputRefused), asked as reading:
        list(reading)
    environment, files, folder, arguments, own_session = json.loads(report.read_text())
    assert set(environment) <= {"LD_LIBRARY_PATH", "TZ", "TZDIR", "SYSTEMROOT", "LC_CTYPE"}
    assert len(files) <= 4 + 1
    assert (folder, own_session) == ("/", True)
    assert "diary" not in repr([arguments, environment])
    assert "diary" not in repr(reader_process.reader_command())


PROBE = """
import json, os, resource, sys
sys.path.append(sys.argv[1])
from companion.journal.importers.confine import confine
guarded = confine()
tried = {"guarded": guarded}
def attempt(name, act):
    try:
        act()
    except OSError as error:
        tried[name] = type(error).__name__
    else:
        tried[name] = "done"
def write():
    with open(sys.argv[2] + "/written", "wb") as file:
        file.write(b"x")
def append():
    with open(sys.argv[2] + "/there", "ab") as file:
        file.write(b"x")
def connect():
    import socket
    socket.create_connection(("127.0.0.1", 9), timeout=1)
def listen():
    import socket
    socket.create_server(("127.0.0.1", 0))
attempt("write", write)
attempt("append", append)
attempt("make", lambda: os.mkdir(sys.argv[2] + "/folder"))
attempt("remove", lambda: os.remove(sys.argv[2] + "/there"))
attempt("read", lambda: open(sys.argv[2] + "/there").read())
attempt("connect", connect)
attempt("listen", listen)
tried["memory"] = resource.getrlimit(resource.RLIMIT_AS)
tried["core"] = resource.getrlimit(resource.RLIMIT_CORE)
print(json.dumps(tried))
"""


def test_it_can_write_nowhere_and_reach_nobody(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("kept")
    root = str(Path(reader_process.companion.__file__).resolve().parents[1])
    done = subprocess.run(
        [sys.executable, "-I", "-c", PROBE, root, str(tmp_path)], capture_output=True, text=True, check=True
    )
    tried = json.loads(done.stdout)
    assert tried["write"] != "done"
    assert tried["append"] != "done"
    assert (tried["memory"], tried["core"]) == ([1 << 30, 1 << 30], [0, 0])
    assert (tmp_path / "there").read_text() == "kept"
    assert tried["read"] == "done"
    if not tried["guarded"]:
        pytest.skip("this kernel has no Landlock")
    assert (tried["make"], tried["remove"], tried["connect"], tried["listen"]) == ("PermissionError",) * 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["there"]
