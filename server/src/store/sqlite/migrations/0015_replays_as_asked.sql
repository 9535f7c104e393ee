-- The times that a replay was asked for, to be shown: NULL where none was said, and of replays made before.
ALTER TABLE replay ADD COLUMN asked_from INTEGER;
ALTER TABLE replay ADD COLUMN asked_until INTEGER;
