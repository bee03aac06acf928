CREATE OR REPLACE FUNCTION countersign_guard_ledger_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.version <> OLD.version + 1 OR NEW.size < OLD.size OR (NEW.origin <> OLD.origin AND (
    -- Under its next name the ledger goes on from a restored backup: with the same entries first, and a key of that name.
    NEW.size <> OLD.size OR NOT EXISTS (SELECT FROM ledger_keys WHERE origin = NEW.origin)
  )) THEN
    RAISE EXCEPTION 'the tree of % has % entries at version %: it only grows, under its name, one version at a time',
      OLD.origin, OLD.size, OLD.version USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION countersign_guard_ledger_head() IS 'A tree never shrinks, and no head overwrites one that its writer has not seen.';
