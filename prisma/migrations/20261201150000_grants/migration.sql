-- From approved to done (docs/grants.md): grants and what was reported stand in the request that they belong to, because they are
-- judged with it and written with its version. Requests of before have none, and lapse by nothing: no job was made for them.

ALTER TABLE action_requests ADD COLUMN granted      json NOT NULL DEFAULT 'null';
ALTER TABLE action_requests ADD COLUMN executions   json NOT NULL DEFAULT '[]';
ALTER TABLE action_requests ADD COLUMN rolls_back   text COLLATE "C";
ALTER TABLE action_requests ADD COLUMN callback_url text;
COMMENT ON COLUMN action_requests.granted IS 'Its grant and how it was redeemed, never the token; null while there is none.';
COMMENT ON COLUMN action_requests.executions IS 'What was reported of its execution, in order.';
COMMENT ON COLUMN action_requests.rolls_back IS 'The request whose execution this one undoes; null for nearly all.';
COMMENT ON COLUMN action_requests.callback_url IS 'Where its agent wants to hear of it.';
CREATE INDEX action_requests_rolls_back_idx ON action_requests (rolls_back, id) WHERE rolls_back IS NOT NULL;
COMMENT ON INDEX action_requests_rolls_back_idx IS 'The rollbacks of a request, in order.';

CREATE INDEX action_requests_revocable_idx ON action_requests (id)
  WHERE state = 'approved' AND (expires_at IS NOT NULL OR granted::text <> 'null');
COMMENT ON INDEX action_requests_revocable_idx IS 'revocable(): what a stop takes back; not what policy allowed and nobody granted.';
CREATE INDEX entries_deviated_idx ON entries (subject_id) WHERE type = 'execution.deviated';
COMMENT ON INDEX entries_deviated_idx IS 'deviations(): how often what an agent did was not what was approved.';

CREATE TABLE signing_keys (
  id         text COLLATE "C" PRIMARY KEY,
  version    integer        NOT NULL CHECK (version >= 1),
  status     text           NOT NULL CHECK (status IN ('next', 'active', 'retired')),
  public_jwk json           NOT NULL,
  sealed     text,
  created_at timestamptz(3) NOT NULL,
  since      timestamptz(3) NOT NULL
);
CREATE UNIQUE INDEX signing_keys_active_idx ON signing_keys (status) WHERE status = 'active';
COMMENT ON TABLE signing_keys IS 'Keys that grants are signed with; the private ones only sealed under COUNTERSIGN_SECRET. Read whole by signingKeys().';
COMMENT ON INDEX signing_keys_pkey IS 'A key by its thumbprint, for replacing it.';
COMMENT ON INDEX signing_keys_active_idx IS 'One key signs.';

CREATE TABLE resources (
  id          text COLLATE "C" PRIMARY KEY,
  version     integer        NOT NULL CHECK (version >= 1),
  name        text           NOT NULL UNIQUE,
  audience    text           NOT NULL,
  secret_hash text           NOT NULL,
  earlier     json           NOT NULL DEFAULT 'null',
  status      text           NOT NULL CHECK (status IN ('active', 'revoked')),
  created_by  json           NOT NULL,
  created_at  timestamptz(3) NOT NULL
);
COMMENT ON TABLE resources IS 'What redeems grants: the hash of a 256-bit secret, never the secret. Read by resource(id or name) and resources().';
COMMENT ON INDEX resources_pkey IS 'resource(id): the key that comes with a call.';
COMMENT ON INDEX resources_name_key IS 'resource(name), and no two of one name.';

CREATE TABLE stops (
  id       text COLLATE "C" PRIMARY KEY,
  version  integer        NOT NULL CHECK (version >= 1),
  scope    json           NOT NULL,
  reason   json           NOT NULL,
  by       json           NOT NULL,
  at       timestamptz(3) NOT NULL,
  resumed  json           NOT NULL DEFAULT 'null',
  standing boolean        NOT NULL DEFAULT true
);
CREATE INDEX stops_standing_idx ON stops (id) WHERE standing;
COMMENT ON TABLE stops IS 'What was stopped, why, by whom, and what was resumed. Each commit that lets something happen names how many there had ever been.';
COMMENT ON INDEX stops_pkey IS 'stop(id), and stops() by pages.';
COMMENT ON INDEX stops_standing_idx IS 'standingStops(): those that hold.';

CREATE TABLE webhooks (
  id         text COLLATE "C" PRIMARY KEY,
  version    integer        NOT NULL CHECK (version >= 1),
  url        text           NOT NULL,
  events     json           NOT NULL,
  status     text           NOT NULL CHECK (status IN ('active', 'removed')),
  sealed     text           NOT NULL,
  earlier    json           NOT NULL DEFAULT 'null',
  created_at timestamptz(3) NOT NULL
);
COMMENT ON TABLE webhooks IS 'Where operators hear of what happens; signing secrets only sealed under COUNTERSIGN_SECRET.';
COMMENT ON INDEX webhooks_pkey IS 'webhook(id).';

CREATE TABLE webhook_deliveries (
  id         text COLLATE "C" PRIMARY KEY,
  version    integer        NOT NULL CHECK (version >= 1),
  webhook_id text COLLATE "C",
  request_id text COLLATE "C" NOT NULL,
  event      text           NOT NULL,
  entry_id   text COLLATE "C" NOT NULL,
  state      text           NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead')),
  attempts   integer        NOT NULL CHECK (attempts >= 0),
  last       json           NOT NULL DEFAULT 'null',
  created_at timestamptz(3) NOT NULL,
  ended_at   timestamptz(3)
);
CREATE INDEX webhook_deliveries_state_id_idx ON webhook_deliveries (state, id);
CREATE INDEX webhook_deliveries_request_id_idx ON webhook_deliveries (request_id, id);
COMMENT ON TABLE webhook_deliveries IS 'One event on its way to one address; how its last attempt ended.';
COMMENT ON INDEX webhook_deliveries_pkey IS 'webhookDelivery(id), and webhookDeliveries() by pages.';
COMMENT ON INDEX webhook_deliveries_state_id_idx IS 'webhookDeliveries({state}): what is dead, newest first.';
COMMENT ON INDEX webhook_deliveries_request_id_idx IS 'webhookDeliveries({request}).';

CREATE TABLE leases (
  id         text COLLATE "C" PRIMARY KEY,
  version    integer        NOT NULL CHECK (version >= 1),
  request_id text COLLATE "C" NOT NULL,
  issuer     text           NOT NULL,
  target     text           NOT NULL,
  state      text           NOT NULL CHECK (state IN ('issuing', 'out', 'ended', 'expires')),
  about      json           NOT NULL,
  sealed     text,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  ended_at   timestamptz(3),
  ending     json           NOT NULL DEFAULT 'null'
);
CREATE INDEX leases_state_id_idx ON leases (state, id);
CREATE INDEX leases_request_id_idx ON leases (request_id, id);
COMMENT ON TABLE leases IS 'Credentials at targets that cannot verify a grant: made for one redeemed grant, and ended. What is needed to end one stands sealed.';
COMMENT ON INDEX leases_pkey IS 'lease(id), and leases() by pages.';
COMMENT ON INDEX leases_state_id_idx IS 'leases({states}): what is out, newest first.';
COMMENT ON INDEX leases_request_id_idx IS 'leases({request}).';
