CREATE OR REPLACE FUNCTION countersign_allow_resealing_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.origin, NEW.public_key, NEW.created_at) = (OLD.id, OLD.origin, OLD.public_key, OLD.created_at) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'ledger_keys is append-only: a key can be sealed again, not changed' USING ERRCODE = 'restrict_violation';
END $$;
COMMENT ON FUNCTION countersign_allow_resealing_only() IS 'The private part of a key may be sealed under another secret; nothing else about it changes.';
