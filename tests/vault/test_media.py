"""Attachments on disk: what goes in comes out, once, encrypted at every moment, and damage is always noticed."""

from __future__ import annotations

import hashlib
import hmac
import io
import os
import resource
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.core.errors import DiskFull, DiskUnreachable, InputRefused, VaultDamaged, VaultLocked
from companion.core.ids import MediaName
from companion.vault import media, media_file
from companion.vault.keyslots import MasterKey
from companion.vault.media import MediaStore
from companion.vault.media_file import CHUNK_BYTES, HEADER_BYTES, Sealing

CANARY = b"the heron stood very still by the water"
MATERIAL = bytes(range(32))
SEALED = CHUNK_BYTES + 16


@pytest.fixture
def key() -> MasterKey:
    return MasterKey(bytearray(MATERIAL))


@pytest.fixture
def store(tmp_path: Path, key: MasterKey) -> MediaStore:
    return MediaStore(tmp_path / "vault" / "media", key)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> int:
    """Chunks of 64 bytes, so that files of many chunks are quick to damage in every way."""
    monkeypatch.setattr(media_file, "CHUNK_BYTES", 64)
    return 64


def put(store: MediaStore, content: bytes) -> MediaName:
    return store.put(io.BytesIO(content)).name


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def damaged(store: MediaStore, name: MediaName) -> None:
    """Every way of reading says damaged."""
    for read in (lambda: store.read(name), lambda: store.open(name).read()):
        with pytest.raises(VaultDamaged) as found:
            read()
        assert found.value.reason == "media"
    assert store.verify(name) is False


# --- in and out --------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 127, 128, 129, 640])
def test_what_is_put_comes_back(store: MediaStore, small: int, size: int) -> None:
    content = os.urandom(size)
    stored = store.put(io.BytesIO(content))
    assert stored.size_bytes == size
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert store.read(stored.name) == content
    with store.open(stored.name) as reader:
        assert reader.read() == content
        assert reader.read() == b""
    assert store.verify(stored.name)
    assert list(store.names()) == [stored.name]


@pytest.mark.parametrize("size", [CHUNK_BYTES - 1, CHUNK_BYTES, 2 * CHUNK_BYTES + 7])
def test_real_chunks_too(store: MediaStore, size: int) -> None:
    content = os.urandom(size)
    name = put(store, content)
    assert store.read(name) == content
    chunks = max(1, -(-size // CHUNK_BYTES))
    assert store.path(name).stat().st_size == HEADER_BYTES + size + 16 * chunks


@settings(max_examples=40, deadline=None)
@given(content=st.binary(max_size=500), steps=st.lists(st.integers(1, 90), min_size=1))
def test_any_content_in_any_portions(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, steps: list[int]
) -> None:
    """The stream gives less than asked for and the reader is asked for odd amounts."""

    class Slow(io.RawIOBase):
        source = io.BytesIO(content)

        def read(self, size: int = -1) -> bytes:
            return self.source.read(min(size, steps[0]))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(media_file, "CHUNK_BYTES", 64)
        store = MediaStore(tmp_path_factory.mktemp("media"), MasterKey(bytearray(MATERIAL)))
        name = store.put(cast(BinaryIO, Slow())).name
        with store.open(name) as reader:
            out = b""
            for step in [*steps, 10**6, 1]:
                out += reader.read(step)
        assert out == content


def test_the_name_is_the_documented_one_and_tells_nothing_without_the_key(store: MediaStore, tmp_path: Path) -> None:
    name = put(store, CANARY)
    naming = HKDF(SHA256(), 32, None, b"media-name").derive(MATERIAL)
    assert name == hmac.new(naming, hashlib.sha256(CANARY).digest(), "sha256").hexdigest()
    assert store.path(name) == tmp_path / "vault" / "media" / name[:2] / name
    other = MediaStore(tmp_path / "other", MasterKey(bytearray(32)))
    assert put(other, CANARY) != name


def test_an_independent_reader_of_the_documented_format_reads_it(store: MediaStore, small: int) -> None:
    """Written from the documentation alone, with none of the product's code."""
    content = os.urandom(small * 2 + 5)
    name = put(store, content)
    raw = store.path(name).read_bytes()
    magic, file_id, nonce, wrapped, rest = raw[:8], raw[8:24], raw[24:36], raw[36:84], raw[84:]
    assert magic == b"CMPMED\x00\x01"
    wrapping = HKDF(SHA256(), 32, None, b"media").derive(MATERIAL)
    file_key = AESGCM(wrapping).decrypt(nonce, wrapped, magic + file_id + name.encode())
    sealed = [rest[at : at + small + 16] for at in range(0, len(rest), small + 16)]
    plain = b"".join(
        AESGCM(file_key).decrypt(
            number.to_bytes(12, "big"),
            chunk,
            file_id + number.to_bytes(8, "big") + bytes([number == len(sealed) - 1]),
        )
        for number, chunk in enumerate(sealed)
    )
    assert plain == content


def test_the_same_content_is_stored_once(store: MediaStore, tmp_path: Path) -> None:
    first = put(store, CANARY)
    before = files(tmp_path)
    content = store.path(first).read_bytes()
    assert put(store, CANARY) == first
    assert files(tmp_path) == before
    assert store.path(first).read_bytes() == content


def test_putting_again_repairs_a_damaged_file(store: MediaStore) -> None:
    name = put(store, CANARY)
    path = store.path(name)
    path.write_bytes(path.read_bytes()[:-1])
    assert put(store, CANARY) == name
    assert store.read(name) == CANARY


def test_equal_content_is_never_equal_on_disk(tmp_path: Path, key: MasterKey) -> None:
    one, two = MediaStore(tmp_path / "one", key), MediaStore(tmp_path / "two", key)
    first, second = one.path(put(one, CANARY)).read_bytes(), two.path(put(two, CANARY)).read_bytes()
    assert first[8:24] != second[8:24]
    assert first[HEADER_BYTES:] != second[HEADER_BYTES:]


def test_files_and_folders_are_private(store: MediaStore, tmp_path: Path) -> None:
    name = put(store, CANARY)
    assert store.path(name).stat().st_mode & 0o777 == 0o600
    assert store.path(name).parent.stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "vault" / "media").stat().st_mode & 0o777 == 0o700


# --- never in the clear, never much memory -----------------------------------


def test_plain_bytes_are_never_on_the_disk_at_any_moment(store: MediaStore, small: int, tmp_path: Path) -> None:
    content = CANARY * 20
    looks = 0

    class Watching(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            nonlocal looks
            for path in files(tmp_path):
                looks += 1
                assert CANARY[:16] not in path.read_bytes()
            return super().read(size)

    name = store.put(Watching(content)).name
    assert looks > 10
    for path in files(tmp_path):
        assert CANARY[:16] not in path.read_bytes()
        assert "heron" not in path.name
    assert store.read(name) == content


class Endless(io.RawIOBase):
    """Zeros, as many as said, without holding them."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.left = size

    def read(self, size: int = -1) -> bytes:
        part = min(size, self.left)
        self.left -= part
        return bytes(part)


def test_memory_stays_small_for_large_files(store: MediaStore) -> None:
    size = 40 * CHUNK_BYTES
    tracemalloc.start()
    try:
        name = store.put(cast(BinaryIO, Endless(size))).name
        total = 0
        with store.open(name) as reader:
            while part := reader.read(65536):
                total += len(part)
        assert store.verify(name)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert total == size
    assert peak < 8 * CHUNK_BYTES


def test_too_large_is_refused_and_leaves_nothing(store: MediaStore, small: int, tmp_path: Path) -> None:
    exact = store.put(cast(BinaryIO, Endless(1000)), limit_bytes=1000)
    assert exact.size_bytes == 1000
    before = files(tmp_path)
    with pytest.raises(InputRefused) as refused:
        store.put(cast(BinaryIO, Endless(1001)), limit_bytes=1000)
    assert refused.value.reason == "too-large"
    assert files(tmp_path) == before


# --- damage ------------------------------------------------------------------


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda raw: b"",
    "header cut": lambda raw: raw[: HEADER_BYTES - 1],
    "header alone": lambda raw: raw[:HEADER_BYTES],
    "part of the first tag": lambda raw: raw[: HEADER_BYTES + 7],
    "cut inside the last chunk": lambda raw: raw[:-1],
    "cut at a chunk": lambda raw: raw[: HEADER_BYTES + 80],
    "cut at the last chunk": lambda raw: raw[: HEADER_BYTES + 3 * 80],
    "cut inside a chunk": lambda raw: raw[: HEADER_BYTES + 100],
    "grown by a byte": lambda raw: raw + b"\x00",
    "grown by a chunk": lambda raw: raw + raw[HEADER_BYTES : HEADER_BYTES + 80],
    "last chunk twice": lambda raw: raw + raw[HEADER_BYTES + 3 * 80 :],
    "two chunks swapped": lambda raw: (
        raw[:HEADER_BYTES]
        + raw[HEADER_BYTES + 80 : HEADER_BYTES + 160]
        + raw[HEADER_BYTES : HEADER_BYTES + 80]
        + raw[HEADER_BYTES + 160 :]
    ),
    "first chunk gone": lambda raw: raw[:HEADER_BYTES] + raw[HEADER_BYTES + 80 :],
    "a chunk repeated": lambda raw: raw[: HEADER_BYTES + 80] + raw[HEADER_BYTES:],
    "zeroed sector": lambda raw: raw[:200] + bytes(50) + raw[250:],
    "another magic": lambda raw: b"CMPMED\x00\x02" + raw[8:],
    "all zeros": lambda raw: bytes(len(raw)),
    "noise": lambda raw: os.urandom(len(raw)),
}


@pytest.mark.parametrize("change", DAMAGE.values(), ids=DAMAGE)
def test_every_kind_of_damage_is_noticed(store: MediaStore, small: int, change: Callable[[bytes], bytes]) -> None:
    name = put(store, os.urandom(small * 3 + 20))
    path = store.path(name)
    path.write_bytes(change(path.read_bytes()))
    damaged(store, name)


def test_every_flipped_bit_is_noticed(store: MediaStore, small: int) -> None:
    name = put(store, os.urandom(small + 9))
    path = store.path(name)
    raw = path.read_bytes()
    for position in range(len(raw)):
        changed = bytearray(raw)
        changed[position] ^= 1 << position % 8
        path.write_bytes(changed)
        with pytest.raises(VaultDamaged):
            store.read(name)
    path.write_bytes(raw)
    assert store.verify(name)


def test_parts_of_another_file_are_noticed(store: MediaStore, small: int) -> None:
    """Chunk for chunk, header for header, and one file under the other's name."""
    one, two = put(store, os.urandom(small * 3)), put(store, os.urandom(small * 3))
    first, second = store.path(one).read_bytes(), store.path(two).read_bytes()
    at = HEADER_BYTES + 80
    for mixed in (
        first[:at] + second[at : at + 80] + first[at + 80 :],
        second[:HEADER_BYTES] + first[HEADER_BYTES:],
        first[:8] + second[8:24] + first[24:],
        first[:24] + second[24:84] + first[84:],
        second,
    ):
        store.path(one).write_bytes(mixed)
        damaged(store, one)
    assert store.verify(two)


def test_another_vaults_key_reads_nothing(store: MediaStore, tmp_path: Path) -> None:
    name = put(store, CANARY)
    foreign = MediaStore(tmp_path / "vault" / "media", MasterKey(bytearray(32)))
    damaged(foreign, name)


def test_a_check_compares_content_and_name_too(store: MediaStore, key: MasterKey) -> None:
    """A file that is whole in itself, but whose content is not what its name says."""
    name = put(store, CANARY)
    sealing = Sealing.new()
    body = io.BytesIO()
    sealing.write_chunks(io.BytesIO(b"something else"), body, 100)
    store.path(name).write_bytes(sealing.header(key.derive("media"), name) + body.getvalue())
    assert store.read(name) == b"something else"
    assert store.verify(name) is False


def test_the_key_of_a_file_is_wiped_also_after_an_error(store: MediaStore, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Sealing] = []
    fresh = Sealing.new

    def watched() -> Sealing:
        made.append(fresh())
        return made[-1]

    monkeypatch.setattr(Sealing, "new", watched)
    put(store, CANARY)
    with pytest.raises(InputRefused):
        store.put(io.BytesIO(CANARY), limit_bytes=3)
    assert [sealing.file_key for sealing in made] == [bytearray(32), bytearray(32)]


def test_bytes_before_the_damage_are_right_and_the_end_is_never_reached(store: MediaStore, small: int) -> None:
    content = os.urandom(small * 3 + 20)
    name = put(store, content)
    path = store.path(name)
    path.write_bytes(path.read_bytes()[:-1])
    with store.open(name) as reader:
        assert reader.read(small) == content[:small]
        with pytest.raises(VaultDamaged):
            reader.read()


def test_a_missing_file_is_told_from_a_missing_folder(store: MediaStore, tmp_path: Path) -> None:
    name = put(store, CANARY)
    store.remove(name)
    with pytest.raises(VaultDamaged) as gone:
        store.read(name)
    assert gone.value.reason == "media-missing"
    assert store.verify(name) is False
    os.rename(tmp_path / "vault", tmp_path / "moved")
    for ask in (store.read, store.open, store.verify):
        with pytest.raises(DiskUnreachable):
            ask(name)


def test_a_file_that_cannot_be_read_does_not_stop_a_check(store: MediaStore) -> None:
    name = put(store, CANARY)
    store.path(name).unlink()
    store.path(name).mkdir()
    with pytest.raises(DiskUnreachable):
        store.read(name)
    assert store.verify(name) is False


@pytest.mark.parametrize(
    "name", ["", "..", "../../keys.json", "a" * 63, "A" * 64, "g" * 64, "a" * 64 + "\n", "/etc/passwd", "\u0661" * 64]
)
def test_a_name_can_never_be_a_path(store: MediaStore, name: str, tmp_path: Path) -> None:
    for ask in (store.read, store.open, store.remove, store.path):
        with pytest.raises(VaultDamaged):
            ask(MediaName(name))
    assert store.verify(MediaName(name)) is False


# --- the folder --------------------------------------------------------------


def test_names_are_the_finished_files_and_nothing_else(store: MediaStore, tmp_path: Path) -> None:
    assert list(store.names()) == []
    wanted = sorted(put(store, bytes([number])) for number in range(20))
    folder = tmp_path / "vault" / "media"
    (folder / ".new-0123").write_bytes(b"")
    (folder / "notes.txt").write_bytes(b"")
    (folder / "ab").mkdir(exist_ok=True)
    (folder / "ab" / "Thumbs.db").write_bytes(b"")
    (folder / "ab" / ("cd" * 32)).write_bytes(b"")
    assert list(store.names()) == wanted


def test_removing_is_final_and_may_be_repeated(store: MediaStore) -> None:
    keep, name = put(store, b"keep"), put(store, CANARY)
    store.remove(name)
    store.remove(name)
    assert list(store.names()) == [keep]


def test_wiping_the_master_key_closes_the_store(store: MediaStore, key: MasterKey, tmp_path: Path) -> None:
    name = put(store, CANARY)
    before = files(tmp_path)
    key.wipe()
    for ask in (store.read, store.open, store.verify):
        with pytest.raises(VaultLocked):
            ask(name)
    with pytest.raises(VaultLocked):
        put(store, b"something else")
    assert files(tmp_path) == before


# --- crashes, full disks, streams that break ---------------------------------


def test_what_a_killed_put_left_is_removed_by_the_next_store(store: MediaStore, tmp_path: Path, key: MasterKey) -> None:
    name = put(store, CANARY)
    (tmp_path / "vault" / "media" / ".new-0011223344556677").write_bytes(b"half of a file")
    again = MediaStore(tmp_path / "vault" / "media", key)
    assert list(again.names()) == [name]
    other = put(again, b"next")
    assert {path.name for path in files(tmp_path)} == {name, other}


def test_a_really_full_disk_is_named_and_leaves_nothing(store: MediaStore, small: int, tmp_path: Path) -> None:
    name = put(store, CANARY)
    before = files(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for limit in (0, 50, 1000, 20_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            with pytest.raises(DiskFull):
                put(store, os.urandom(50_000))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert files(tmp_path) == before
    assert store.read(name) == CANARY


@pytest.mark.parametrize("step", ["open", "fsync", "replace"])
@pytest.mark.parametrize("number", range(4))
def test_an_error_at_any_step_leaves_nothing_or_a_whole_file(
    store: MediaStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    real, calls = getattr(os, step), iter([False] * number + [True])

    def call(*args: Any, **more: Any) -> Any:
        if next(calls, False):
            raise OSError(28, "no space")
        return real(*args, **more)

    monkeypatch.setattr(media.os, step, call)
    try:
        name = put(store, CANARY)
    except DiskFull:
        stored = False
    else:
        stored = store.read(name) == CANARY
    monkeypatch.undo()
    assert [path for path in files(tmp_path) if path.name.startswith(".")] == []
    assert [store.verify(name) for name in store.names()] in ([True], [] if not stored else [True])


class Killed(BaseException):
    """Whatever ends the work from outside."""


@pytest.mark.parametrize("error", [OSError(5, "unplugged"), Killed(), ValueError("broken archive")])
def test_a_stream_that_breaks_leaves_nothing(
    store: MediaStore, small: int, tmp_path: Path, error: BaseException
) -> None:
    class Breaking(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            part = super().read(size)
            if self.tell() > 200:
                raise error
            return part

    with pytest.raises(DiskUnreachable if isinstance(error, OSError) else type(error)):
        store.put(Breaking(bytes(1000)))
    assert files(tmp_path) == []


def test_the_order_is_write_flush_name_flush_folder(store: MediaStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that a power cut leaves behind must never point at bytes that were not flushed."""
    order: list[str] = []
    real_fsync, real_replace = os.fsync, os.replace

    def fsync(handle: int) -> None:
        target = os.readlink(f"/proc/self/fd/{handle}")
        order.append("flush " + ("file" if ".new-" in target else Path(target).name))
        real_fsync(handle)

    def replace(old: Path, new: Path) -> None:
        order.append("name")
        real_replace(old, new)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    name = put(store, CANARY)
    # Before them: the folders that are new, each flushed into the one it lies in.
    assert order[-5:] == ["flush vault", "flush file", "flush media", "name", f"flush {name[:2]}"]


def test_a_reader_that_is_closed_lets_go_of_its_file(store: MediaStore) -> None:
    name = put(store, CANARY)

    def open_files() -> list[str]:
        held = []
        for handle in os.listdir("/proc/self/fd"):
            try:
                held.append(os.readlink(f"/proc/self/fd/{handle}"))
            except OSError:
                continue
        return [path for path in held if path.endswith(name)]

    never_read = store.open(name)
    assert len(open_files()) == 1
    never_read.close()
    never_read.close()
    with store.open(name) as half_read:
        half_read.read(3)
    store.read(name)
    store.verify(name)
    assert open_files() == []
    with pytest.raises(ValueError):
        half_read.read(1)


def test_names_can_be_asked_while_files_come_and_go(store: MediaStore) -> None:
    for number in range(10):
        put(store, bytes([number]))
    names: Iterator[MediaName] = store.names()
    first = next(names)
    for name in list(store.names()):
        store.remove(name)
    assert first not in list(store.names())
    list(names)
