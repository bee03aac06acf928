-- Checkpoints leave the house (docs/audit.md#anchors): which one was put where, and when.

CREATE TABLE anchored_checkpoints (
  position   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  anchor     text COLLATE "C" NOT NULL,
  kind       text COLLATE "C" NOT NULL,
  origin     text             NOT NULL,
  size       bigint           NOT NULL CHECK (size >= 0),
  checkpoint text             NOT NULL,
  evidence   json             NOT NULL,
  at         timestamptz(3)   NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX anchored_checkpoints_anchor_position_idx ON anchored_checkpoints (anchor, position);
COMMENT ON TABLE anchored_checkpoints IS 'Each checkpoint that an anchor took, in order. Only grows.';
COMMENT ON COLUMN anchored_checkpoints.anchor IS 'The name of the anchor in ANCHORS_FILE.';
COMMENT ON COLUMN anchored_checkpoints.evidence IS 'What the anchor gave for it: a path, the version of an object, a message, cosignatures.';
COMMENT ON INDEX anchored_checkpoints_pkey IS 'The order in which they were recorded.';
COMMENT ON INDEX anchored_checkpoints_anchor_position_idx IS 'The newest of one anchor.';

CREATE TABLE anchor_turns (
  anchor text COLLATE "C" PRIMARY KEY,
  until  timestamptz(3) NOT NULL
);
COMMENT ON TABLE anchor_turns IS 'Until when one replica is at work at an anchor; what one that died had is free then.';
COMMENT ON INDEX anchor_turns_pkey IS 'One at a time for each anchor.';
