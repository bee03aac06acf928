-- What was asked through another agent, which a stop of that one has to find: only such requests, and only while there is something to stop.
-- The run is compared as text, as it was written, because its names may hold characters that PostgreSQL reads no field of.
CREATE INDEX action_requests_through_idx ON action_requests (id)
  WHERE state IN ('pending', 'approved') AND run::text LIKE '%"through":[%';
COMMENT ON INDEX action_requests_through_idx IS 'waiting(), revocable() of one agent: what others were asked through it.';
