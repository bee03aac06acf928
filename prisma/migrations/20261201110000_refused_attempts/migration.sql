-- Attempts that were refused are counted over requests, of the last hour: an alarm is raised when somebody tries again
-- and again to let through what they are behind. Few entries are refusals, so the index is small.

CREATE INDEX entries_refused_idx ON entries (ts) WHERE type = 'decision.refused';
COMMENT ON INDEX entries_refused_idx IS 'refusals(since): attempts of people that were refused, whatever the request.';
