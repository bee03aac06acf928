-- What was asked together is read together: by whoever asked, and for every card that shows it.

CREATE INDEX action_requests_set_idx ON action_requests (set_id, id) WHERE set_id IS NOT NULL;
COMMENT ON INDEX action_requests_set_idx IS 'The requests of a set, in order.';
