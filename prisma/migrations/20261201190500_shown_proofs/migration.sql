-- A proof that somebody holds a key counts once (RFC 9449, 11.1), and is believed for a minute before and after its time. So its name is
-- remembered for ten minutes and not for ever, as those of clicks are; they stood among these until now.
CREATE TABLE shown_proofs (
  id text COLLATE "C" PRIMARY KEY,
  at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX shown_proofs_at_idx ON shown_proofs (at);
COMMENT ON TABLE shown_proofs IS 'Names of proofs of possession that were shown in the last minutes: the same one never counts again.';
COMMENT ON INDEX shown_proofs_pkey IS 'The check of every commit that somebody proved their key for.';
COMMENT ON INDEX shown_proofs_at_idx IS 'Which ones can be forgotten, a few with each commit that adds one.';

INSERT INTO shown_proofs (id, at)
SELECT id, at FROM deliveries WHERE id LIKE 'dpop %' AND at > now() - interval '10 minutes';
DELETE FROM deliveries WHERE id LIKE 'dpop %';
