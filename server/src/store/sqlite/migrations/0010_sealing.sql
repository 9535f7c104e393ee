-- Secrets are sealed with a master key that is not in here (see sealing.rs): which one, by the beginning of its hash. The
-- secrets of older versions are sealed when this row is made.
CREATE TABLE sealing (
    id  INTEGER PRIMARY KEY CHECK (id = 1),
    key BLOB NOT NULL
) STRICT;

-- Certificates with which calls prove who makes them, in PEM, and their keys (sealed).
ALTER TABLE webhook ADD COLUMN client_certificate TEXT;
ALTER TABLE webhook ADD COLUMN client_key TEXT;
