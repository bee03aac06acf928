-- What the operator calls an agent beside its name; rules of the policy go by it.

ALTER TABLE agents ADD COLUMN tags text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN agents.tags IS 'Sorted; set by the operator, never by the agent. A rule reads them as agent.tags.';
