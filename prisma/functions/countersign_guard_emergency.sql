-- Escalations, break-glass and its review are added to a request while it lives, and like everything else about it never
-- taken back: whoever broke the glass, and what the review said, is written once.

CREATE OR REPLACE FUNCTION countersign_guard_emergency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.under_review <> (NEW.broken_glass::text <> 'null' AND NEW.review::text = 'null')
    OR NEW.broken_glass::text = 'null' AND NEW.review::text <> 'null' THEN
    RAISE EXCEPTION 'a review is open exactly while a broken glass has none' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.broken_glass::text <> 'null' THEN
      RAISE EXCEPTION 'a request cannot begin with a broken glass' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.broken_glass::text <> OLD.broken_glass::text
      AND (OLD.broken_glass::text <> 'null' OR (OLD.state, NEW.state) <> ('pending', 'approved'))
      OR NEW.review::text <> OLD.review::text AND OLD.review::text <> 'null')
    AND NOT countersign_is_erasing() THEN
    RAISE EXCEPTION 'a broken glass and its review never change' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION countersign_guard_emergency() IS 'A glass is broken once, by approving; its review is written once.';
