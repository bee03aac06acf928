-- What people were asked about lately by one agent: whoever is asked now is told how it went. Looked for only where people are asked, and
-- what policy allows by itself has no entry in it and pays nothing for it.
CREATE INDEX action_requests_asked_idx ON action_requests (agent_id, created_at, id) WHERE expires_at IS NOT NULL;
COMMENT ON INDEX action_requests_asked_idx IS 'askedBefore(): what people were asked about by an agent lately, newest first.';
