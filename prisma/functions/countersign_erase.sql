-- The one way in which something that is recorded goes: values beside the ledger and what a request asked, with the entry that says so, in
-- one transaction. As the owner of the tables, because the role that serves can change neither. Whoever calls it without having written
-- that entry in the same transaction is refused by the triggers; so is whoever would change more than is emptied (countersign_guard_erasure).
CREATE OR REPLACE FUNCTION countersign_erase(erasure text, requests jsonb, blobs jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
-- As whoever made it looked for tables; a temporary one of the caller's never comes first.
SET search_path FROM CURRENT
AS $$
#variable_conflict use_column
DECLARE
  one     record;
  touched bigint;
BEGIN
  PERFORM set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);
  PERFORM set_config('countersign.erasure', erasure, true);

  IF countersign_is_erasing() AND EXISTS (
    SELECT FROM jsonb_to_recordset(blobs) AS named (entry text, blob text) JOIN entries AS e ON e.id = named.entry
    WHERE e.type IN ('record.erased', 'retention.applied') OR NOT countersign_may_be_erased(e.request_id)
      OR NOT countersign_erasure_reaches(erasure, e.request_id, e.text, e.ts)
  ) THEN
    RAISE EXCEPTION 'an erasure reaches only what its entry is about, once that has ended' USING ERRCODE = 'restrict_violation';
  END IF;

  UPDATE entry_blobs SET salt = NULL, text = NULL
  FROM jsonb_to_recordset(blobs) AS named (entry text, blob text)
  WHERE entry_id = named.entry AND name = named.blob AND text IS NOT NULL;
  GET DIAGNOSTICS touched = ROW_COUNT;
  -- Its entry says how many there were. Whoever was faster has said it of theirs.
  IF touched <> jsonb_array_length(blobs) THEN
    RAISE EXCEPTION '% of % values were there to be erased', touched, jsonb_array_length(blobs)
      USING ERRCODE = 'serialization_failure';
  END IF;

  FOR one IN
    SELECT * FROM jsonb_to_recordset(requests) AS r (id text, version integer, action text, digest text, digest_salt text, reason text,
      run text, verdict text, requirement text, decisions text, escalations text, broken_glass text, review text, outcome text,
      executions text, preview text, notes text, callback_url text, body_digest text, erased text)
  LOOP
    -- What names the action by its digest, or tells others of it.
    IF one.erased <> 'null' THEN
      DELETE FROM webhook_deliveries WHERE request_id = one.id;
      DELETE FROM cool_downs AS c USING action_requests AS a
        WHERE a.id = one.id AND c.agent_id = a.agent_id AND c.digest = a.digest AND c.request_id = one.id;
      UPDATE leases SET version = version + 1, about = '{}' WHERE request_id = one.id AND about::text <> '{}';
    END IF;
    UPDATE action_requests
    SET version = one.version, action = one.action::json, digest = one.digest, digest_salt = one.digest_salt,
      reason = one.reason::json, run = one.run::json, verdict = one.verdict::json, requirement = one.requirement::json,
      decisions = one.decisions::json, escalations = one.escalations::json, broken_glass = one.broken_glass::json,
      review = one.review::json, outcome = one.outcome::json, executions = one.executions::json, preview = one.preview::json,
      notes = one.notes::json, callback_url = one.callback_url, body_digest = one.body_digest, erased = one.erased::json
    WHERE id = one.id;
  END LOOP;
  PERFORM countersign_forget_jobs(erasure, requests);

  PERFORM set_config('countersign.erasure', '', true);
END $$;
COMMENT ON FUNCTION countersign_erase(text, jsonb, jsonb) IS 'Erases values beside entries and what requests asked, in the transaction that wrote the entry about it.';
