-- The key with which a rendering hashes recipients, sealed; in `how` its mark stands in its place (see renderings.rs). Those
-- of before are sealed at the next start.
ALTER TABLE rendering ADD COLUMN recipient_key TEXT;
