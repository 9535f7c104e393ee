-- The deliveries of an event are made with it, one after the other: where they begin and how many they are is written with the
-- event, which spares each of them an entry in an index. Only those that repeat others are made later.
ALTER TABLE event ADD COLUMN first_delivery INTEGER;
ALTER TABLE event ADD COLUMN deliveries INTEGER;   -- NULL of test data
UPDATE event SET (first_delivery, deliveries) = (
    SELECT min(d.id), count(*) FROM delivery d WHERE d.event = event.id AND d.test = 0 AND d.replays IS NULL
) WHERE content_type IS NULL;
DROP INDEX delivery_by_event;
CREATE INDEX delivery_replaying ON delivery (event) WHERE replays IS NOT NULL;
