-- What an import brought in, so that taking it back knows it: the version each entry had then (an entry that
-- was changed since has a later one), and drafts, which wait here until the batch is live. Afterwards a row
-- only says which draft came with which batch; its words are empty then.
-- A NULL in brought_version is an entry brought in before there was this column: its version was 1.

ALTER TABLE entry ADD COLUMN brought_version INTEGER;

CREATE TABLE brought_draft (
  entry_id TEXT PRIMARY KEY,
  batch    TEXT NOT NULL REFERENCES batch (id) ON DELETE CASCADE,
  saved_ms INTEGER NOT NULL,
  digest   TEXT NOT NULL,
  content  TEXT NOT NULL
) STRICT;

CREATE INDEX brought_draft_by_batch ON brought_draft (batch);
