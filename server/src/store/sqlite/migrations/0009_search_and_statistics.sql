-- Finding events again. The hash is of the environment, of what is looked for (a message's id, a recipient, a tag) and of its
-- value: see search.rs. Entries are written a batch at a time; `done` is the last event that has its entries.
CREATE TABLE event_index (
    hash  INTEGER NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (hash, event)
) STRICT, WITHOUT ROWID;
CREATE TABLE event_indexed (done INTEGER NOT NULL) STRICT;
INSERT INTO event_indexed VALUES (0);
CREATE INDEX event_by_type ON event (environment, type, id) WHERE content_type IS NULL;
CREATE INDEX delivery_by_event ON delivery (event) WHERE test = 0;

-- How deliveries went, counted as their attempts are recorded.
CREATE TABLE stat (
    scope      INTEGER NOT NULL,           -- a webhook's key, or an environment's number below zero
    start      INTEGER NOT NULL,           -- in steps of 5 minutes since 1970-01-01, UTC
    length     INTEGER NOT NULL,           -- in such steps: 1, and 12 once it is a while ago
    at_once    INTEGER NOT NULL,           -- deliveries made in it, by how their newest attempt went
    retried    INTEGER NOT NULL,
    refused    INTEGER NOT NULL,
    unanswered INTEGER NOT NULL,
    times      BLOB NOT NULL,              -- response times of the attempts begun in it: see histogram.rs
    PRIMARY KEY (scope, start, length)
) STRICT, WITHOUT ROWID;
CREATE INDEX stat_by_age ON stat (length, start);
