-- What a target says, before people are asked, an action would touch (docs/credentials.md#a-preview). It stands in the request, because
-- whoever is shown the request is shown it, and it is part of what approvers saw. Requests of before have none.

ALTER TABLE action_requests ADD COLUMN preview json NOT NULL DEFAULT 'null';
COMMENT ON COLUMN action_requests.preview IS 'What a target said it would touch, or that it said nothing; null where it was not asked. Written once.';
