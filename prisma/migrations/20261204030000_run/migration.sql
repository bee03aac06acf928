-- What an agent has read lately, for rules that go by it: only then it is looked for, so each read that is let through pays for one
-- short index entry and nothing else. What people are asked about can be read long after they said yes, and is rare: it has an index of
-- its own, so that looking far back never goes through what policy allowed.
CREATE INDEX action_requests_reads_idx ON action_requests (agent_id, settled_at) WHERE effect = 'read' AND expires_at IS NULL;
CREATE INDEX action_requests_asked_reads_idx ON action_requests (agent_id, settled_at) WHERE effect = 'read' AND expires_at IS NOT NULL;
COMMENT ON INDEX action_requests_reads_idx IS 'earlierReads(): what policy let an agent read lately, newest first.';
COMMENT ON INDEX action_requests_asked_reads_idx IS 'earlierReads(): what people let it read.';
