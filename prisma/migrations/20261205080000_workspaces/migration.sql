-- Where a channel's tokens rotate (docs/slack.md#tokens-that-rotate), the pair of now stands here, sealed: an access token that expires, and
-- what the next pair is got with, which works once. Working state: who put the first one in is in the ledger.

CREATE TABLE channel_tokens (
  id         text COLLATE "C" PRIMARY KEY,
  version    integer        NOT NULL CHECK (version >= 1),
  sealed     text           NOT NULL,
  issued_at  timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  failed     text,
  tried_at   timestamptz(3),
  holder     text,
  held_until timestamptz(3)
);
COMMENT ON TABLE channel_tokens IS 'The tokens by which a channel lets us in, where they rotate; only sealed under COUNTERSIGN_SECRET.';
COMMENT ON COLUMN channel_tokens.id IS 'Whose they are: slack:T… of a workspace, slack:E… of an organisation.';
COMMENT ON COLUMN channel_tokens.version IS 'Grows with each new pair, not with each try.';
COMMENT ON COLUMN channel_tokens.failed IS 'Why the last try to get the next pair came to nothing, in the word of the channel; null when it worked.';
COMMENT ON COLUMN channel_tokens.holder IS 'Which process gets the next pair now, and until when the others leave it to that one.';
COMMENT ON INDEX channel_tokens_pkey IS 'The pair of one place; there are as many rows as places.';
