-- Nothing is written, and nothing sealed, by a ledger that is older than what left the house, or another: whichever replica found it
-- out, and whatever the others have heard. It goes on under its next name, which has no such row. (threats: older-database)
CREATE OR REPLACE FUNCTION countersign_refuse_behind() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT b.origin FROM ledger_behind b WHERE b.origin = (SELECT h.origin FROM ledger_head h)) IS NOT NULL THEN
    RAISE EXCEPTION 'the ledger is behind what left the house' USING ERRCODE = 'VN004'; -- ours (src/store/unavailable.ts)
  END IF;
END $$;
COMMENT ON FUNCTION countersign_refuse_behind() IS 'Refuses to write while the ledger is behind what left the house.';
