-- Replays of many deliveries: how far each has come.
CREATE TABLE replay (
    id      INTEGER PRIMARY KEY,
    webhook INTEGER NOT NULL REFERENCES webhook (key),
    created INTEGER NOT NULL,
    failed  INTEGER NOT NULL,              -- only those that failed
    after   INTEGER NOT NULL,              -- deliveries above this id are still to be looked at …
    until   INTEGER NOT NULL,              -- … below this one
    made    INTEGER NOT NULL,
    state   TEXT NOT NULL CHECK (state IN ('running', 'done', 'stopped'))
) STRICT;
CREATE INDEX replay_by_webhook ON replay (webhook, id);
CREATE INDEX replay_running ON replay (id) WHERE state = 'running';
