-- Since when a webhook has had nothing but failures, and why it was disabled.
ALTER TABLE webhook ADD COLUMN failing_since INTEGER;
ALTER TABLE webhook ADD COLUMN disabled_reason TEXT;

-- What happened to a webhook, for its owner to read.
CREATE TABLE history (
    id      INTEGER PRIMARY KEY,
    webhook INTEGER NOT NULL REFERENCES webhook (key),
    at      INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    detail  TEXT NOT NULL
) STRICT;
CREATE INDEX history_by_webhook ON history (webhook, id);
