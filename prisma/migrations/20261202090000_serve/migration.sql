-- Auditors read the ledger over HTTP, each by a key of their own (docs/audit.md#auditors). Nobody has one before this.

CREATE TABLE auditor_keys (
  id          text COLLATE "C" PRIMARY KEY,
  version     integer        NOT NULL CHECK (version >= 1),
  person      text COLLATE "C" NOT NULL,
  account     text           NOT NULL,
  secret_hash text           NOT NULL,
  status      text           NOT NULL CHECK (status IN ('unconfirmed', 'active', 'revoked')),
  follows     text COLLATE "C",
  created_at  timestamptz(3) NOT NULL,
  ends_at     timestamptz(3) NOT NULL,
  used_at     timestamptz(3)
);
COMMENT ON TABLE auditor_keys IS 'Keys by which auditors read the ledger and do nothing else: the hash of a 256-bit secret, never the secret. Read by auditorKey(id) and auditorKeys(page).';
COMMENT ON COLUMN auditor_keys.follows IS 'The key that ends when this one is confirmed; null: none.';
COMMENT ON COLUMN auditor_keys.used_at IS 'When its last session of reading began, which is an entry.';
COMMENT ON INDEX auditor_keys_pkey IS 'auditorKey(id): the key that comes with a call; auditorKeys(page): the next ones.';
