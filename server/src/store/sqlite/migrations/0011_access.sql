-- What a token may do and until when; scopes are names separated by spaces. Tokens made before may do everything.
ALTER TABLE token ADD COLUMN scopes TEXT NOT NULL DEFAULT 'admin';
ALTER TABLE token ADD COLUMN expires INTEGER;
ALTER TABLE token ADD COLUMN last_used INTEGER;

-- Links and sessions are short-lived: those made before end here, and nobody but their owner misses them.
DROP TABLE signin_code;
CREATE TABLE signin_code (
    hash         BLOB PRIMARY KEY,
    id           TEXT NOT NULL,
    environment  INTEGER NOT NULL REFERENCES environment (id),
    expires      INTEGER NOT NULL,
    scopes       TEXT NOT NULL,
    person       TEXT,
    session_life INTEGER NOT NULL,         -- milliseconds
    framed       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

DROP TABLE session;
CREATE TABLE session (
    hash        BLOB PRIMARY KEY,
    id          TEXT NOT NULL,
    environment INTEGER NOT NULL REFERENCES environment (id),
    expires     INTEGER NOT NULL,
    scopes      TEXT NOT NULL,
    person      TEXT,
    token       TEXT,                      -- of the token that it was begun with: it ends with it
    framed      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How often the settings of a webhook were changed: what ETag shows and If-Match compares.
ALTER TABLE webhook ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER webhook_version
AFTER UPDATE OF types, url, profile, format, digest_upper, status, file, content, secret, old_secret, options,
                client_certificate, client_key ON webhook
BEGIN
    UPDATE webhook SET version = version + 1 WHERE key = NEW.key;
END;

-- Who changed what. The id holds the time, as those of events and deliveries do.
CREATE TABLE audit (
    id          INTEGER PRIMARY KEY,
    environment INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    actor_kind  TEXT NOT NULL,
    actor_id    TEXT,
    actor_name  TEXT,
    object_kind TEXT NOT NULL,
    object      TEXT NOT NULL,
    object_name TEXT,
    changes     TEXT NOT NULL              -- the API's own JSON
) STRICT;
CREATE INDEX audit_by_environment ON audit (environment, id);
CREATE INDEX audit_by_object ON audit (environment, object, id);
