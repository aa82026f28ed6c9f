-- What every vault has. vault_meta: vault_id, header_generation (of the newest key file this database has
-- seen), created_at. preference: choices that are nobody's business, each value as JSON.

CREATE TABLE vault_meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE preference (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
