-- Finding events again, by lists that are written once and never changed: see index.rs. What stood in the index before is
-- made again from the events.
DROP TABLE event_index;
UPDATE event_indexed SET done = 0;

-- Events whose entries were written together; batches follow each other, so that no event is in two of them.
CREATE TABLE event_batch (
    id    INTEGER PRIMARY KEY,
    first INTEGER NOT NULL,
    last  INTEGER NOT NULL
) STRICT;

-- A batch's entries, in 128 lists by the first 7 bits of their hash; the id is the batch's times 128, and those bits.
CREATE TABLE event_list (
    id      INTEGER PRIMARY KEY,
    entries BLOB NOT NULL
) STRICT;
