-- What people typed waits in jobs, too, until it is done: what they commanded, and what they are to hear of it. Of a request that goes whole
-- nothing can come of either any more; of a person's words only what failed for good is left. One that is at work ends by itself.

CREATE OR REPLACE FUNCTION countersign_forget_jobs(erasure text, requests jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM graphile_worker._private_jobs AS j USING graphile_worker._private_tasks AS t, entries AS said
  WHERE t.id = j.task_id AND t.identifier IN ('command', 'answer') AND j.locked_at IS NULL AND said.id = erasure
    AND (countersign_readable(j.payload) ->> 'request' IN (
        SELECT r.id FROM jsonb_to_recordset(requests) AS r (id text, erased text) WHERE r.erased <> 'null')
      OR said.subject_kind = 'person' AND j.attempts >= j.max_attempts
        AND coalesce(countersign_readable(j.payload) -> 'command' -> 'attempt' ->> 'account', countersign_readable(j.payload) ->> 'to')
          IN (SELECT id FROM linked_accounts WHERE person = said.subject_id));
END $$;
COMMENT ON FUNCTION countersign_forget_jobs(text, jsonb) IS 'Removes the jobs that have what people said about what an erasure empties.';
