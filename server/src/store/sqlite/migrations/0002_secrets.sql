-- The secrets of the profile `standard`, as `whsec_…`. For a while after a rotation the old one signs along.
ALTER TABLE webhook ADD COLUMN secret TEXT;
ALTER TABLE webhook ADD COLUMN old_secret TEXT;
ALTER TABLE webhook ADD COLUMN old_secret_until INTEGER;
