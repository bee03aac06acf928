-- How much an agent may do is a setting of the agent. Null in it: what every agent may.

ALTER TABLE agents ADD COLUMN limits json NOT NULL DEFAULT 'null';
COMMENT ON COLUMN agents.limits IS 'New requests a second (perSecond), at once (burst) and calls that wait (waiting), for this agent; null: the defaults.';
