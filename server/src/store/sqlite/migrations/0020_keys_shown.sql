-- Since when DNS is known to show a key, in milliseconds since the Unix epoch: it signs two days after that, not two days
-- after somebody meant to publish it.
ALTER TABLE signing_key ADD COLUMN shown INTEGER;
