-- Figures for ever: what is older than is shown step by step becomes one row of the webhook or the environment, with start and
-- length 0. Deliveries were counted by their state alone as they were pruned; those of days that no figure is of any more are
-- carried over: delivered as accepted at once, failed as refused.
INSERT INTO stat (scope, start, length, at_once, retried, refused, unanswered, times)
SELECT c.webhook, 0, 0, sum(CASE c.status WHEN 1 THEN c.number ELSE 0 END), 0, sum(CASE c.status WHEN 2 THEN c.number ELSE 0 END), 0, x''
FROM delivery_count c
WHERE c.day * 288 < coalesce((SELECT min(s.start) FROM stat s WHERE s.scope = c.webhook), 9223372036854775807)
GROUP BY c.webhook;
INSERT INTO stat (scope, start, length, at_once, retried, refused, unanswered, times)
SELECT -w.environment, 0, 0, sum(CASE c.status WHEN 1 THEN c.number ELSE 0 END), 0, sum(CASE c.status WHEN 2 THEN c.number ELSE 0 END), 0, x''
FROM delivery_count c JOIN webhook w ON w.key = c.webhook
WHERE c.day * 288 < coalesce((SELECT min(s.start) FROM stat s WHERE s.scope = c.webhook AND s.length > 0), 9223372036854775807)
GROUP BY w.environment;
DROP TABLE delivery_count;
