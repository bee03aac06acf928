-- Somebody who is away is represented, until a moment, by somebody of the same groups: who is told, never who may decide
-- (docs/slack.md#out-of-office). Nobody is away before this.

CREATE TABLE delegations (
  id              text COLLATE "C" PRIMARY KEY,
  version         integer        NOT NULL CHECK (version >= 1),
  delegation      text COLLATE "C" NOT NULL,
  person          text COLLATE "C" NOT NULL,
  delegate        text COLLATE "C" NOT NULL,
  delegate_person text COLLATE "C" NOT NULL,
  started_at      timestamptz(3) NOT NULL,
  until           timestamptz(3) NOT NULL CHECK (until > started_at),
  ended_by        text           CHECK (ended_by IN ('person', 'delegate')),
  ended_at        timestamptz(3) CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX delegations_until_idx ON delegations (until) WHERE ended_at IS NULL;
COMMENT ON TABLE delegations IS 'Who is told in whose place while they are away. One row for each account that was ever away: the newest delegation; the ledger has those before it.';
COMMENT ON COLUMN delegations.id IS 'The account of whoever is away: so it has one delegation at a time.';
COMMENT ON COLUMN delegations.delegation IS 'Id of the delegation, which the button to decline it names.';
COMMENT ON COLUMN delegations.ended_by IS 'Who ended it before its time: whoever was away, or the delegate, who declined. Null while nobody has; its time ends it by itself.';
COMMENT ON INDEX delegations_pkey IS 'delegation(account): the one that somebody replaces or ends.';
COMMENT ON INDEX delegations_until_idx IS 'standingDelegations(at): those in force, for whoever is about to be told something.';
