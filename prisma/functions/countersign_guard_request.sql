-- The lifecycle, once more, where no bug of ours can get around it. core/lifecycle.ts is the table; a test tries every
-- pair of states against this trigger.

CREATE OR REPLACE FUNCTION countersign_guard_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.version <> 1 OR NEW.state NOT IN ('pending', 'approved', 'denied') THEN
      RAISE EXCEPTION 'a request cannot begin as % at version %', NEW.state, NEW.version USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;

  IF NEW.version <> OLD.version + 1 THEN
    RAISE EXCEPTION 'version % cannot follow version %', NEW.version, OLD.version USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
    ('pending', 'approved'), ('pending', 'denied'), ('pending', 'expired'), ('pending', 'cancelled'),
    ('approved', 'executing'), ('approved', 'lapsed'), ('approved', 'revoked'),
    ('executing', 'succeeded'), ('executing', 'failed'), ('executing', 'unreported')
  ) THEN
    RAISE EXCEPTION 'a request that is % cannot become %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  -- json has no equality, so its text is compared.
  IF (NEW.id, NEW.action::text, NEW.digest, NEW.agent_id, NEW.agent::text, NEW.initiator::text, NEW.behind::text,
      NEW.behind_people, NEW.reason::text, NEW.run::text, NEW.verdict::text, NEW.requirement::text,
      NEW.idempotency_key, NEW.body_digest, NEW.created_at, NEW.effect, NEW.expires_at, NEW.rolls_back, NEW.set_id, NEW.set_card, NEW.alike_card, NEW.alike_line,
      NEW.callback_url, NEW.revises, NEW.narrows)
    IS DISTINCT FROM
     (OLD.id, OLD.action::text, OLD.digest, OLD.agent_id, OLD.agent::text, OLD.initiator::text, OLD.behind::text,
      OLD.behind_people, OLD.reason::text, OLD.run::text, OLD.verdict::text, OLD.requirement::text,
      OLD.idempotency_key, OLD.body_digest, OLD.created_at, OLD.effect, OLD.expires_at, OLD.rolls_back, OLD.set_id, OLD.set_card, OLD.alike_card, OLD.alike_line,
      OLD.callback_url, OLD.revises, OLD.narrows)
    AND NOT countersign_is_erasing()
  THEN
    RAISE EXCEPTION 'what was asked and how it was judged never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.ask IS NOT NULL AND NEW.ask IS DISTINCT FROM OLD.ask THEN
    RAISE EXCEPTION 'what a request is like never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (OLD.erased::text <> 'null' OR NEW.erased::text <> 'null' OR NEW.digest_salt IS DISTINCT FROM OLD.digest_salt)
    AND NOT countersign_is_erasing()
  THEN
    RAISE EXCEPTION 'a request that was erased never changes, and is erased by countersign_erase()' USING ERRCODE = 'restrict_violation';
  END IF;
  -- Minted once, redeemed once; and a report that was written stays.
  IF NEW.granted::text <> OLD.granted::text AND (OLD.granted ->> 'id' <> NEW.granted ->> 'id'
    OR OLD.granted ->> 'id' IS NOT NULL AND NEW.granted ->> 'id' IS NULL OR OLD.granted -> 'redeemed' ->> 'attempt' IS NOT NULL)
  THEN
    RAISE EXCEPTION 'a grant is minted once and redeemed once' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.executions::text <> OLD.executions::text
    AND json_array_length(NEW.executions) <= json_array_length(OLD.executions) AND NOT countersign_is_erasing()
  THEN
    RAISE EXCEPTION 'what was reported is only added to' USING ERRCODE = 'restrict_violation';
  END IF;
  -- What was said about it while people decided; afterwards nobody adds a word.
  IF NEW.notes::text <> OLD.notes::text AND NOT countersign_is_erasing()
    AND (OLD.state <> 'pending' OR NEW.state <> 'pending' OR json_array_length(NEW.notes) <= json_array_length(OLD.notes)
      OR EXISTS (SELECT FROM generate_series(0, json_array_length(OLD.notes) - 1) AS nth
        WHERE (NEW.notes -> nth)::text <> (OLD.notes -> nth)::text))
  THEN
    RAISE EXCEPTION 'notes are only added to, and only while a request is pending' USING ERRCODE = 'restrict_violation';
  END IF;
  -- What approvers were shown stays what they were shown; and where somebody has acted on it already, nothing is added.
  IF NEW.preview::text <> OLD.preview::text AND (OLD.preview::text <> 'null' OR OLD.version <> 1 OR NEW.state <> 'pending')
    AND NOT countersign_is_erasing() THEN
    RAISE EXCEPTION 'a preview is written once, before anything else happens to the request' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION countersign_guard_request() IS 'Only legal moves, one version at a time, and nothing that people agreed to.';
