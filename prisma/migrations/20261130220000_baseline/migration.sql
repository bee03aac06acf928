-- The baseline: tables and indexes, and what each is for. Functions and triggers stand in prisma/functions, and are applied
-- after the migrations (src/store/migrate.ts).
--
-- Where everything lives. Ids are TypeIDs, sortable by time, so they compare byte by byte (COLLATE "C"), whatever the
-- database's own collation. Values from outside stand in json columns: text and jsonb cannot hold U+0000.

CREATE TABLE action_requests (
  id              text COLLATE "C" PRIMARY KEY,
  version         integer        NOT NULL CHECK (version >= 1),
  state           text           NOT NULL,
  action          json           NOT NULL,
  digest          text           NOT NULL,
  effect          text,
  agent_id        text COLLATE "C" NOT NULL,
  agent           json           NOT NULL,
  initiator       json           NOT NULL,
  behind          json           NOT NULL,
  behind_people   text[]         NOT NULL,
  reason          json           NOT NULL,
  run             json           NOT NULL,
  verdict         json           NOT NULL,
  requirement     json           NOT NULL,
  decisions       json           NOT NULL,
  outcome         json           NOT NULL,
  idempotency_key text COLLATE "C" NOT NULL,
  body_digest     text           NOT NULL,
  created_at      timestamptz(3) NOT NULL,
  expires_at      timestamptz(3),
  settled_at      timestamptz(3),
  escalations     json           NOT NULL DEFAULT '[]',
  broken_glass    json           NOT NULL DEFAULT 'null',
  review          json           NOT NULL DEFAULT 'null',
  under_review    boolean        NOT NULL DEFAULT false,
  CONSTRAINT action_requests_state_check CHECK (state IN (
    'pending', 'approved', 'executing', 'denied', 'expired', 'cancelled', 'lapsed', 'revoked', 'succeeded', 'failed',
    'unreported'
  ))
);
CREATE UNIQUE INDEX action_requests_idempotency_key_agent_id_key ON action_requests (idempotency_key, agent_id);
CREATE INDEX action_requests_state_id_idx ON action_requests (state, id);
CREATE INDEX action_requests_agent_id_id_idx ON action_requests (agent_id, id);
CREATE INDEX action_requests_behind_people_idx ON action_requests USING gin (behind_people);
CREATE INDEX action_requests_under_review_idx ON action_requests (id) WHERE under_review;
COMMENT ON TABLE action_requests IS 'One row per request. Only version, state, decisions, escalations, broken_glass, review, under_review, outcome and settled_at ever change. Read by request(id).';
COMMENT ON INDEX action_requests_pkey IS 'request(id); the order of requests(); the version check of every commit.';
COMMENT ON INDEX action_requests_idempotency_key_agent_id_key IS 'requestByKey(agent, key): a retry finds the request it already made, and can never make a second.';
COMMENT ON INDEX action_requests_state_id_idx IS 'requests({ states }): what waits, newest first.';
COMMENT ON INDEX action_requests_agent_id_id_idx IS 'requests({ agent }): what one agent asked for, newest first.';
COMMENT ON INDEX action_requests_behind_people_idx IS 'requests({ behind }): what one person is behind, in any role.';
COMMENT ON INDEX action_requests_under_review_idx IS 'requests({ underReview }): glasses that were broken and not reviewed, newest first.';

CREATE TABLE cards (
  id           text COLLATE "C" PRIMARY KEY,
  version      integer NOT NULL CHECK (version >= 1),
  request_id   text COLLATE "C" NOT NULL,
  conversation text    NOT NULL,
  status       text    NOT NULL CHECK (status IN ('posting', 'posted', 'replaced')),
  message      text,
  shown        integer,
  told         integer NOT NULL
);
CREATE INDEX cards_request_id_id_idx ON cards (request_id, id);
CREATE INDEX cards_conversation_message_idx ON cards (conversation, message) WHERE message IS NOT NULL;
COMMENT ON TABLE cards IS 'One row per copy of a request''s card in one conversation. Read by card(id).';
COMMENT ON INDEX cards_pkey IS 'card(id): the card that a click names.';
COMMENT ON INDEX cards_request_id_id_idx IS 'cards(request): every copy that has to follow the request.';
COMMENT ON INDEX cards_conversation_message_idx IS 'cardAt(conversation, message): the card in whose thread something was said.';

CREATE TABLE agents (
  id         text COLLATE "C" PRIMARY KEY,
  version    integer        NOT NULL CHECK (version >= 1),
  name       text COLLATE "C" NOT NULL,
  owner      text           NOT NULL,
  status     text           NOT NULL CHECK (status IN ('active', 'revoked')),
  created_at timestamptz(3) NOT NULL
);
CREATE UNIQUE INDEX agents_name_key ON agents (name);
COMMENT ON TABLE agents IS 'Registered machine identities. Read by agent(idOrName) and agents().';
COMMENT ON INDEX agents_pkey IS 'agent(id), and the agent of a key.';
COMMENT ON INDEX agents_name_key IS 'agent(name). A name is never reused, not even after revocation.';

CREATE TABLE agent_keys (
  id          text COLLATE "C" PRIMARY KEY,
  version     integer        NOT NULL CHECK (version >= 1),
  agent_id    text COLLATE "C" NOT NULL,
  secret_hash text           NOT NULL,
  created_by  text           NOT NULL,
  status      text           NOT NULL CHECK (status IN ('active', 'revoked')),
  created_at  timestamptz(3) NOT NULL
);
CREATE INDEX agent_keys_agent_id_id_idx ON agent_keys (agent_id, id);
COMMENT ON TABLE agent_keys IS 'Credentials of agents: the hash of a 256-bit secret, never the secret. Read by key(id).';
COMMENT ON INDEX agent_keys_pkey IS 'key(id): every authenticated call.';
COMMENT ON INDEX agent_keys_agent_id_id_idx IS 'keysOf(agent): rotation and listing.';

CREATE TABLE linked_accounts (
  id      text COLLATE "C" PRIMARY KEY,
  version integer NOT NULL CHECK (version >= 1),
  person  text COLLATE "C" NOT NULL,
  name    json    NOT NULL
);
CREATE INDEX linked_accounts_person_id_idx ON linked_accounts (person, id);
COMMENT ON TABLE linked_accounts IS 'Which person an account belongs to. The id is the account key. Read by account(key) and accounts(keys).';
COMMENT ON INDEX linked_accounts_pkey IS 'account(key): who clicked.';
COMMENT ON INDEX linked_accounts_person_id_idx IS 'accountsOf(person): whom to mention, and every account that is the same person.';

-- People approve the files that they were shown, tests included, and the digest of a bundle leaves its tests out: so a
-- version is named by a digest over all its files, and the same policy with other tests is another version.
CREATE TABLE policy_versions (
  files_digest text PRIMARY KEY,
  name         text NOT NULL,
  files        json NOT NULL,
  digest       text NOT NULL
);
CREATE INDEX policy_versions_digest_files_digest_idx ON policy_versions (digest, files_digest);
COMMENT ON TABLE policy_versions IS 'Bundles as they were loaded, by a digest over all their files, active or only proposed; never changed.';
COMMENT ON INDEX policy_versions_pkey IS 'activePolicy(), policyFiles(filesDigest): the files of the active bundle, and of one that was proposed.';
COMMENT ON INDEX policy_versions_digest_files_digest_idx IS 'policyVersion(digest): what a request was judged by, whatever tests stood beside it.';

CREATE TABLE policy_activations (
  id           text COLLATE "C" PRIMARY KEY,
  position     bigint         GENERATED ALWAYS AS IDENTITY,
  files_digest text           NOT NULL REFERENCES policy_versions (files_digest),
  at           timestamptz(3) NOT NULL
);
CREATE UNIQUE INDEX policy_activations_position_key ON policy_activations (position);
COMMENT ON TABLE policy_activations IS 'Which bundle was active from when. The one with the highest position is active now.';
COMMENT ON INDEX policy_activations_pkey IS 'An activation is made once.';
COMMENT ON INDEX policy_activations_position_key IS 'activePolicy(): the latest.';

CREATE TABLE entries (
  id           text COLLATE "C" PRIMARY KEY,
  position     bigint         GENERATED ALWAYS AS IDENTITY,
  ts           timestamptz(3) NOT NULL,
  type         text           NOT NULL,
  subject_kind text           NOT NULL,
  subject_id   text           NOT NULL,
  request_id   text COLLATE "C",
  text         text           NOT NULL CHECK (octet_length(text) <= 65511)
);
CREATE UNIQUE INDEX entries_position_key ON entries (position);
CREATE INDEX entries_request_id_position_idx ON entries (request_id, position) WHERE request_id IS NOT NULL;
CREATE INDEX entries_policy_idx ON entries (position) WHERE subject_kind = 'policy';
COMMENT ON TABLE entries IS 'The ledger. text is the RFC 8785 text of the entry, exactly; the other columns repeat it for queries. Append only.';
COMMENT ON COLUMN entries.position IS 'The order of commits: they are made one at a time, so a lower position can never appear later.';
COMMENT ON INDEX entries_pkey IS 'One entry by id; an entry is written once.';
COMMENT ON INDEX entries_position_key IS 'The ledger in order, for sealing and export.';
COMMENT ON INDEX entries_request_id_position_idx IS 'entries(request): the story of one request, in order.';
COMMENT ON INDEX entries_policy_idx IS 'policyEntries(limit): what was activated and by whom, newest first.';

CREATE TABLE entry_blobs (
  entry_id      text COLLATE "C" NOT NULL,
  name          text    NOT NULL,
  sha256_salted text    NOT NULL,
  bytes         integer NOT NULL,
  salt          bytea,
  text          bytea,
  PRIMARY KEY (entry_id, name),
  CONSTRAINT entry_blobs_erased_check CHECK ((salt IS NULL) = (text IS NULL))
);
COMMENT ON TABLE entry_blobs IS 'Values kept outside the leaf. Erasing one sets salt and text to null; the hash in the leaf stays verifiable.';
COMMENT ON INDEX entry_blobs_pkey IS 'The values that belong to an entry.';

CREATE TABLE deliveries (
  id text COLLATE "C" PRIMARY KEY,
  at timestamptz(3) NOT NULL DEFAULT now()
);
COMMENT ON TABLE deliveries IS 'Names of clicks and webhooks that took effect: the same one never does again.';
COMMENT ON INDEX deliveries_pkey IS 'The duplicate check of every commit that answers a delivery.';

CREATE TABLE replicas (
  id         text PRIMARY KEY,
  name       text NOT NULL,
  policy     text,
  started_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  seen_at    timestamptz(3) NOT NULL
);
COMMENT ON TABLE replicas IS 'The processes that serve on this database, and by which policy (files digest) each of them judges, as of its last beat.';
COMMENT ON INDEX replicas_pkey IS 'beat(): the row of one replica. There are a few rows, so everything else reads all of them.';

CREATE TABLE installation (
  the_only_one       boolean        PRIMARY KEY DEFAULT true CHECK (the_only_one),
  id                 text           NOT NULL,
  kind               text           NOT NULL CHECK (kind IN ('sandbox', 'production')),
  secret_fingerprint text           NOT NULL,
  created_at         timestamptz(3) NOT NULL DEFAULT now()
);
COMMENT ON TABLE installation IS 'The one row that says whose database this is. Read at start-up by openInstallation().';
COMMENT ON INDEX installation_pkey IS 'There is at most one row.';

CREATE TABLE function_sets (
  version    integer        PRIMARY KEY,
  checksum   text           NOT NULL,
  applied_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE function_sets IS 'Each set of SQL functions that this database ever had (prisma/functions), with the SHA-256 of its files. The highest version is the one that it has.';
COMMENT ON INDEX function_sets_pkey IS 'The check of every write: a process with an older set does not write.';
