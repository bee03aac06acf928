-- Gives entries their indexes and the tree its next head, in one statement. Whoever comes with the version of a head that is not the
-- newest any more writes nothing, whatever they believe: two that seal at once cannot fork the tree. What is not exactly as they
-- said it is rolls back with everything else.

CREATE OR REPLACE FUNCTION countersign_seal(functions integer, expected integer, tree_root bytea, note text,
  positions bigint[], hashes bytea[], node_levels integer[], node_indexes bigint[], node_hashes bytea[]) RETURNS void
LANGUAGE plpgsql
-- Through the indexes, always: plans are kept while the tables grow.
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off
AS $$
DECLARE
  size_before bigint;
  touched     bigint;
BEGIN
  PERFORM countersign_refuse_older(functions);
  PERFORM countersign_refuse_behind();

  UPDATE ledger_head SET version = version + 1, size = size + cardinality(positions), root = tree_root, checkpoint = note,
    signed_at = clock_timestamp()
  WHERE version = expected RETURNING size - cardinality(positions) INTO size_before;
  IF size_before IS NULL THEN
    RAISE EXCEPTION 'the head of the ledger is not version % any more', expected USING ERRCODE = 'serialization_failure';
  END IF;

  DELETE FROM unsealed_entries WHERE position = ANY (positions);
  GET DIAGNOSTICS touched = ROW_COUNT;
  IF touched <> cardinality(positions) THEN
    RAISE EXCEPTION '% of % entries wait to be sealed', touched, cardinality(positions) USING ERRCODE = 'serialization_failure';
  END IF;

  INSERT INTO ledger_leaves (index, entry_id, hash)
  SELECT size_before + leaf.nth - 1, entries.id, leaf.hash
  FROM unnest(positions, hashes) WITH ORDINALITY AS leaf (position, hash, nth) JOIN entries ON entries.position = leaf.position;
  GET DIAGNOSTICS touched = ROW_COUNT;
  IF touched <> cardinality(positions) THEN
    RAISE EXCEPTION '% of % entries are there', touched, cardinality(positions) USING ERRCODE = 'serialization_failure';
  END IF;

  INSERT INTO ledger_nodes (level, index, hash) SELECT * FROM unnest(node_levels, node_indexes, node_hashes);
END $$;
COMMENT ON FUNCTION countersign_seal(integer, integer, bytea, text, bigint[], bytea[], integer[], bigint[], bytea[]) IS 'Seals a batch of entries, if the head of the ledger is still the expected one.';
