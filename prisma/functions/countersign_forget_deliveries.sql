-- Names of what took effect are forgotten by age. As the owner of the tables, because the role that serves cannot forget one: whoever
-- has its connection must not make the same click count twice. So nothing younger than a week goes, whatever is asked for.
CREATE OR REPLACE FUNCTION countersign_forget_deliveries(before timestamptz, at_most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT
AS $$
#variable_conflict use_column
DECLARE
  gone bigint;
BEGIN
  PERFORM set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);
  DELETE FROM deliveries WHERE id = ANY (ARRAY(
    SELECT id FROM deliveries WHERE at < least(before, now() - interval '7 days') LIMIT at_most));
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;
COMMENT ON FUNCTION countersign_forget_deliveries(timestamptz, integer) IS 'Removes names of deliveries from before a moment, none younger than a week; how many.';
