-- Rollbacks (docs/rollbacks.md). What a rollback would undo is gone when something else has run on the same resource since, so it is
-- known of each execution on which resource it began, and when. Rows of before are made from what was redeemed; the escape of U+0000,
-- which no text can hold and no resource has, is replaced so that the rest of the action can be read.

CREATE TABLE begun_executions (
  request_id text COLLATE "C" PRIMARY KEY,
  resource   text COLLATE "C" NOT NULL,
  at         timestamptz(3)   NOT NULL,
  changes    boolean          NOT NULL,
  rolls_back text COLLATE "C"
);
CREATE INDEX begun_executions_resource_idx ON begun_executions (resource, at);
COMMENT ON TABLE begun_executions IS 'One row for each request that was redeemed, or reported as run: on which resource, and when. Never changed.';
COMMENT ON COLUMN begun_executions.resource IS 'SHA-256 of type, line feed and id of the resource, in hex.';
COMMENT ON COLUMN begun_executions.changes IS 'False where the catalogue said that the action only reads.';
COMMENT ON COLUMN begun_executions.rolls_back IS 'Of a rollback: the request that it undoes.';
COMMENT ON INDEX begun_executions_pkey IS 'Each request begins once.';
COMMENT ON INDEX begun_executions_resource_idx IS 'begunSince(): what has run on a resource since a moment.';

INSERT INTO begun_executions (request_id, resource, at, changes, rolls_back)
SELECT done.id, encode(sha256(convert_to((done.target ->> 'type') || E'\n' || (done.target ->> 'id'), 'UTF8')), 'hex'),
  done.at, done.effect IS DISTINCT FROM 'read', done.rolls_back
FROM (
  SELECT id, replace(action::text, '\u0000', '\u0001')::json -> 'resource' AS target, effect, rolls_back,
    (granted -> 'redeemed' ->> 'at')::timestamptz AS at
  FROM action_requests WHERE granted::text <> 'null'
) done WHERE done.at IS NOT NULL;

CREATE UNIQUE INDEX action_requests_live_rollback_idx ON action_requests (rolls_back)
  WHERE rolls_back IS NOT NULL AND state IN ('pending', 'approved', 'executing', 'succeeded');
COMMENT ON INDEX action_requests_live_rollback_idx IS 'At most one rollback of a request waits, may run or has run.';
