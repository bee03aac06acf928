CREATE OR REPLACE FUNCTION countersign_is_erasing() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM entries WHERE id = current_setting('countersign.erasure', true)
    AND type IN ('record.erased', 'retention.applied') AND xmin = pg_current_xact_id()::xid)
$$;
COMMENT ON FUNCTION countersign_is_erasing() IS 'Whether this transaction has written the entry of an erasure, by which it erases.';
