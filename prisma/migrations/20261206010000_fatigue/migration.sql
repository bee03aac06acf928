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

-- Whom a message was about to call, so that nobody is called more often than policy says. Taken by the commit before the message is sent:
-- counted where nothing can come between, for all replicas. It decides who is mentioned and nothing else.

CREATE TABLE mentions (
  account  text COLLATE "C" NOT NULL,
  name     text COLLATE "C" NOT NULL,
  agent_id text COLLATE "C" NOT NULL,
  at       timestamptz(3)   NOT NULL,
  PRIMARY KEY (account, name)
);
COMMENT ON TABLE mentions IS 'Who was called by which message, on behalf of which agent. The name is that of the message: the same message calls somebody once, however often it is tried.';
COMMENT ON INDEX mentions_pkey IS 'Whether a message has called somebody already.';
CREATE INDEX mentions_account_idx ON mentions (account, at);
COMMENT ON INDEX mentions_account_idx IS 'How often somebody was called in a day: whoever is about to call them, and the commit that does.';

ALTER TABLE cards ADD COLUMN spared json NOT NULL DEFAULT 'null';
COMMENT ON COLUMN cards.spared IS 'By address of each set that it names without calling it: whom of them it calls instead. Null where it calls all that it asks.';
