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

-- Those that are there already are sealed in order when a server of this version starts. No commit comes between this and the
-- trigger: both are one transaction, under the lock of commits.
INSERT INTO unsealed_entries (position) SELECT position FROM entries;
