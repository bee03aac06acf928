CREATE OR REPLACE FUNCTION countersign_erasure_reaches(erasure text, request text, naming text, last_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT coalesce((
    SELECT CASE
      WHEN said.type = 'retention.applied' THEN request IS NOT NULL AND (said.text::json -> 'data' ->> 'days')::integer >= 1
        AND last_at < (said.text::json -> 'data' ->> 'before')::timestamptz
        AND (said.text::json -> 'data' ->> 'before')::timestamptz
          <= said.ts - make_interval(hours => 24 * (said.text::json -> 'data' ->> 'days')::integer)
      WHEN said.type <> 'record.erased' THEN false
      WHEN said.subject_kind = 'request' THEN said.subject_id = request
      WHEN said.subject_kind = 'person' THEN EXISTS (
        SELECT FROM (SELECT said.subject_id UNION ALL
          SELECT substr(id, length('person:') + 1) FROM linked_accounts
          WHERE person = said.subject_id AND id LIKE 'person:%') AS person (id)
        WHERE position(to_json(person.id)::text IN naming) > 0)
      ELSE false
    END
    FROM entries AS said WHERE said.id = erasure), false)
$$;
COMMENT ON FUNCTION countersign_erasure_reaches(text, text, text, timestamptz) IS 'Whether the entry of an erasure is about that request, about somebody whom that text names, or about what is older than it is kept.';
