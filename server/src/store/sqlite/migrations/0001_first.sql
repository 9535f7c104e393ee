-- Times are milliseconds since 1970-01-01T00:00:00Z. The ids of events and deliveries hold the time of their creation
-- (see id.rs), so there is no column for it, and "between two times" is a range of ids.

CREATE TABLE environment (
    id      INTEGER PRIMARY KEY,
    name    TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE token (
    hash        BLOB PRIMARY KEY,          -- SHA-256 of the token; the token itself is nowhere
    id          TEXT NOT NULL UNIQUE,
    environment INTEGER NOT NULL REFERENCES environment (id),
    name        TEXT NOT NULL,
    created     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE signin_code (
    hash        BLOB PRIMARY KEY,
    environment INTEGER NOT NULL REFERENCES environment (id),
    expires     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    hash        BLOB PRIMARY KEY,
    environment INTEGER NOT NULL REFERENCES environment (id),
    expires     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE signing_key (
    keyid       TEXT PRIMARY KEY,
    environment INTEGER NOT NULL REFERENCES environment (id),
    pkcs8       BLOB NOT NULL,
    dns         TEXT NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('next', 'current', 'retired')),
    since       INTEGER NOT NULL,
    until       INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE webhook (
    key          INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    environment  INTEGER NOT NULL REFERENCES environment (id),
    types        TEXT NOT NULL,            -- names, separated by spaces
    url          TEXT NOT NULL,
    profile      TEXT NOT NULL,
    format       TEXT NOT NULL,
    digest_upper INTEGER NOT NULL,
    status       TEXT NOT NULL,
    file         TEXT NOT NULL,
    content      TEXT NOT NULL,
    created      INTEGER NOT NULL,
    deleted      INTEGER                   -- its deliveries stay in the log
) STRICT;
CREATE INDEX webhook_by_environment ON webhook (environment, key) WHERE deleted IS NULL;

CREATE TABLE event (
    id           INTEGER PRIMARY KEY,
    environment  INTEGER NOT NULL,
    type         INTEGER NOT NULL,
    content_type TEXT,                     -- only of test data; an event is JSON
    body         BLOB NOT NULL             -- as it came, never re-written
) STRICT;

CREATE TABLE delivery (
    id          INTEGER PRIMARY KEY,
    event       INTEGER NOT NULL,
    webhook     INTEGER NOT NULL,
    environment INTEGER NOT NULL,
    type        INTEGER NOT NULL,
    status      INTEGER NOT NULL,          -- 0 pending, 1 delivered, 2 failed, 3 cancelled
    test        INTEGER NOT NULL,
    attempts    INTEGER NOT NULL,
    due         INTEGER,                   -- NULL unless pending
    replays     INTEGER                    -- the delivery that this one repeats
) STRICT;
CREATE INDEX delivery_by_environment ON delivery (environment, id);
CREATE INDEX delivery_by_webhook ON delivery (webhook, id);
CREATE INDEX delivery_due ON delivery (webhook, due) WHERE due IS NOT NULL;

CREATE TABLE attempt (
    delivery        INTEGER NOT NULL,
    n               INTEGER NOT NULL,
    started         INTEGER NOT NULL,
    duration        INTEGER NOT NULL,
    response_status INTEGER,
    record          BLOB NOT NULL,         -- see record.rs
    PRIMARY KEY (delivery, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (
    environment INTEGER NOT NULL,
    key         TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    answer      BLOB NOT NULL,
    created     INTEGER NOT NULL,
    PRIMARY KEY (environment, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (created);
