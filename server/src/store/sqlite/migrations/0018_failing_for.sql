-- For how long a webhook has had nothing but failures, in milliseconds, by the machine's own timer: what the clock says can
-- be wrong. Of those that fail already it is counted from now on.
ALTER TABLE webhook ADD COLUMN failing_for INTEGER NOT NULL DEFAULT 0;
