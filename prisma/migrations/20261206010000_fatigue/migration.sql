-- What one agent asks again while the same waits shares its card. Which one that is, is looked up by the commit that makes the request
-- (countersign_commit), among those that wait: so two at once never both have a card. What was asked before has a card each, as it was.

ALTER TABLE action_requests ADD COLUMN ask        text CHECK (ask IS NULL OR state = 'pending');
ALTER TABLE action_requests ADD COLUMN alike_card text COLLATE "C";
ALTER TABLE action_requests ADD COLUMN alike_line integer CHECK (alike_line BETWEEN 2 AND 20);
ALTER TABLE action_requests ADD CHECK ((alike_card IS NULL) = (alike_line IS NULL));
COMMENT ON COLUMN action_requests.ask IS 'Digest of all that people see of it, where it may share a card; only while it waits, so that nothing of it is left to erase.';
COMMENT ON COLUMN action_requests.alike_card IS 'The request that asked the same and waited when this one was asked: its card lists this one, too.';
COMMENT ON COLUMN action_requests.alike_line IS 'The line on that card; its own request is the first.';

CREATE INDEX action_requests_ask_idx ON action_requests (agent_id, ask) WHERE ask IS NOT NULL;
COMMENT ON INDEX action_requests_ask_idx IS 'Whether the same waits already: the commit of what may share a card.';
CREATE UNIQUE INDEX action_requests_alike_idx ON action_requests (alike_card, alike_line) WHERE alike_card IS NOT NULL;
COMMENT ON INDEX action_requests_alike_idx IS 'The requests that share a card, in order; one for each line.';
