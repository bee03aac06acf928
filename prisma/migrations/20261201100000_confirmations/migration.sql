-- Administration knows its administrator (docs/operations.md#administration). What somebody with a shell claims in the
-- names of people is kept here until each of them has confirmed it. Whatever stands in a database from before this has
-- no row here and is as good as confirmed: agents, keys and links keep what they gave.

CREATE TABLE confirmations (
  id         text COLLATE "C" PRIMARY KEY,
  version    integer        NOT NULL CHECK (version >= 1),
  subject    text COLLATE "C" NOT NULL,
  what       json           NOT NULL,
  asked      json           NOT NULL,
  shell      json           NOT NULL,
  via        text           NOT NULL,
  state      text           NOT NULL CHECK (state IN ('waiting', 'confirmed', 'disowned', 'lapsed', 'dropped')),
  created_at timestamptz(3) NOT NULL,
  until      timestamptz(3) NOT NULL
);
CREATE INDEX confirmations_subject_id_idx ON confirmations (subject, id);
CREATE INDEX confirmations_state_id_idx ON confirmations (state, id);
COMMENT ON TABLE confirmations IS 'What was claimed in the names of people, who is asked to confirm it, and what the machine said of the shell it came from. Read by confirmation(id).';
COMMENT ON INDEX confirmations_pkey IS 'confirmation(id): the one that a click names.';
COMMENT ON INDEX confirmations_subject_id_idx IS 'confirmationsAbout(subject): what was asked about an agent, a person or a policy, newest first.';
COMMENT ON INDEX confirmations_state_id_idx IS 'countersign doctor: what nobody has answered yet.';

CREATE TABLE operator_keys (
  id          text COLLATE "C" PRIMARY KEY,
  version     integer        NOT NULL CHECK (version >= 1),
  person      text COLLATE "C" NOT NULL,
  account     text           NOT NULL,
  secret_hash text           NOT NULL,
  status      text           NOT NULL CHECK (status IN ('unconfirmed', 'active', 'revoked')),
  created_at  timestamptz(3) NOT NULL,
  ends_at     timestamptz(3) NOT NULL,
  used_at     timestamptz(3)
);
COMMENT ON TABLE operator_keys IS 'Keys by which scripts act as one person for that person''s own agents: the hash of a 256-bit secret, never the secret. Read by operatorKey(id) and operatorKeys().';
COMMENT ON INDEX operator_keys_pkey IS 'operatorKey(id): the key that comes with a command.';

ALTER TABLE agents DROP CONSTRAINT agents_status_check;
ALTER TABLE agents ADD CONSTRAINT agents_status_check CHECK (status IN ('unconfirmed', 'active', 'revoked'));
ALTER TABLE agent_keys DROP CONSTRAINT agent_keys_status_check;
ALTER TABLE agent_keys ADD CONSTRAINT agent_keys_status_check CHECK (status IN ('unconfirmed', 'active', 'revoked'));

ALTER TABLE linked_accounts ADD COLUMN claimed_from text COLLATE "C";
ALTER TABLE linked_accounts ADD COLUMN joined json NOT NULL DEFAULT '[]';
ALTER TABLE linked_accounts ADD COLUMN parted json NOT NULL DEFAULT '[]';
COMMENT ON COLUMN linked_accounts.claimed_from IS 'Whose this was before a link that not everybody has confirmed: for separation and quorum it is the other''s already, for anything else it is still theirs. Null: nothing is only claimed.';
COMMENT ON COLUMN linked_accounts.joined IS 'Whose this was before each link that moved it, the last one last: what parting undoes. Links from before this column are not in it.';
COMMENT ON COLUMN linked_accounts.parted IS 'On the row of a person''s own id: from whom they were parted, and when, the last one last. For requests made before that they are still one.';
