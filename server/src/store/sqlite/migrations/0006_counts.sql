-- How many deliveries there were, for ever: what is pruned is counted here first.
CREATE TABLE delivery_count (
    webhook INTEGER NOT NULL,
    day     INTEGER NOT NULL,              -- days since 1970-01-01, UTC, of their creation
    status  INTEGER NOT NULL,
    number  INTEGER NOT NULL,
    PRIMARY KEY (webhook, day, status)
) STRICT, WITHOUT ROWID;
CREATE INDEX template_by_age ON template (created);
