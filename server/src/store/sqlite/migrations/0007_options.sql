-- What else is set of a webhook: the API's own JSON of it, as it is read and written whole.
ALTER TABLE webhook ADD COLUMN options TEXT NOT NULL DEFAULT '{}';
