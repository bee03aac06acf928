-- `emptied` has the shape of the value, with true where it may be emptied and one element for all of a list.

CREATE OR REPLACE FUNCTION countersign_only_empties(before json, after json, emptied jsonb) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  -- In whatever order its fields are.
  IF before::jsonb IS NOT DISTINCT FROM after::jsonb THEN
    RETURN true;
  END IF;
  IF emptied = 'true' THEN
    RETURN after IS NULL
      OR after::text IN ('null', '[]', '{}', '"Erased."', '"sha256:' || repeat('0', 64) || '"');
  END IF;
  IF emptied IS NULL OR json_typeof(before) IS DISTINCT FROM jsonb_typeof(emptied)
    OR json_typeof(after) IS DISTINCT FROM jsonb_typeof(emptied) THEN
    RETURN false;
  END IF;
  IF jsonb_typeof(emptied) = 'array' THEN
    RETURN json_array_length(before) = json_array_length(after) AND NOT EXISTS (
      SELECT FROM generate_series(0, json_array_length(before) - 1) AS nth
      WHERE NOT countersign_only_empties(before -> nth, after -> nth, emptied -> 0));
  END IF;
  RETURN NOT EXISTS (
    SELECT FROM (SELECT json_object_keys(before) UNION SELECT json_object_keys(after)) AS one (field)
    WHERE NOT countersign_only_empties(before -> field, after -> field, emptied -> field));
END $$;
COMMENT ON FUNCTION countersign_only_empties(json, json, jsonb) IS 'Whether two readable values differ in nothing but in what was emptied.';
