-- What people and the agent say about a request while it is pending: changes that are asked for, questions and answers. And which
-- request one was asked instead of, because people had asked for changes.

ALTER TABLE action_requests ADD COLUMN notes json NOT NULL DEFAULT '[]', ADD COLUMN revises text;
COMMENT ON COLUMN action_requests.notes IS 'In order; only added to, and only while the request is pending. Each has an id, a kind, whose it is, a text and a time.';
COMMENT ON COLUMN action_requests.revises IS 'The request that this one was asked instead of.';
