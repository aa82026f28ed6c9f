"""Reads a vault by docs/vault-format.md alone: nothing of Companion is imported here, so nobody is locked in.

    python scripts/read_without_companion.py FOLDER_OR_BACKUP [--recovery] [--files DIR]

The first line of standard input is the passphrase (with --recovery the recovery key); in a terminal it is
asked for. Every entry goes to standard output as JSON. Attached files are written, readable, to DIR.

It needs the standard library and the `cryptography` package (Argon2id, AES). It
raises ValueError or cryptography's InvalidTag for what is not as documented.
"""

import base64
import getpass
import hashlib
import hmac
import json
import sqlite3
import struct
import sys
import unicodedata
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

PAGE, RESERVE, CHUNK = 4096, 80, (1 << 20) + 16
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U"


def hkdf(secret, info):
    """HKDF-SHA256 (RFC 5869), no salt, one block of 32 bytes."""
    extracted = hmac.digest(bytes(32), secret, "sha256")
    return hmac.digest(extracted, info + b"\x01", "sha256")


def require(found, wanted, what):
    if not hmac.compare_digest(found, wanted):
        raise ValueError(what)


# --- keys.json -----------------------------------------------------------------


def master_key(key_file, *, passphrase=None, recovery=None):
    """The 32 bytes that every other key comes from."""
    members = json.loads(key_file)
    check = members.pop("check")
    require(hashlib.sha256(canonical(members)).hexdigest(), check, "check")
    mac = members.pop("mac")
    kind = "passphrase" if passphrase is not None else "recovery"
    slot = next(slot for slot in members["slots"] if slot["kind"] == kind)
    secret = stretched(passphrase, slot["kdf"]) if kind == "passphrase" else recovery_secret(recovery)
    bound = {"format": 1, "vault_id": members["vault_id"], "slot": slot["id"], "kind": kind, "kdf": slot["kdf"]}
    opened = AESGCM(hkdf(secret, b"slot" + slot["id"].encode()))
    master = opened.decrypt(bytes.fromhex(slot["nonce"]), bytes.fromhex(slot["wrapped"]), canonical(bound))
    require(hmac.digest(hkdf(master, b"header"), canonical(members), "sha256").hex(), mac, "mac")
    return master


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")


def stretched(passphrase, kdf):
    normal = unicodedata.normalize("NFKC", passphrase).encode()
    salt, cost = bytes.fromhex(kdf["salt"]), kdf["memory_kib"]
    return Argon2id(salt=salt, length=32, iterations=kdf["passes"], lanes=kdf["lanes"], memory_cost=cost).derive(normal)


def recovery_secret(code):
    *digits, check = (CROCKFORD.index(letter) for letter in code.replace("-", ""))
    number = sum(digit << 5 * place for place, digit in enumerate(reversed(digits)))
    require(bytes([number % 37]), bytes([check]), "typing mistake")
    return number.to_bytes(20, "big")


# --- vault.db ------------------------------------------------------------------


def plain_database(raw, master, salt):
    """The same database without encryption; every page's authentication is checked first."""
    key = hkdf(master, b"db")
    mac_key = hashlib.pbkdf2_hmac("sha512", key, bytes(byte ^ 0x3A for byte in salt), 2, 32)
    if not raw or len(raw) % PAGE:
        raise ValueError("size")
    pages = [raw[start : start + PAGE] for start in range(0, len(raw), PAGE)]
    return b"".join(plain_page(page, number, key, mac_key) for number, page in enumerate(pages, 1))


def plain_page(page, number, key, mac_key):
    salt_bytes = 16 if number == 1 else 0
    sealed, iv, mac = page[salt_bytes:-RESERVE], page[-RESERVE:-64], page[-64:]
    require(hmac.digest(mac_key, sealed + iv + struct.pack("<I", number), "sha512"), mac, f"page {number}")
    opened = Cipher(AES(key), CBC(iv)).decryptor()
    return b"SQLite format 3\0"[:salt_bytes] + opened.update(sealed) + opened.finalize() + bytes(RESERVE)


def rows(plain, sql):
    """Ask the decrypted database, which is never written to a disk."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(plain)
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


# --- media/ab/<name> -----------------------------------------------------------


def plain_attachment(raw, name, master):
    magic, file_id, nonce, wrapped, sealed = raw[:8], raw[8:24], raw[24:36], raw[36:84], raw[84:]
    require(magic, b"CMPMED\0\1", "magic")
    opened = AESGCM(AESGCM(hkdf(master, b"media")).decrypt(nonce, wrapped, magic + file_id + name.encode()))
    chunks = [sealed[start : start + CHUNK] for start in range(0, len(sealed), CHUNK)]
    plain = b"".join(
        opened.decrypt(struct.pack(">IQ", 0, at), chunk, file_id + struct.pack(">QB", at, at == len(chunks) - 1))
        for at, chunk in enumerate(chunks)
    )
    own_name = hmac.digest(hkdf(master, b"media-name"), hashlib.sha256(plain).digest(), "sha256").hex()
    require(own_name, name, "name")
    return plain


# --- backups/*.vbak ------------------------------------------------------------


def unpacked(backup):
    """Key file, database, attachments by name, manifest and its authentication code; digests are checked."""
    require(backup[:8] + backup[-8:], b"CMPVBAK11KABVPMC", "magic")
    key_file, after = part(backup, 8, ">I")
    database, at = part(backup, after, ">Q")
    size, mac = struct.unpack(">Q32s", backup[-48:-8])
    raw = backup[-48 - size : -48]
    manifest, media = json.loads(raw), {}
    for item in manifest["media"]:
        if item["inside"]:
            media[item["name"]] = backup[at : at + item["size_bytes"]]
            at += item["size_bytes"]
            require(hashlib.sha256(media[item["name"]]).hexdigest(), item["sha256"], "attachment")
    require(hashlib.sha256(key_file).hexdigest(), manifest["key_file_sha256"], "key file")
    require(hashlib.sha256(database).hexdigest(), manifest["database_sha256"], "database")
    return key_file, database, media, raw, mac


def part(raw, at, form):
    start = at + struct.calcsize(form)
    (size,) = struct.unpack(form, raw[at:start])
    return raw[start : start + size], start + size


def sealed_figures(raw_manifest, mac, master):
    """Rows by table and the digest of the content, after the manifest's own authentication."""
    key, manifest = hkdf(master, b"backup"), json.loads(raw_manifest)
    require(hmac.digest(hmac.digest(key, b"manifest", "sha256"), raw_manifest, "sha256"), mac, "manifest")
    sealed = base64.b64decode(manifest["sealed"])
    opened = AESGCM(hmac.digest(key, b"sealed", "sha256"))
    return json.loads(opened.decrypt(sealed[:12], sealed[12:], manifest["vault_id"].encode()))


# --- as a program ----------------------------------------------------------------

ENTRIES = "SELECT id, day, at_ms, zone, state = 1, title, labels, text FROM entry WHERE state < 2 ORDER BY seq"


def gathered(place):
    """Key file, database and attachments by name, from a vault's folder or a backup."""
    if place.is_file():
        key_file, database, media, _, _ = unpacked(place.read_bytes())
        return key_file, database, media
    copies = [place / "keys.json", place / "keys.bak.json"]
    key_file = max(
        (path.read_bytes() for path in copies if path.exists()), key=lambda raw: json.loads(raw)["generation"]
    )
    media = {path.name: path.read_bytes() for path in place.glob("media/??/*") if path.is_file()}
    return key_file, (place / "vault.db").read_bytes(), media


def main(arguments):
    names = [word for word in arguments if not word.startswith("--")]
    secret = getpass.getpass("secret: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    kind = "recovery" if "--recovery" in arguments else "passphrase"
    key_file, database, media = gathered(Path(names[0]))
    master = master_key(key_file, **{kind: secret})
    plain = plain_database(database, master, bytes.fromhex(json.loads(key_file)["cipher_salt"]))
    columns = ("id", "day", "at_ms", "zone", "deleted", "title", "labels", "text")
    entries = [dict(zip(columns, row, strict=True)) for row in rows(plain, ENTRIES)]
    sys.stdout.write(json.dumps(entries, ensure_ascii=False, indent=1) + "\n")
    if "--files" in arguments:
        for name, raw in media.items():
            (Path(names[1]) / name).write_bytes(plain_attachment(raw, name, master))


if __name__ == "__main__":
    main(sys.argv[1:])
