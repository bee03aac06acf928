-- How many requests of one agent wait is counted by every commit that adds one.

CREATE INDEX action_requests_pending_by_agent_idx ON action_requests (agent_id) WHERE state = 'pending';
COMMENT ON INDEX action_requests_pending_by_agent_idx IS 'The count of every commit that asks people: how much of one agent waits already.';
