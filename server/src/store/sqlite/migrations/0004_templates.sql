-- Attempts that others are written against, as differences: see record.rs.
CREATE TABLE template (
    id      INTEGER PRIMARY KEY,
    created INTEGER NOT NULL,
    record  BLOB NOT NULL
) STRICT;
ALTER TABLE attempt ADD COLUMN template INTEGER;
