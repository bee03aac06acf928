CREATE OR REPLACE FUNCTION countersign_queue_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO unsealed_entries (position) SELECT position FROM added;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION countersign_queue_entries() IS 'Every entry waits for its index from the statement on that writes it.';
