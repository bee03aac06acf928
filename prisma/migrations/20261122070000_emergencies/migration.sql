-- Escalations, break-glass and its review. Each is added to a request while it lives, and like everything else about
-- it never taken back: whoever broke the glass, and what the review said, is written once.

ALTER TABLE action_requests
  ADD COLUMN escalations  json    NOT NULL DEFAULT '[]',
  ADD COLUMN broken_glass json    NOT NULL DEFAULT 'null',
  ADD COLUMN review       json    NOT NULL DEFAULT 'null',
  ADD COLUMN under_review boolean NOT NULL DEFAULT false;
CREATE INDEX action_requests_under_review_idx ON action_requests (id) WHERE under_review;
COMMENT ON TABLE action_requests IS 'One row per request. Only version, state, decisions, escalations, broken_glass, review, under_review, outcome and settled_at ever change. Read by request(id).';
COMMENT ON INDEX action_requests_under_review_idx IS 'requests({ underReview }): glasses that were broken and not reviewed, newest first.';

CREATE FUNCTION countersign_guard_emergency() RETURNS trigger LANGUAGE plpgsql AS $$
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
  IF NEW.broken_glass::text <> OLD.broken_glass::text
    AND (OLD.broken_glass::text <> 'null' OR (OLD.state, NEW.state) <> ('pending', 'approved'))
    OR NEW.review::text <> OLD.review::text AND OLD.review::text <> 'null' THEN
    RAISE EXCEPTION 'a broken glass and its review never change' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION countersign_guard_emergency() IS 'A glass is broken once, by approving; its review is written once.';

CREATE TRIGGER action_requests_guard_emergency BEFORE INSERT OR UPDATE ON action_requests
  FOR EACH ROW EXECUTE FUNCTION countersign_guard_emergency();
