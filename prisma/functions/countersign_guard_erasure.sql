-- Whoever may call countersign_erase(), or writes in the transaction of an erasure, empties and does nothing else: not of what is open,
-- not of what the entry does not name, and of a person's words only theirs.

CREATE OR REPLACE FUNCTION countersign_guard_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  said      text := current_setting('countersign.erasure', true);
  is_person boolean := EXISTS (SELECT FROM entries WHERE id = said AND subject_kind = 'person');
  zero      text := 'sha256:' || repeat('0', 64);
  was       json := countersign_readable(OLD.decisions);
  now       json := countersign_readable(NEW.decisions);
  words     text := OLD.decisions::text || OLD.escalations::text || OLD.broken_glass::text || OLD.review::text || OLD.notes::text || OLD.outcome::text;
BEGIN
  IF NOT countersign_is_erasing()
    OR NOT countersign_erasure_reaches(said, OLD.id, words, greatest(OLD.created_at, OLD.settled_at)) THEN
    RAISE EXCEPTION 'an erasure reaches only what its entry is about' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.erased::text <> 'null' OR NOT countersign_may_be_erased(OLD.id) THEN
    RAISE EXCEPTION 'only what has ended is erased, and once' USING ERRCODE = 'restrict_violation';
  END IF;

  IF (NEW.id, NEW.state, NEW.effect, NEW.agent_id, NEW.agent::text, NEW.initiator::text, NEW.behind::text, NEW.behind_people,
      NEW.under_review, NEW.granted::text, NEW.rolls_back, NEW.revises, NEW.narrows, NEW.set_id, NEW.set_card, NEW.ask, NEW.alike_card, NEW.alike_line, NEW.idempotency_key, NEW.created_at,
      NEW.expires_at, NEW.settled_at)
    IS DISTINCT FROM
     (OLD.id, OLD.state, OLD.effect, OLD.agent_id, OLD.agent::text, OLD.initiator::text, OLD.behind::text, OLD.behind_people,
      OLD.under_review, OLD.granted::text, OLD.rolls_back, OLD.revises, OLD.narrows, OLD.set_id, OLD.set_card, OLD.ask, OLD.alike_card, OLD.alike_line, OLD.idempotency_key, OLD.created_at,
      OLD.expires_at, OLD.settled_at)
    OR NOT countersign_only_empties(was, now,
      CASE WHEN is_person THEN '[{"reason": true, "typed": true, "ended": {"reason": true}}]'::jsonb
        ELSE '[{"reason": true, "typed": true, "seen": true, "ended": {"reason": true}}]' END)
    OR NOT countersign_only_empties(countersign_readable(OLD.escalations), countersign_readable(NEW.escalations), '[{"reason": true}]')
    OR NOT countersign_only_empties(countersign_readable(OLD.broken_glass), countersign_readable(NEW.broken_glass), '{"reason": true}')
    OR NOT countersign_only_empties(countersign_readable(OLD.review), countersign_readable(NEW.review), '{"note": true}')
    OR NOT countersign_only_empties(countersign_readable(OLD.notes), countersign_readable(NEW.notes), '[{"text": true}]')
    -- A sentence, or with more beside it that stays.
    OR NOT countersign_only_empties(countersign_readable(OLD.outcome), countersign_readable(NEW.outcome),
      CASE WHEN json_typeof(OLD.outcome) = 'object' THEN '{"says": true, "narrowed": {"reason": true}}'::jsonb ELSE 'true' END)
  THEN
    RAISE EXCEPTION 'an erasure changes nothing that stays' USING ERRCODE = 'restrict_violation';
  END IF;

  IF is_person THEN
    IF (NEW.digest, NEW.digest_salt, NEW.callback_url, NEW.body_digest, NEW.erased::text)
      IS DISTINCT FROM (OLD.digest, OLD.digest_salt, OLD.callback_url, OLD.body_digest, OLD.erased::text)
      OR (SELECT bool_or(NOT countersign_only_empties(countersign_readable(before), countersign_readable(after), NULL)) FROM (VALUES
        (OLD.action, NEW.action), (OLD.reason, NEW.reason), (OLD.run, NEW.run), (OLD.verdict, NEW.verdict),
        (OLD.requirement, NEW.requirement), (OLD.executions, NEW.executions), (OLD.preview, NEW.preview)) AS one (before, after))
      OR countersign_readable(NEW.outcome)::jsonb <> countersign_readable(OLD.outcome)::jsonb AND NOT countersign_erasure_reaches(said, NULL, OLD.decisions::text || coalesce((countersign_readable(OLD.outcome) -> 'narrowed')::text, ''), NULL)
      OR countersign_readable(NEW.broken_glass)::jsonb <> countersign_readable(OLD.broken_glass)::jsonb
        AND NOT countersign_erasure_reaches(said, NULL, (countersign_readable(OLD.broken_glass) -> 'person')::text, NULL)
      OR countersign_readable(NEW.review)::jsonb <> countersign_readable(OLD.review)::jsonb
        AND NOT countersign_erasure_reaches(said, NULL, (countersign_readable(OLD.review) -> 'person')::text, NULL)
      OR EXISTS (SELECT FROM generate_series(0, json_array_length(was) - 1) AS nth
        WHERE (was -> nth)::jsonb <> (now -> nth)::jsonb
          AND NOT countersign_erasure_reaches(said, NULL, (was -> nth -> 'person')::text, NULL))
      OR EXISTS (SELECT FROM generate_series(0, json_array_length(OLD.escalations) - 1) AS nth
        WHERE (countersign_readable(OLD.escalations) -> nth)::jsonb <> (countersign_readable(NEW.escalations) -> nth)::jsonb
          AND NOT countersign_erasure_reaches(said, NULL, (countersign_readable(OLD.escalations) -> nth -> 'by')::text, NULL))
      OR EXISTS (SELECT FROM generate_series(0, json_array_length(OLD.notes) - 1) AS nth
        WHERE (countersign_readable(OLD.notes) -> nth)::jsonb <> (countersign_readable(NEW.notes) -> nth)::jsonb
          AND NOT countersign_erasure_reaches(said, NULL, (countersign_readable(OLD.notes) -> nth -> 'by')::text, NULL))
    THEN
      RAISE EXCEPTION 'of a person only their own words are erased' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;

  IF NOT countersign_only_empties(countersign_readable(OLD.action), countersign_readable(NEW.action), '{"params": true}')
    OR NOT countersign_only_empties(countersign_readable(OLD.reason), countersign_readable(NEW.reason), 'true')
    OR NOT countersign_only_empties(countersign_readable(OLD.run), countersign_readable(NEW.run), 'true')
    OR NOT countersign_only_empties(countersign_readable(OLD.verdict), countersign_readable(NEW.verdict), '{"message": true, "facts": true, "errors": [true]}')
    OR NOT countersign_only_empties(countersign_readable(OLD.requirement), countersign_readable(NEW.requirement), '{"confirm": true}')
    OR NOT countersign_only_empties(countersign_readable(OLD.executions), countersign_readable(NEW.executions),
      '[{"action": true, "digest": true, "result": true, "links": true, "note": true, "deviations": [{"approved": true, "actual": true}]}]')
    OR NOT countersign_only_empties(countersign_readable(OLD.preview), countersign_readable(NEW.preview), 'true')
    OR NEW.callback_url IS NOT NULL
    OR NEW.body_digest NOT IN (OLD.body_digest, zero)
    OR NEW.digest_salt IS NOT NULL
    -- As its entries have it: with a salt where there was one.
    OR NEW.digest <> coalesce(
      'sha256:' || encode(sha256(decode(OLD.digest_salt, 'base64') || convert_to(OLD.digest, 'UTF8')), 'hex'), OLD.digest)
    OR countersign_readable(NEW.erased) ->> 'entry' IS DISTINCT FROM said
  THEN
    RAISE EXCEPTION 'an erasure changes nothing that stays' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION countersign_guard_erasure() IS 'In the transaction of an erasure a request is only emptied: of what its entry is about, once it has ended.';
