-- What a person has denied is not asked again for a while. Which denial stands for an action of an agent has to be one row,
-- so that a commit which asks people can be conditional on it.

CREATE TABLE cool_downs (
  agent_id   text COLLATE "C" NOT NULL,
  digest     text             NOT NULL,
  request_id text COLLATE "C" NOT NULL,
  person     text COLLATE "C" NOT NULL,
  at         timestamptz(3)   NOT NULL,
  PRIMARY KEY (agent_id, digest)
);
COMMENT ON TABLE cool_downs IS 'The newest denial by a person for each agent and digest of an action: who, when, and the request that it ended. How long it counts is the active policy''s.';
COMMENT ON INDEX cool_downs_pkey IS 'coolDown(agent, digest), and the check of every commit that asks people.';
