-- How each account was when it was last looked at, so that an address that changes, or comes to be another account's, too, is found and told
-- (docs/slack.md#an-account-that-changes). Working state: what was found is in the ledger.

CREATE TABLE seen_accounts (
  id      text COLLATE "C" PRIMARY KEY,
  version integer NOT NULL CHECK (version >= 1),
  address text,
  active  boolean NOT NULL,
  other   text COLLATE "C",
  doubted boolean NOT NULL,
  due_at  timestamptz(3) NOT NULL
);
CREATE INDEX seen_accounts_address ON seen_accounts (address) WHERE address IS NOT NULL;
CREATE INDEX seen_accounts_due ON seen_accounts (due_at, id);
COMMENT ON TABLE seen_accounts IS 'How accounts of people whom we know were when they were last looked at.';
COMMENT ON COLUMN seen_accounts.id IS 'The key of the account.';
COMMENT ON COLUMN seen_accounts.version IS 'Grows with each change that was found, so that it is told once.';
COMMENT ON COLUMN seen_accounts.address IS 'SHA-256 (hex) of its confirmed e-mail address as addresses are compared; null when it has none.';
COMMENT ON COLUMN seen_accounts.active IS 'Whether it was active.';
COMMENT ON COLUMN seen_accounts.other IS 'The key of the account that the directory gave in its place; null where it gave this one.';
COMMENT ON COLUMN seen_accounts.doubted IS 'It seemed to have no confirmed address any more, and is looked at once more before that is told.';
COMMENT ON COLUMN seen_accounts.due_at IS 'When it is to be looked at next.';
COMMENT ON INDEX seen_accounts_pkey IS 'One account.';
COMMENT ON INDEX seen_accounts_address IS 'Others with the same address.';
COMMENT ON INDEX seen_accounts_due IS 'Those whose turn it is.';
