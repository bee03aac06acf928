-- A person decides from their own portal by a personal token (docs/api.md#from-your-own-portal). Nobody has one before this.

CREATE TABLE personal_tokens (
  id          text COLLATE "C" PRIMARY KEY,
  version     integer        NOT NULL CHECK (version >= 1),
  person      text COLLATE "C" NOT NULL,
  account     text COLLATE "C" NOT NULL,
  secret_hash text           NOT NULL,
  status      text           NOT NULL CHECK (status IN ('active', 'revoked')),
  created_at  timestamptz(3) NOT NULL,
  ends_at     timestamptz(3) NOT NULL,
  used_at     timestamptz(3)
);
CREATE INDEX personal_tokens_account_id_idx ON personal_tokens (account, id);
COMMENT ON TABLE personal_tokens IS 'Tokens by which people decide over HTTP: the hash of a 256-bit secret, never the secret. Read by personalToken(id), personalTokensOf(accounts) and personalTokens(page).';
COMMENT ON COLUMN personal_tokens.used_at IS 'When the last hour in which it decided began; its person is told then.';
COMMENT ON INDEX personal_tokens_pkey IS 'personalToken(id): the token that comes with a call; personalTokens(page): the next ones.';
COMMENT ON INDEX personal_tokens_account_id_idx IS 'personalTokensOf(accounts): what one person has, and how many of them live.';
