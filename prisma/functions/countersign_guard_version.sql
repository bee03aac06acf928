CREATE OR REPLACE FUNCTION countersign_guard_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.version <> OLD.version + 1 THEN
    RAISE EXCEPTION 'version % of % cannot follow version %', NEW.version, TG_TABLE_NAME, OLD.version
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION countersign_guard_version() IS 'One version at a time, so that no write can overwrite one it has not seen.';
