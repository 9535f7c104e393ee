-- What the server last saw of the clock, in milliseconds since the Unix epoch, and until when (by the clock) it is not believed:
-- one that was set far ahead while no server ran makes nothing old either.
CREATE TABLE clock_seen (
    id             INTEGER PRIMARY KEY CHECK (id = 1),
    at             INTEGER NOT NULL,
    doubtful_until INTEGER
) STRICT;
