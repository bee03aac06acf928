-- Where so many cards come to one conversation that people would read none of them, one card stands for the rest (docs/slack.md#being-told);
-- and whose Home is kept true by which process. Working state, both: that a request was listed is in the ledger.

CREATE TABLE crowd_cards (
  id       text COLLATE "C" PRIMARY KEY,
  version  integer        NOT NULL CHECK (version >= 1),
  message  text,
  shown    text,
  next     timestamptz(3) NOT NULL,
  reminded boolean        NOT NULL
);
COMMENT ON TABLE crowd_cards IS 'The card of a conversation that stands for the requests without one of their own there, while there are any.';
COMMENT ON COLUMN crowd_cards.id IS 'The conversation: slack:C….';
COMMENT ON COLUMN crowd_cards.message IS 'Its message there, once posted.';
COMMENT ON COLUMN crowd_cards.shown IS 'What it shows, as a SHA-256.';
COMMENT ON COLUMN crowd_cards.next IS 'When it is looked after next: of several jobs only the one for that time does.';
COMMENT ON COLUMN crowd_cards.reminded IS 'Whether those who are needed were reminded under it.';
COMMENT ON INDEX crowd_cards_pkey IS 'The card of one conversation.';

CREATE TABLE open_homes (
  id         text COLLATE "C" PRIMARY KEY,
  opened_at  timestamptz(3) NOT NULL,
  keeper     text           NOT NULL,
  kept_until timestamptz(3) NOT NULL
);
COMMENT ON TABLE open_homes IS 'Homes that somebody opened within the hour.';
COMMENT ON COLUMN open_homes.id IS 'The user, as the channel names them.';
COMMENT ON COLUMN open_homes.keeper IS 'The process that publishes it when something changes, and until when the others leave it to that one.';
COMMENT ON INDEX open_homes_pkey IS 'The Home of one user; there are as many rows as Homes that were opened within the hour.';
