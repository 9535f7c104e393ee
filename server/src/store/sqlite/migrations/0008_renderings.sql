-- How bodies are made of events, each way once: JSON of it.
CREATE TABLE rendering (
    id  INTEGER PRIMARY KEY,
    how TEXT NOT NULL UNIQUE
) STRICT;

-- Events that were sent in one call. The id is one of the sequence of deliveries: it holds the time.
CREATE TABLE batch (
    id        INTEGER PRIMARY KEY,
    rendering INTEGER NOT NULL REFERENCES rendering (id),
    events    BLOB NOT NULL               -- their ids in order, 8 bytes each, big-endian
) STRICT;

-- What was sent: NULL as the record says, negative a rendering (its id, negated), positive a batch.
ALTER TABLE attempt ADD COLUMN sent INTEGER;

-- What is looked for and seldom there. What was delivered at once is never in them, so that it pays nothing for them.
CREATE INDEX delivery_undelivered_by_environment ON delivery (environment, status, id) WHERE status >= 2;
CREATE INDEX delivery_undelivered_by_webhook ON delivery (webhook, status, id) WHERE status >= 2;
