CREATE OR REPLACE FUNCTION countersign_readable(stored json) RETURNS json LANGUAGE sql IMMUTABLE AS $$
  -- First the escaped backslashes, so that one before a "u" is no escape of a character.
  SELECT replace(replace(stored::text, '\\', '\/\/'), '\u', '\/u')::json
$$;
COMMENT ON FUNCTION countersign_readable(json) IS 'The same with its escaped characters as letters: PostgreSQL reads no field of a value with U+0000 or half a surrogate in it.';
