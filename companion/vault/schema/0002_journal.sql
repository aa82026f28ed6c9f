-- The journal: entries, the words to find them by, drafts, older versions, files, imported batches.
--
-- entry.seq is made from the entry's own time (milliseconds since 1970, UTC, times 4096, plus a
-- running number), so that the table itself is in timeline order: a page and a newest-first word
-- search read a stretch of it and cost the same at 100 and at 100,000 entries. Changing an entry's
-- time changes its seq; everything that names it follows (ON UPDATE CASCADE).
-- `text` is the last column so that reading a list never touches the pages of long texts.
-- state: 0 live, 1 deleted (kept until removed for good), 2 staged by an import that is not finished.
--
-- A page that lost a write is an older page with a good HMAC. So what is newest is said on a second page:
-- an entry's version is one more than that of its newest older version, and a draft's time is in an index.

CREATE TABLE batch (
  id         TEXT PRIMARY KEY,
  format     TEXT NOT NULL,
  made_ms    INTEGER NOT NULL,
  live       INTEGER NOT NULL DEFAULT 0 CHECK (live IN (0, 1))
) STRICT;

CREATE TABLE entry (
  seq         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  state       INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2)),
  at_ms       INTEGER NOT NULL,
  zone        TEXT NOT NULL,
  day         TEXT NOT NULL,
  created_ms  INTEGER NOT NULL,
  changed_ms  INTEGER NOT NULL,
  deleted_ms  INTEGER,
  mood        INTEGER CHECK (mood BETWEEN 1 AND 5),
  energy      INTEGER CHECK (energy BETWEEN 1 AND 3),
  heavy       INTEGER NOT NULL DEFAULT 0 CHECK (heavy IN (0, 1)),
  words       INTEGER NOT NULL DEFAULT 0,
  batch       TEXT REFERENCES batch (id),
  origin      TEXT,
  origin_id   TEXT,
  fingerprint TEXT NOT NULL,
  digest      TEXT NOT NULL,
  version     INTEGER NOT NULL DEFAULT 1,
  title       TEXT NOT NULL DEFAULT '',
  excerpt     TEXT NOT NULL DEFAULT '',
  labels      TEXT NOT NULL DEFAULT '',
  text        TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX entry_by_origin ON entry (origin, origin_id) WHERE origin IS NOT NULL;
CREATE INDEX entry_by_fingerprint ON entry (fingerprint);
CREATE INDEX entry_by_batch ON entry (batch) WHERE batch IS NOT NULL;

CREATE TABLE label (
  entry_seq INTEGER NOT NULL REFERENCES entry (seq) ON UPDATE CASCADE ON DELETE CASCADE,
  kind      TEXT NOT NULL CHECK (kind IN ('tag', 'person', 'feeling')),
  position  INTEGER NOT NULL,
  name      TEXT NOT NULL,
  PRIMARY KEY (entry_seq, kind, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX label_by_name ON label (kind, name, entry_seq);

CREATE TABLE attachment (
  entry_seq  INTEGER NOT NULL REFERENCES entry (seq) ON UPDATE CASCADE ON DELETE CASCADE,
  position   INTEGER NOT NULL,
  name       TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  sha256     TEXT NOT NULL,
  media      TEXT NOT NULL,
  PRIMARY KEY (entry_seq, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX attachment_by_media ON attachment (media);

-- Older versions only: the version in force is the entry itself.
CREATE TABLE revision (
  entry_seq INTEGER NOT NULL REFERENCES entry (seq) ON UPDATE CASCADE ON DELETE CASCADE,
  number    INTEGER NOT NULL,
  saved_ms  INTEGER NOT NULL,
  digest    TEXT NOT NULL,
  content   TEXT NOT NULL,
  PRIMARY KEY (entry_seq, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE draft (
  entry_id TEXT PRIMARY KEY,
  saved_ms INTEGER NOT NULL,
  digest   TEXT NOT NULL,
  content  TEXT NOT NULL
) STRICT;

CREATE INDEX draft_by_time ON draft (entry_id, saved_ms);

-- What the index is made from: live and staged entries, not deleted ones. FTS5's own check compares the two.
CREATE VIEW entry_to_find AS SELECT seq, title, labels, text FROM entry WHERE state <> 1;

CREATE VIRTUAL TABLE entry_words USING fts5 (
  title, labels, text,
  content = 'entry_to_find', content_rowid = 'seq',
  tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
);
-- Deleted words leave the index at once instead of being marked.
INSERT INTO entry_words (entry_words, rank) VALUES ('secure-delete', 1);
-- A page of the encrypted file holds 4,016 bytes; the index's own default of 4,050 would spill onto a second one.
INSERT INTO entry_words (entry_words, rank) VALUES ('pgsz', 3968);

CREATE TRIGGER entry_added AFTER INSERT ON entry WHEN new.state <> 1 BEGIN
  INSERT INTO entry_words (rowid, title, labels, text) VALUES (new.seq, new.title, new.labels, new.text);
END;
CREATE TRIGGER entry_removed AFTER DELETE ON entry WHEN old.state <> 1 BEGIN
  INSERT INTO entry_words (entry_words, rowid, title, labels, text)
  VALUES ('delete', old.seq, old.title, old.labels, old.text);
END;
-- One trigger, because the old words have to leave before the new ones come: SQLite promises no order among triggers.
CREATE TRIGGER entry_changed AFTER UPDATE OF seq, title, labels, text, state ON entry
WHEN old.seq <> new.seq OR (old.state = 1) <> (new.state = 1)
  OR old.title <> new.title OR old.labels <> new.labels OR old.text <> new.text BEGIN
  INSERT INTO entry_words (entry_words, rowid, title, labels, text)
  SELECT 'delete', old.seq, old.title, old.labels, old.text WHERE old.state <> 1;
  INSERT INTO entry_words (rowid, title, labels, text)
  SELECT new.seq, new.title, new.labels, new.text WHERE new.state <> 1;
END;
