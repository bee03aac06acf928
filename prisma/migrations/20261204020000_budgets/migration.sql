-- What budgets of the policy have counted: each request that was let through, under a key of its agent or of an entry of the
-- inventory; and how many there ever were under it, so that a commit can tell whether others were counted since something was read.

CREATE TABLE budget_entries (
  key        text COLLATE "C" NOT NULL,
  request_id text COLLATE "C" NOT NULL,
  at         timestamptz(3)   NOT NULL,
  amount     bigint           NOT NULL CHECK (amount >= 0),
  PRIMARY KEY (request_id, key)
);
CREATE INDEX budget_entries_key_at_idx ON budget_entries (key, at) INCLUDE (amount);
COMMENT ON TABLE budget_entries IS 'What was let through, under each budget that counts it. Goes when it ended unused, and by age when no window reaches it any more.';
COMMENT ON COLUMN budget_entries.key IS 'Name of the budget, and the agent or the entry of the inventory; JSON.';
COMMENT ON COLUMN budget_entries.amount IS 'In the smallest unit of the currency; 0 where requests are only counted.';
COMMENT ON INDEX budget_entries_pkey IS 'What one request is counted under, when it ended unused.';
COMMENT ON INDEX budget_entries_key_at_idx IS 'budgetNumbers(): how many there were, and how much, since a moment.';

CREATE TABLE budget_heads (
  key    text COLLATE "C" PRIMARY KEY,
  added  bigint  NOT NULL CHECK (added >= 1),
  amount numeric NOT NULL
);
COMMENT ON TABLE budget_heads IS 'How much was ever counted under each key. Only grows, also when an entry goes, so that whoever read it knows whether anything came since.';
COMMENT ON INDEX budget_heads_pkey IS 'The check of every commit that was allowed by a budget.';
