-- That the ledger is behind what left the house is known to every replica as soon as one has found it out (docs/audit.md#anchors).

CREATE TABLE ledger_behind (
  origin     text           PRIMARY KEY,
  anchor     text           NOT NULL,
  checkpoint text           NOT NULL,
  at         timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE ledger_behind IS 'Under which name the ledger turned out to be older than a checkpoint that left the house, or another. Nothing is written under that name any more. Only grows.';
COMMENT ON COLUMN ledger_behind.checkpoint IS 'What was found at the anchor, as the ledger had signed it.';
COMMENT ON INDEX ledger_behind_pkey IS 'Whether it is so under the name that the ledger has: each commit looks.';
