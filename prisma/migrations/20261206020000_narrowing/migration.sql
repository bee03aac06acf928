-- Which request one was made of by lowering what it asked: an approver narrowed it, and that one is denied.

ALTER TABLE action_requests ADD COLUMN narrows text;
COMMENT ON COLUMN action_requests.narrows IS 'The request that this one asks less than: an approver lowered what that one asked.';
