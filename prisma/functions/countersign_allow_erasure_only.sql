CREATE OR REPLACE FUNCTION countersign_allow_erasure_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.salt IS NULL AND NEW.text IS NULL
    AND (NEW.entry_id, NEW.name, NEW.sha256_salted, NEW.bytes) = (OLD.entry_id, OLD.name, OLD.sha256_salted, OLD.bytes)
    AND countersign_is_erasing()
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'entry_blobs can be erased by countersign_erase(), not changed' USING ERRCODE = 'restrict_violation';
END $$;
COMMENT ON FUNCTION countersign_allow_erasure_only() IS 'A blob may lose its salt and text, for good, with an entry that says so; nothing else about it changes.';
