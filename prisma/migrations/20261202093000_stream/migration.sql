-- Entries are streamed to receivers as they are sealed (docs/streaming.md): how far each stream is. Streams of before are none.

CREATE TABLE stream_cursors (
  name        text COLLATE "C" PRIMARY KEY,
  next_index  bigint         NOT NULL CHECK (next_index >= 0),
  advanced_at timestamptz(3) NOT NULL,
  holder      text COLLATE "C",
  held_until  timestamptz(3),
  CHECK ((holder IS NULL) = (held_until IS NULL))
);
COMMENT ON TABLE stream_cursors IS 'How far each stream of the operator''s file is. A stream that is taken out of the file keeps its row, and goes on from there when it is back.';
COMMENT ON COLUMN stream_cursors.next_index IS 'The index of the first entry that its receiver has not taken. Moved only after it has.';
COMMENT ON COLUMN stream_cursors.holder IS 'The process whose turn it is; nobody else sends until held_until, and what one that died had is free then.';
COMMENT ON INDEX stream_cursors_pkey IS 'The cursor of one stream.';
