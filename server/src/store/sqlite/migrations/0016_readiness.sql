-- What is written to find out whether something can be written (see readiness.rs).
CREATE TABLE readiness (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    trial BLOB NOT NULL
) STRICT;
