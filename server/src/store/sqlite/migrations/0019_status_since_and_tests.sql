-- Since when a webhook stands as it does, who had it stand so, and why it was disabled, for programs. What is in the history and
-- in the audit log of before is carried over; the rest stays NULL.
ALTER TABLE webhook ADD COLUMN status_since INTEGER;
ALTER TABLE webhook ADD COLUMN status_by TEXT;
ALTER TABLE webhook ADD COLUMN disabled_code TEXT;

UPDATE webhook SET status_since = (
    SELECT h.at FROM history h
    WHERE h.webhook = webhook.key AND CASE webhook.status
        WHEN 'paused' THEN h.kind = 'paused'
        WHEN 'disabled' THEN h.kind = 'disabled'
        WHEN 'active' THEN h.kind IN ('verified', 'resumed')
    END
    ORDER BY h.id DESC LIMIT 1
);
UPDATE webhook SET status_by = (
    SELECT coalesce(a.actor_name, a.actor_id) FROM audit a
    WHERE a.environment = webhook.environment AND a.object = webhook.id AND CASE webhook.status
        WHEN 'paused' THEN a.kind = 'webhook.paused'
        WHEN 'active' THEN a.kind IN ('webhook.verified', 'webhook.resumed')
    END
    ORDER BY a.id DESC LIMIT 1
);
UPDATE webhook SET disabled_code = CASE WHEN disabled_reason LIKE '%410 (Gone)%' THEN 'gone' ELSE 'failing' END
WHERE status = 'disabled';

-- Tests are few among deliveries, and are looked for by themselves.
CREATE INDEX delivery_tests ON delivery (environment, id) WHERE test = 1;
