-- Rollbacks (docs/rollbacks.md). What a rollback would undo is gone when something else has begun on the same resource since, so it is
-- known of each execution on which resource it began, in the order of commits: no clock says which came first.

CREATE TABLE begun_executions (
  position   bigint GENERATED ALWAYS AS IDENTITY,
  request_id text COLLATE "C" NOT NULL,
  kind       text COLLATE "C" NOT NULL CHECK (kind IN ('report', 'redemption')),
  resource   text COLLATE "C" NOT NULL,
  changes    boolean          NOT NULL,
  rolls_back text COLLATE "C",
  PRIMARY KEY (position)
);
CREATE UNIQUE INDEX begun_executions_request_id_kind_key ON begun_executions (request_id, kind);
CREATE INDEX begun_executions_resource_position_idx ON begun_executions (resource, position);
COMMENT ON TABLE begun_executions IS 'One row for each redemption, and one for each request that was reported as run before it was redeemed, if it ever was. Never changed.';
COMMENT ON COLUMN begun_executions.position IS 'The order of commits: they are made one at a time, so a lower position can never appear later.';
COMMENT ON COLUMN begun_executions.kind IS 'redemption, or report: the first one of a request that was not redeemed by then.';
COMMENT ON COLUMN begun_executions.resource IS 'SHA-256 of type, line feed and id of the resource, in hex.';
COMMENT ON COLUMN begun_executions.changes IS 'False where the catalogue said that the action only reads.';
COMMENT ON COLUMN begun_executions.rolls_back IS 'Of a rollback: the request that it undoes.';
COMMENT ON INDEX begun_executions_pkey IS 'Which of two began first.';
COMMENT ON INDEX begun_executions_request_id_kind_key IS 'From where on something counts as since; each redemption once.';
COMMENT ON INDEX begun_executions_resource_position_idx IS 'begunSince(): what has begun on a resource since something else did.';

-- Rows of before are made from the records, in the order of their entries. The escape of U+0000, which no text can hold and no resource
-- has, is replaced so that the rest can be read.
INSERT INTO begun_executions (request_id, kind, resource, changes, rolls_back)
SELECT done.id, done.kind, encode(sha256(convert_to((done.target ->> 'type') || E'\n' || (done.target ->> 'id'), 'UTF8')), 'hex'),
  done.effect IS DISTINCT FROM 'read', done.rolls_back
FROM (
  SELECT r.id, r.effect, r.rolls_back, replace(r.action::text, '\u0000', '\u0001')::json -> 'resource' AS target, k.kind, k.type,
    CASE k.kind WHEN 'redemption' THEN t.redeemed WHEN 'report' THEN t.reported END AS at, t.redeemed
  FROM action_requests r,
    LATERAL (SELECT (r.granted -> 'redeemed' ->> 'at')::timestamptz AS redeemed,
      (replace(r.executions::text, '\u0000', '\u0001')::json -> 0 ->> 'at')::timestamptz AS reported) t,
    (VALUES ('redemption', 'grant.redeemed'), ('report', 'execution.reported')) k (kind, type)
  WHERE r.granted::text <> 'null' OR r.executions::text <> '[]'
) done
WHERE done.at IS NOT NULL AND (done.kind = 'redemption' OR done.redeemed IS NULL OR done.at < done.redeemed)
ORDER BY (SELECT min(e.position) FROM entries e WHERE e.request_id = done.id AND e.type = done.type), done.at, done.id;

CREATE UNIQUE INDEX action_requests_live_rollback_idx ON action_requests (rolls_back)
  WHERE rolls_back IS NOT NULL AND state IN ('pending', 'approved', 'executing', 'succeeded');
COMMENT ON INDEX action_requests_live_rollback_idx IS 'At most one rollback of a request waits, may run or has run.';

-- Requests that are asked together are a set: made by one commit, decided on one card (docs/rollbacks.md). Requests of before are in none.

ALTER TABLE action_requests ADD COLUMN set_id   text COLLATE "C";
ALTER TABLE action_requests ADD COLUMN set_card text COLLATE "C";
COMMENT ON COLUMN action_requests.set_id IS 'The set that it was asked in; null for nearly all.';
COMMENT ON COLUMN action_requests.set_card IS 'The member of the set on whose card it is decided: another, or itself.';

-- What a target says, before people are asked, an action would touch (docs/credentials.md#a-preview). It stands in the request, because
-- whoever is shown the request is shown it, and it is part of what approvers saw. Requests of before have none.

ALTER TABLE action_requests ADD COLUMN preview json NOT NULL DEFAULT 'null';
COMMENT ON COLUMN action_requests.preview IS 'What a target said it would touch, or that it said nothing; null where it was not asked. Written once.';

-- What has ended is removed by age, a few at a time (docs/webhooks.md): found without reading what is to stay.
CREATE INDEX webhook_deliveries_ended_at_idx ON webhook_deliveries (state, ended_at) WHERE ended_at IS NOT NULL;
COMMENT ON INDEX webhook_deliveries_ended_at_idx IS 'forgetDeliveries(): the ones that ended first.';

-- A proof that somebody holds a key counts once (RFC 9449, 11.1), and is believed for a minute before and after its time. So its name is
-- remembered for ten minutes and not for ever, as those of clicks are; they stood among these until now.
CREATE TABLE shown_proofs (
  id text COLLATE "C" PRIMARY KEY,
  at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX shown_proofs_at_idx ON shown_proofs (at);
COMMENT ON TABLE shown_proofs IS 'Names of proofs of possession that were shown in the last minutes: the same one never counts again.';
COMMENT ON INDEX shown_proofs_pkey IS 'The check of every commit that somebody proved their key for.';
COMMENT ON INDEX shown_proofs_at_idx IS 'Which ones can be forgotten, a few with each commit that adds one.';

INSERT INTO shown_proofs (id, at)
SELECT id, at FROM deliveries WHERE id LIKE 'dpop %' AND at > now() - interval '10 minutes';
DELETE FROM deliveries WHERE id LIKE 'dpop %';

-- The tree over the entries (docs/formats.md#the-tree): which index each has, the hashes that the tree keeps, and its signed head.
-- Entries stay as they are; what is sealed stands beside them.

CREATE TABLE ledger_head (
  the_only_one boolean        PRIMARY KEY DEFAULT true CHECK (the_only_one),
  version      integer        NOT NULL CHECK (version >= 1),
  origin       text           NOT NULL,
  size         bigint         NOT NULL CHECK (size >= 0),
  root         bytea          NOT NULL CHECK (octet_length(root) = 32),
  checkpoint   text           NOT NULL,
  signed_at    timestamptz(3) NOT NULL
);
COMMENT ON TABLE ledger_head IS 'The newest checkpoint. Replaced version by version: of two that seal at once only one can go on from it.';
COMMENT ON INDEX ledger_head_pkey IS 'One tree, one head.';

CREATE TABLE ledger_keys (
  id         text COLLATE "C" PRIMARY KEY,
  origin     text           NOT NULL,
  public_key bytea          NOT NULL CHECK (octet_length(public_key) = 32),
  sealed     text           NOT NULL,
  created_at timestamptz(3) NOT NULL
);
COMMENT ON TABLE ledger_keys IS 'What checkpoints are signed with (Ed25519), the private part sealed. Only grows.';
COMMENT ON INDEX ledger_keys_pkey IS 'By the key id of signed notes, in hexadecimal digits.';

CREATE TABLE ledger_leaves (
  index    bigint PRIMARY KEY CHECK (index >= 0),
  entry_id text COLLATE "C" NOT NULL,
  hash     bytea NOT NULL CHECK (octet_length(hash) = 32)
);
CREATE UNIQUE INDEX ledger_leaves_entry_id_key ON ledger_leaves (entry_id);
COMMENT ON TABLE ledger_leaves IS 'The index of each entry that is sealed, and the hash of its leaf. Only grows.';
COMMENT ON INDEX ledger_leaves_pkey IS 'Tiles of level 0, and entries by index; no index twice.';
COMMENT ON INDEX ledger_leaves_entry_id_key IS 'The index of one entry; no entry twice.';

CREATE TABLE ledger_nodes (
  level integer NOT NULL CHECK (level BETWEEN 1 AND 7),
  index bigint  NOT NULL CHECK (index >= 0),
  hash  bytea   NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (level, index)
);
COMMENT ON TABLE ledger_nodes IS 'The hash over each 256 of the level below, of which level 0 has the leaves. Only grows.';
COMMENT ON INDEX ledger_nodes_pkey IS 'Tiles of the levels above the leaves.';

CREATE TABLE unsealed_entries (
  position bigint PRIMARY KEY
);
COMMENT ON TABLE unsealed_entries IS 'Entries that wait for their index, by position: written by a trigger with each entry, whoever writes it and however late, and removed when it is sealed.';
COMMENT ON INDEX unsealed_entries_pkey IS 'The next to be sealed, in the order of commits.';

-- Those that are there already are sealed in order when a server of this version starts. Those that are recorded between this and
-- the trigger, when they are not one transaction, begin to wait where it is made (prisma/functions/triggers.sql).
INSERT INTO unsealed_entries (position) SELECT position FROM entries;
