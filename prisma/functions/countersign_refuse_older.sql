-- A process with an older set of functions than the database has does not write: what it sends was made for functions
-- that may not be there any more. It says with which set it was built; who does not say has none. The code is ours
-- (src/store/unavailable.ts), from a class that the standard leaves to implementations. (threats: older-version)
CREATE OR REPLACE FUNCTION countersign_refuse_older(functions integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  newest integer := (SELECT max(version) FROM function_sets);
BEGIN
  IF functions >= newest THEN
    RETURN;
  END IF;
  RAISE EXCEPTION 'the database has set % of the SQL functions, and this process set %', newest, functions
    USING ERRCODE = 'VN001';
END $$;
COMMENT ON FUNCTION countersign_refuse_older(integer) IS 'Refuses a process whose functions are older than those of the database.';
