-- Requests that are asked together are a set: made by one commit, decided on one card (docs/rollbacks.md). Requests of before are in none.

ALTER TABLE action_requests ADD COLUMN set_id   text COLLATE "C";
ALTER TABLE action_requests ADD COLUMN set_card text COLLATE "C";
COMMENT ON COLUMN action_requests.set_id IS 'The set that it was asked in; null for nearly all.';
COMMENT ON COLUMN action_requests.set_card IS 'The member of the set on whose card it is decided: another, or itself.';
