-- As core/erased.ts has it: nothing of it is still to come, and it is no record of a command of ours (core/action.ts, `administrative`).

CREATE OR REPLACE FUNCTION countersign_may_be_erased(request text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN NOT EXISTS (
    SELECT FROM action_requests WHERE id = request AND (
      under_review OR state IN ('pending', 'executing')
      OR state = 'approved' AND countersign_readable(verdict) ->> 'kind' <> 'allow'
      OR countersign_readable(action) ->> 'action' IN ('policy.activate', 'people.unlink', 'stop.resume', 'record.erase')));
END $$;
COMMENT ON FUNCTION countersign_may_be_erased(text) IS 'Whether a request has ended, so that what it asked and what was said about it may go.';
