-- The ledger only grows. The tree over it (docs/formats.md) finds a rewrite by somebody who owns the database; these
-- triggers stop everybody else, ourselves first.

CREATE FUNCTION countersign_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
COMMENT ON FUNCTION countersign_refuse_change() IS 'Refuses whatever it is put in front of.';

CREATE TRIGGER entries_append_only BEFORE UPDATE OR DELETE ON entries
  FOR EACH ROW EXECUTE FUNCTION countersign_refuse_change();
CREATE TRIGGER entries_no_truncate BEFORE TRUNCATE ON entries
  FOR EACH STATEMENT EXECUTE FUNCTION countersign_refuse_change();
CREATE TRIGGER entry_blobs_no_delete BEFORE DELETE ON entry_blobs
  FOR EACH ROW EXECUTE FUNCTION countersign_refuse_change();
CREATE TRIGGER entry_blobs_no_truncate BEFORE TRUNCATE ON entry_blobs
  FOR EACH STATEMENT EXECUTE FUNCTION countersign_refuse_change();
CREATE TRIGGER policy_versions_append_only BEFORE UPDATE OR DELETE ON policy_versions
  FOR EACH ROW EXECUTE FUNCTION countersign_refuse_change();
CREATE TRIGGER policy_activations_append_only BEFORE UPDATE OR DELETE ON policy_activations
  FOR EACH ROW EXECUTE FUNCTION countersign_refuse_change();

CREATE FUNCTION countersign_allow_erasure_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.salt IS NULL AND NEW.text IS NULL
    AND (NEW.entry_id, NEW.name, NEW.sha256_salted, NEW.bytes) = (OLD.entry_id, OLD.name, OLD.sha256_salted, OLD.bytes)
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'entry_blobs can be erased, not changed' USING ERRCODE = 'restrict_violation';
END $$;
COMMENT ON FUNCTION countersign_allow_erasure_only() IS 'A blob may lose its salt and text, for good; nothing else about it changes.';

CREATE TRIGGER entry_blobs_erasure_only BEFORE UPDATE ON entry_blobs
  FOR EACH ROW EXECUTE FUNCTION countersign_allow_erasure_only();
