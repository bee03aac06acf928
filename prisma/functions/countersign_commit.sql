-- The one function that writes (src/store/commit.ts builds its argument). Many changes in, one outcome for each: what
-- one change loses, its neighbours keep. The batch never holds two changes that touch the same record.
--
-- Commits are made one at a time, under one advisory lock that lives until the transaction is visible: so a check
-- still holds when its write comes, no two commits can deadlock, and the positions of ledger entries are the order of
-- commits. (Somebody who writes around this function meets the version triggers: the batch fails, nothing is written.)
-- Throughput comes from the number of changes in a batch, not from concurrent transactions; a commit is a
-- single statement, so no client can sit on the lock.

CREATE OR REPLACE FUNCTION countersign_commit(batch jsonb) RETURNS TABLE (n integer, outcome text)
LANGUAGE plpgsql
-- For graphile_worker.add_jobs, whose joins are planned once while its tables are small: through the indexes, always.
-- Nor through bitmaps, which would look at every row that has ceased to wait since the last vacuum, each time.
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off
-- Each statement is planned once for a session: made anew for each batch, the plans are the same and cost more than the work.
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  duplicates integer[];
  shown      integer[] := '{}';
  refused    integer[];
  repeated   integer[];
  outdated   integer[] := '{}';
  crowded    integer[] := '{}';
  counted    integer[] := '{}';
  keys       text[];
  added      bigint[];
  amounts    numeric[];
  step       record;
  nth        integer;
  waiting    bigint;
  stopped    bigint;
  asker      record;
  active     text;
  moved      record;
  asked      record;
  card       record;
  places     jsonb := '{}';
BEGIN
  PERFORM pg_advisory_xact_lock(7305808869230650227); -- 'countersign'
  PERFORM countersign_refuse_older((batch ->> 'functions')::integer); -- inside the lock, which an upgrade takes too
  -- Whoever decides how a ledger that is behind goes on may be somebody whom this database has not seen yet: that much is recorded.
  IF batch ? 'requests' OR NOT batch ? 'entries' OR jsonb_path_exists(batch, '$.entries[*] ? (@.type != "person.added")') THEN
    PERFORM countersign_refuse_behind();
  END IF;

  SELECT coalesce(array_agg(c.n), '{}') INTO duplicates
  FROM jsonb_to_recordset(batch -> 'changes') AS c (n integer, delivery text)
  WHERE (SELECT d.id FROM deliveries d WHERE d.id = c.delivery) IS NOT NULL;

  -- A proof of possession counts once, whichever replica it is shown to. Two changes of one batch never come with the same.
  IF jsonb_path_exists(batch, '$.changes[*].proof') THEN
    SELECT coalesce(array_agg(c.n), '{}') INTO shown
    FROM jsonb_to_recordset(batch -> 'changes') AS c (n integer, proof text)
    WHERE c.n <> ALL (duplicates) AND (SELECT p.id FROM shown_proofs p WHERE p.id = c.proof) IS NOT NULL;
  END IF;

  -- An insert expects no version, so that one comparison judges inserts and updates alike. Scalar subqueries, not
  -- EXISTS or joins, here and below: plans are kept while tables grow by orders of magnitude, and a plan that hashes or
  -- scans a whole table is chosen while it is small.
  SELECT duplicates || shown || coalesce(array_agg(misfit.n), '{}') INTO refused FROM (
    SELECT r.n FROM jsonb_to_recordset(batch -> 'requests') AS r (n integer, expected integer, id text)
      WHERE (SELECT a.version FROM action_requests a WHERE a.id = r.id) IS DISTINCT FROM r.expected
    UNION ALL
    SELECT r.n FROM jsonb_to_recordset(batch -> 'cards') AS r (n integer, expected integer, id text)
      WHERE (SELECT c.version FROM cards c WHERE c.id = r.id) IS DISTINCT FROM r.expected
    UNION ALL
    SELECT r.n FROM jsonb_to_recordset(batch -> 'entries') AS r (n integer, id text)
      WHERE (SELECT e.id FROM entries e WHERE e.id = r.id) IS NOT NULL
  ) misfit;
  -- What few changes touch has a statement of its own: with it, that of all others takes a fifth longer.
  IF batch ?| ARRAY['agents', 'keys', 'accounts', 'confirmations', 'operator_keys', 'auditor_keys', 'personal_tokens', 'signing_keys', 'resources', 'stops', 'shadows', 'webhooks', 'webhook_deliveries', 'leases', 'on_call_links', 'delegations', 'policies', 'erasures'] THEN
    SELECT refused || coalesce(array_agg(misfit.n), '{}') INTO refused FROM (
      SELECT r.n FROM jsonb_to_recordset(batch -> 'agents') AS r (n integer, expected integer, id text, name text)
        WHERE (SELECT a.version FROM agents a WHERE a.id = r.id) IS DISTINCT FROM r.expected
          OR (SELECT a.id FROM agents a WHERE a.name = r.name) <> r.id
      UNION ALL
      SELECT r.n FROM jsonb_to_recordset(batch -> 'keys') AS r (n integer, expected integer, id text)
        WHERE (SELECT k.version FROM agent_keys k WHERE k.id = r.id) IS DISTINCT FROM r.expected
      UNION ALL
      SELECT r.n FROM jsonb_to_recordset(batch -> 'accounts') AS r (n integer, expected integer, id text)
        WHERE (SELECT l.version FROM linked_accounts l WHERE l.id = r.id) IS DISTINCT FROM r.expected
      UNION ALL
      SELECT r.n FROM jsonb_to_recordset(batch -> 'confirmations') AS r (n integer, expected integer, id text)
        WHERE (SELECT c.version FROM confirmations c WHERE c.id = r.id) IS DISTINCT FROM r.expected
      UNION ALL
      SELECT r.n FROM jsonb_to_recordset(batch -> 'operator_keys') AS r (n integer, expected integer, id text)
        WHERE (SELECT k.version FROM operator_keys k WHERE k.id = r.id) IS DISTINCT FROM r.expected
      UNION ALL
      SELECT r.n FROM jsonb_to_recordset(batch -> 'auditor_keys') AS r (n integer, expected integer, id text)
        WHERE (SELECT k.version FROM auditor_keys k WHERE k.id = r.id) IS DISTINCT FROM r.expected
      UNION ALL
      SELECT r.n FROM jsonb_to_recordset(batch -> 'personal_tokens') AS r (n integer, expected integer, id text)
        WHERE (SELECT k.version FROM personal_tokens k WHERE k.id = r.id) IS DISTINCT FROM r.expected
      UNION ALL
      SELECT r.n FROM jsonb_to_recordset(batch -> 'signing_keys') AS r (n integer, expected integer, id text, status text)
        WHERE (SELECT x.version FROM signing_keys x WHERE x.id = r.id) IS DISTINCT FROM r.expected
          OR r.expected IS NULL AND r.status = 'active' AND (SELECT x.id FROM signing_keys x WHERE x.status = 'active') IS NOT NULL
      UNION ALL
      SELECT r.n FROM jsonb_to_recordset(batch -> 'resources') AS r (n integer, expected integer, id text, name text)
        WHERE (SELECT x.version FROM resources x WHERE x.id = r.id) IS DISTINCT FROM r.expected
          OR (SELECT x.id FROM resources x WHERE x.name = r.name) <> r.id
      UNION ALL
      SELECT r.n FROM jsonb_to_recordset(batch -> 'stops') AS r (n integer, expected integer, id text)
        WHERE (SELECT x.version FROM stops x WHERE x.id = r.id) IS DISTINCT FROM r.expected
      UNION ALL
      SELECT r.n FROM jsonb_to_recordset(batch -> 'shadows') AS r (n integer, expected integer, id text)
        WHERE (SELECT x.version FROM shadows x WHERE x.id = r.id) IS DISTINCT FROM r.expected
          OR r.expected IS NULL AND (SELECT x.id FROM shadows x WHERE x.ended_at IS NULL) IS NOT NULL
      UNION ALL
      SELECT r.n FROM jsonb_to_recordset(batch -> 'webhooks') AS r (n integer, expected integer, id text)
        WHERE (SELECT x.version FROM webhooks x WHERE x.id = r.id) IS DISTINCT FROM r.expected
      UNION ALL
      SELECT r.n FROM jsonb_to_recordset(batch -> 'webhook_deliveries') AS r (n integer, expected integer, id text)
        WHERE (SELECT x.version FROM webhook_deliveries x WHERE x.id = r.id) IS DISTINCT FROM r.expected
      UNION ALL
      SELECT r.n FROM jsonb_to_recordset(batch -> 'leases') AS r (n integer, expected integer, id text)
        WHERE (SELECT x.version FROM leases x WHERE x.id = r.id) IS DISTINCT FROM r.expected
      UNION ALL
      SELECT r.n FROM jsonb_to_recordset(batch -> 'on_call_links') AS r (n integer, expected integer, id text)
        WHERE (SELECT x.version FROM on_call_links x WHERE x.id = r.id) IS DISTINCT FROM r.expected
      UNION ALL
      SELECT r.n FROM jsonb_to_recordset(batch -> 'delegations') AS r (n integer, expected integer, id text)
        WHERE (SELECT x.version FROM delegations x WHERE x.id = r.id) IS DISTINCT FROM r.expected
      UNION ALL
      SELECT r.n FROM jsonb_to_recordset(batch -> 'erasures') AS r (n integer, requests jsonb),
          jsonb_to_recordset(r.requests) AS erased (id text, expected integer)
        WHERE (SELECT a.version FROM action_requests a WHERE a.id = erased.id) IS DISTINCT FROM erased.expected
      UNION ALL
      SELECT r.n FROM jsonb_to_recordset(batch -> 'policies') AS r (n integer, activation text, expected text)
        WHERE (SELECT p.id FROM policy_activations p WHERE p.id = r.activation) IS NOT NULL
          OR (SELECT p.files_digest FROM policy_activations p ORDER BY p.position DESC LIMIT 1) IS DISTINCT FROM r.expected
    ) misfit;
  END IF;

  -- Who asks may be known from memory, so it is compared here: an agent that was handed over or revoked since, or a key that
  -- was revoked, also by a change before it in the same batch (threats: stale-replica), or that has expired: it ends with its time,
  -- whatever was read before (threats: checked-at-use). The same for the resource that comes with what an agent got by its key.
  IF batch ? 'callers' THEN
    SELECT refused || coalesce(array_agg(r.n), '{}') INTO refused
    FROM jsonb_to_recordset(batch -> 'callers') AS r (n integer, agent_id text, agent_version integer, key_id text,
      key_version integer, resource_id text, resource_version integer)
    WHERE (SELECT a.version FROM agents a WHERE a.id = r.agent_id) IS DISTINCT FROM r.agent_version
      OR (SELECT k.version FROM agent_keys k WHERE k.id = r.key_id AND (k.expires_at IS NULL OR k.expires_at > clock_timestamp()))
        IS DISTINCT FROM r.key_version
      OR (SELECT min(w.n) FROM jsonb_to_recordset(batch -> 'agents') AS w (n integer, id text)
        WHERE w.id = r.agent_id AND w.n <> ALL (refused)) < r.n
      OR (SELECT min(w.n) FROM jsonb_to_recordset(batch -> 'keys') AS w (n integer, id text)
        WHERE w.id = r.key_id AND w.n <> ALL (refused)) < r.n
      OR r.resource_id IS NOT NULL AND (
        (SELECT x.version FROM resources x WHERE x.id = r.resource_id) IS DISTINCT FROM r.resource_version
        OR (SELECT min(w.n) FROM jsonb_to_recordset(batch -> 'resources') AS w (n integer, id text)
          WHERE w.id = r.resource_id AND w.n <> ALL (refused)) < r.n);
  END IF;

  -- A token by which a person decides, as it was read: revoked since, it decides nothing, also where that stands in the same batch; nor
  -- once its time is over, whatever was read before (threats: checked-at-use).
  IF batch ? 'token_reads' THEN
    SELECT refused || coalesce(array_agg(r.n), '{}') INTO refused
    FROM jsonb_to_recordset(batch -> 'token_reads') AS r (n integer, id text, version integer)
    WHERE (SELECT k.version FROM personal_tokens k WHERE k.id = r.id AND k.ends_at > clock_timestamp()) IS DISTINCT FROM r.version
      OR (SELECT min(w.n) FROM jsonb_to_recordset(batch -> 'personal_tokens') AS w (n integer, id text)
        WHERE w.id = r.id AND w.n <> ALL (refused)) < r.n;
  END IF;

  -- Each idempotency key makes one request of an agent: whoever comes with it again is told so, whatever else is the matter.
  -- agent_id || '' keeps the planner from reading every request of the agent (action_requests_agent_id_id_idx) to find one.
  SELECT coalesce(array_agg(r.n), '{}') INTO repeated
  FROM jsonb_to_recordset(batch -> 'requests') AS r (n integer, expected integer, agent_id text, idempotency_key text)
  WHERE r.expected IS NULL AND r.n <> ALL (refused) AND (SELECT a.id FROM action_requests a
    WHERE a.idempotency_key = r.idempotency_key AND a.agent_id || '' = r.agent_id) IS NOT NULL;
  refused := refused || repeated;

  -- What was judged by who is who is not written when that has changed since it was read, also by a change before it in the
  -- same batch: whoever was linked meanwhile is judged as who they are.
  IF batch ? 'links' THEN
    SELECT refused || coalesce(array_agg(DISTINCT r.n), '{}') INTO refused
    FROM jsonb_to_recordset(batch -> 'links') AS r (n integer, id text, version integer)
    WHERE (SELECT l.version FROM linked_accounts l WHERE l.id = r.id) IS DISTINCT FROM r.version
      OR (SELECT min(w.n) FROM jsonb_to_recordset(batch -> 'accounts') AS w (n integer, id text)
        WHERE w.id = r.id AND w.n <> ALL (refused)) < r.n;
  END IF;

  -- Other requests that something was judged by; and of several rollbacks of one request at once only the first is made.
  IF batch ? 'request_reads' THEN
    SELECT refused || coalesce(array_agg(DISTINCT r.n), '{}') INTO refused
    FROM jsonb_to_recordset(batch -> 'request_reads') AS r (n integer, id text, version integer)
    WHERE (SELECT a.version FROM action_requests a WHERE a.id = r.id) IS DISTINCT FROM r.version
      OR (SELECT min(w.n) FROM jsonb_to_recordset(batch -> 'requests') AS w (n integer, id text)
        WHERE w.id = r.id AND w.n <> ALL (refused)) < r.n;
    SELECT refused || coalesce(array_agg(DISTINCT r.n), '{}') INTO refused
    FROM jsonb_to_recordset(batch -> 'requests') AS r (n integer, expected integer, rolls_back text)
    WHERE r.expected IS NULL AND r.rolls_back IS NOT NULL AND r.n <> ALL (refused) AND (
      (SELECT a.id FROM action_requests a WHERE a.rolls_back = r.rolls_back
        AND a.state IN ('pending', 'approved', 'executing', 'succeeded') LIMIT 1) IS NOT NULL
      OR (SELECT min(w.n) FROM jsonb_to_recordset(batch -> 'requests') AS w (n integer, expected integer, rolls_back text)
        WHERE w.expected IS NULL AND w.rolls_back = r.rolls_back AND w.n <> ALL (refused)) < r.n);
  END IF;

  -- What a rollback would undo is as it was left: nothing else has begun on it since, also by a change before it in the same batch.
  IF batch ? 'untouched' THEN
    SELECT refused || coalesce(array_agg(r.n), '{}') INTO refused
    FROM jsonb_to_recordset(batch -> 'untouched') AS r (n integer, first text, resource text)
    WHERE (SELECT b.request_id FROM begun_executions b WHERE b.resource = r.resource
        AND b.position > coalesce((SELECT f.position FROM begun_executions f
          WHERE f.request_id = r.first ORDER BY f.kind = 'redemption' DESC LIMIT 1), 0)
        AND b.changes AND b.request_id <> r.first AND b.rolls_back IS DISTINCT FROM r.first LIMIT 1) IS NOT NULL
      OR (SELECT min(w.n) FROM jsonb_to_recordset(batch -> 'begun')
          AS w (n integer, request_id text, kind text, resource text, changes boolean, rolls_back text)
        WHERE w.resource = r.resource AND w.changes AND w.request_id <> r.first
          AND w.rolls_back IS DISTINCT FROM r.first AND w.n <> ALL (refused)
          AND (SELECT b.position FROM begun_executions b
            WHERE b.request_id = w.request_id AND b.kind = w.kind) IS NULL) < r.n;
  END IF;

  -- The same for all that one person has: the rows that were read are compared above, and here how many there are.
  IF batch ? 'holdings' THEN
    SELECT refused || coalesce(array_agg(DISTINCT r.n), '{}') INTO refused
    FROM jsonb_to_recordset(batch -> 'holdings') AS r (n integer, person text, rows integer)
    WHERE (SELECT count(*) FROM linked_accounts l WHERE l.person = r.person) <> r.rows
      OR (SELECT min(w.n) FROM jsonb_to_recordset(batch -> 'accounts') AS w (n integer, person text)
        WHERE w.person = r.person AND w.n <> ALL (refused)) < r.n;
  END IF;

  -- The same for which denial stands where people are asked: what was asked while somebody denied it is judged by that.
  IF batch ? 'cool_down_reads' THEN
    SELECT refused || coalesce(array_agg(DISTINCT r.n), '{}') INTO refused
    FROM jsonb_to_recordset(batch -> 'cool_down_reads') AS r (n integer, agent_id text, digest text, request_id text)
    WHERE (SELECT c.request_id FROM cool_downs c WHERE c.agent_id = r.agent_id AND c.digest = r.digest)
        IS DISTINCT FROM r.request_id
      OR (SELECT min(w.n) FROM jsonb_to_recordset(batch -> 'cool_downs') AS w (n integer, agent_id text, digest text)
        WHERE w.agent_id = r.agent_id AND w.digest = r.digest AND w.n <> ALL (refused)) < r.n;
  END IF;

  -- A stop holds from its own commit on: what was judged without it is judged again, also where it stands in the same batch.
  IF jsonb_path_exists(batch, '$.changes[*].stops_read') THEN
    SELECT count(*) INTO stopped FROM stops;
    SELECT refused || coalesce(array_agg(c.n), '{}') INTO refused
    FROM jsonb_to_recordset(batch -> 'changes') AS c (n integer, stops_read bigint)
    WHERE c.stops_read IS NOT NULL AND c.stops_read <> stopped + (
      SELECT count(*) FROM jsonb_to_recordset(batch -> 'stops') AS w (n integer, expected integer)
      WHERE w.expected IS NULL AND w.n < c.n AND w.n <> ALL (refused));
  END IF;

  -- A token is believed by a key as it was read, which may be from memory: one that was withdrawn or retired since is looked at again,
  -- also where that stands in the same batch (threats: stale-replica).
  IF jsonb_path_exists(batch, '$.changes[*].signed_with') THEN
    SELECT refused || coalesce(array_agg(c.n), '{}') INTO refused
    FROM jsonb_to_recordset(batch -> 'changes') AS c (n integer, signed_with text, signed_version integer)
    WHERE c.signed_with IS NOT NULL AND (
      (SELECT x.version FROM signing_keys x WHERE x.id = c.signed_with) IS DISTINCT FROM c.signed_version
      OR (SELECT min(w.n) FROM jsonb_to_recordset(batch -> 'signing_keys') AS w (n integer, id text)
        WHERE w.id = c.signed_with AND w.n <> ALL (refused)) < c.n);
  END IF;

  -- A verdict by another policy than the active one is not written, whatever the process that judged has heard. A batch
  -- is in order: for each change the active policy is the one that an activation before it in the same batch leaves.
  IF jsonb_path_exists(batch, '$.changes[*].judged') THEN
    SELECT v.digest INTO active FROM policy_versions v
    WHERE v.files_digest = (SELECT p.files_digest FROM policy_activations p ORDER BY p.position DESC LIMIT 1);
    SELECT coalesce(array_agg(c.n), '{}') INTO outdated
    FROM jsonb_to_recordset(batch -> 'changes') AS c (n integer, judged boolean, judged_by text)
    WHERE c.judged AND c.n <> ALL (refused) AND c.judged_by IS DISTINCT FROM coalesce(
      (SELECT coalesce((SELECT v.digest FROM policy_versions v WHERE v.files_digest = r.files_digest), r.digest)
        FROM jsonb_to_recordset(batch -> 'policies') AS r (n integer, activation text, files_digest text, digest text)
        WHERE r.activation IS NOT NULL AND r.n < c.n AND r.n <> ALL (refused) ORDER BY r.n DESC LIMIT 1),
      active);
    refused := refused || outdated;
  END IF;

  -- So many requests of one agent may wait at once. Counted where nothing can come between: those that wait, and those that
  -- begin to in this batch, in its order (threats: varied-flood). No more are counted than can matter.
  IF jsonb_path_exists(batch, '$.requests[*].at_most') THEN
    FOR asker IN
      SELECT r.agent_id, max(r.at_most) AS at_most
      FROM jsonb_to_recordset(batch -> 'requests') AS r (agent_id text, at_most integer)
      WHERE r.at_most IS NOT NULL GROUP BY r.agent_id
    LOOP
      SELECT count(*) INTO waiting FROM (
        SELECT FROM action_requests a WHERE a.agent_id = asker.agent_id AND a.state = 'pending' LIMIT asker.at_most
      ) pending;
      SELECT crowded || coalesce(array_agg(asked.n), '{}') INTO crowded FROM (
        SELECT r.n, r.at_most, row_number() OVER (ORDER BY r.n) AS nth
        FROM jsonb_to_recordset(batch -> 'requests') AS r (n integer, expected integer, state text, agent_id text,
          at_most integer)
        WHERE r.agent_id = asker.agent_id AND r.expected IS NULL AND r.state = 'pending' AND r.n <> ALL (refused)
      ) asked WHERE waiting + asked.nth > asked.at_most;
    END LOOP;
    refused := refused || crowded;
  END IF;

  -- What a budget allowed holds up to a number, of all that was ever counted under its key: compared where nothing can come between, with
  -- what this batch counts before it, in its order (threats: counter-race). A change is compared before it counts anything itself.
  IF batch ? 'budget_reads' THEN
    SELECT array_agg(k.key), array_agg(coalesce((SELECT h.added FROM budget_heads h WHERE h.key = k.key), 0)),
      array_agg(coalesce((SELECT h.amount FROM budget_heads h WHERE h.key = k.key), 0))
    INTO keys, added, amounts
    FROM (SELECT DISTINCT r.key FROM jsonb_to_recordset(batch -> 'budget_reads') AS r (key text)) k;
    FOR step IN
      SELECT r.n, r.key, r.added AS added_at_most, r.amount AS amount_at_most, NULL::bigint AS amount, 0 AS turn
      FROM jsonb_to_recordset(batch -> 'budget_reads') AS r (n integer, key text, added bigint, amount numeric)
      UNION ALL
      SELECT r.n, r.key, NULL, NULL, r.amount, 1
      FROM jsonb_to_recordset(batch -> 'budget_entries') AS r (n integer, key text, request_id text, amount bigint, made boolean)
      WHERE r.made OR (SELECT a.state FROM action_requests a WHERE a.id = r.request_id) = 'pending'
      ORDER BY 1, 6
    LOOP
      nth := array_position(keys, step.key);
      CONTINUE WHEN nth IS NULL OR step.n = ANY (refused);
      IF step.turn = 1 THEN
        added[nth] := added[nth] + 1;
        amounts[nth] := amounts[nth] + step.amount;
      ELSIF added[nth] > step.added_at_most OR amounts[nth] > step.amount_at_most THEN
        counted := counted || step.n;
        refused := refused || step.n;
      END IF;
    END LOOP;
  END IF;

  -- Nobody is called more often in a day than policy says, by all agents and by one: counted where nothing can come between. Who was
  -- called by the same message before is not called again. Two changes of one batch never call the same account.
  IF batch ? 'mentions' THEN
    SELECT refused || coalesce(array_agg(DISTINCT r.n), '{}') INTO refused
    FROM jsonb_to_recordset(batch -> 'mentions') AS r (n integer, account text, name text, agent_id text, at timestamptz,
      at_most integer, of_agent integer)
    WHERE r.n <> ALL (refused) AND (SELECT m.at FROM mentions m WHERE m.account = r.account AND m.name = r.name) IS NULL
      AND ((SELECT count(*) FROM mentions m WHERE m.account = r.account AND m.at > r.at - interval '24 hours') >= r.at_most
        OR (SELECT count(*) FROM mentions m WHERE m.account = r.account AND m.at > r.at - interval '24 hours'
          AND m.agent_id = r.agent_id) >= r.of_agent);
  END IF;

  INSERT INTO deliveries (id)
  SELECT c.delivery FROM jsonb_to_recordset(batch -> 'changes') AS c (n integer, delivery text)
  WHERE c.delivery IS NOT NULL AND c.n <> ALL (refused);

  IF jsonb_path_exists(batch, '$.changes[*].proof') THEN
    -- One is believed for two minutes at most, so after ten nothing is lost. A few at a time, so that no commit waits for many.
    DELETE FROM shown_proofs WHERE id = ANY (ARRAY(
      SELECT p.id FROM shown_proofs p WHERE p.at < now() - interval '10 minutes' ORDER BY p.at LIMIT 100));
    INSERT INTO shown_proofs (id)
    SELECT c.proof FROM jsonb_to_recordset(batch -> 'changes') AS c (n integer, proof text)
    WHERE c.proof IS NOT NULL AND c.n <> ALL (refused);
  END IF;

  -- Before the requests themselves: what people let through counts when it leaves those that wait, and not again.
  IF batch ? 'budget_entries' THEN
    WITH entered AS (
      INSERT INTO budget_entries (key, request_id, at, amount)
      SELECT r.key, r.request_id, r.at, r.amount
      FROM jsonb_to_recordset(batch -> 'budget_entries') AS r (n integer, key text, request_id text, at timestamptz,
        amount bigint, made boolean)
      WHERE r.n <> ALL (refused)
        AND (r.made OR (SELECT a.state FROM action_requests a WHERE a.id = r.request_id) = 'pending')
      RETURNING key, amount
    )
    INSERT INTO budget_heads AS h (key, added, amount)
    SELECT e.key, count(*), sum(e.amount) FROM entered e GROUP BY e.key
    ON CONFLICT (key) DO UPDATE SET added = h.added + excluded.added, amount = h.amount + excluded.amount;
  END IF;

  -- What ended unused is counted no more. The heads stay: that nothing came is not known from a lower number.
  IF batch ? 'budget_returns' THEN
    DELETE FROM budget_entries WHERE request_id = ANY (ARRAY(
      SELECT r.request_id FROM jsonb_to_recordset(batch -> 'budget_returns') AS r (n integer, request_id text)
      WHERE r.n <> ALL (refused)));
  END IF;

  -- What asks exactly what its agent asked before, and waits, stands on that card: on one with room, about which nobody has said anything
  -- yet. Looked up here, where nothing can come between. Two changes of one batch never come with the same ask.
  IF jsonb_path_exists(batch, '$.requests[*].ask') THEN
    FOR asked IN
      SELECT r.id, r.agent_id, r.ask
      FROM jsonb_to_recordset(batch -> 'requests') AS r (n integer, id text, agent_id text, ask text)
      WHERE r.ask IS NOT NULL AND r.n <> ALL (refused)
    LOOP
      SELECT one.card, one.lines INTO card FROM (
        SELECT waits.card, coalesce((SELECT max(m.alike_line) FROM action_requests m WHERE m.alike_card = waits.card), 1) AS lines
        FROM (SELECT DISTINCT coalesce(a.alike_card, a.id) AS card FROM action_requests a
          WHERE a.agent_id = asked.agent_id AND a.ask = asked.ask) waits
        WHERE (SELECT count(*) FROM action_requests m
          WHERE (m.id = waits.card OR m.alike_card = waits.card) AND m.notes::text <> '[]') = 0
      ) one WHERE one.lines < 20 ORDER BY one.card DESC LIMIT 1;
      IF FOUND THEN
        places := places || jsonb_build_object(asked.id, jsonb_build_object('card', card.card, 'line', card.lines + 1));
      END IF;
    END LOOP;
  END IF;

  IF batch ? 'requests' THEN
    INSERT INTO action_requests (id, version, state, action, digest, digest_salt, effect, agent_id, agent, initiator, behind,
      behind_people, reason, run, verdict, requirement, decisions, escalations, broken_glass, review, under_review,
      outcome, granted, notes, revises, narrows, rolls_back, set_id, set_card, ask, alike_card, alike_line, callback_url, idempotency_key, body_digest, created_at,
      expires_at, settled_at)
    SELECT r.id, r.version, r.state, r.action::json, r.digest, r.digest_salt, r.effect, r.agent_id, r.agent::json, r.initiator::json,
      r.behind::json, r.behind_people, r.reason::json, r.run::json, r.verdict::json, r.requirement::json,
      r.decisions::json, r.escalations::json, r.broken_glass::json, r.review::json, r.under_review, r.outcome::json,
      coalesce(r.granted, 'null')::json, coalesce(r.notes, '[]')::json, r.revises, r.narrows, r.rolls_back, r.set_id, r.set_card,
      r.ask, places -> r.id ->> 'card', (places -> r.id ->> 'line')::integer, r.callback_url, r.idempotency_key, r.body_digest, r.created_at, r.expires_at, r.settled_at
    FROM jsonb_to_recordset(batch -> 'requests') AS r (n integer, expected integer, id text, version integer, state text,
      action text, digest text, digest_salt text, effect text, agent_id text, agent text, initiator text, behind text,
      behind_people text[], reason text, run text, verdict text, requirement text, decisions text,
      escalations text, broken_glass text, review text, under_review boolean, outcome text, granted text,
      notes text, revises text, narrows text, rolls_back text, set_id text, set_card text, ask text, callback_url text, idempotency_key text, body_digest text, created_at timestamptz, expires_at timestamptz, settled_at timestamptz)
    WHERE r.expected IS NULL AND r.n <> ALL (refused);

    INSERT INTO request_people (person, request_id)
    SELECT behind.person, r.id
    FROM jsonb_to_recordset(batch -> 'requests') AS r (n integer, expected integer, id text, behind_people text[]),
      unnest(r.behind_people) AS behind (person)
    WHERE r.expected IS NULL AND r.n <> ALL (refused);

    FOR moved IN
      SELECT * FROM jsonb_to_recordset(batch -> 'requests') AS r (n integer, expected integer, id text, version integer,
        state text, decisions text, escalations text, broken_glass text, review text, under_review boolean, outcome text,
        granted text, executions text, preview text, notes text, settled_at timestamptz)
      WHERE r.expected IS NOT NULL AND r.n <> ALL (refused)
    LOOP
      UPDATE action_requests
      SET version = moved.version, state = moved.state, decisions = moved.decisions::json,
        escalations = moved.escalations::json, broken_glass = moved.broken_glass::json, review = moved.review::json,
        under_review = moved.under_review, outcome = moved.outcome::json,
        granted = coalesce(moved.granted, 'null')::json, executions = coalesce(moved.executions, '[]')::json,
        preview = coalesce(moved.preview, 'null')::json, notes = coalesce(moved.notes, '[]')::json, settled_at = moved.settled_at,
        ask = CASE WHEN moved.state = 'pending' THEN ask END
      WHERE id = moved.id;
    END LOOP;
  END IF;

  IF batch ? 'begun' THEN
    INSERT INTO begun_executions (request_id, kind, resource, changes, rolls_back)
    SELECT r.request_id, r.kind, r.resource, r.changes, r.rolls_back
    FROM jsonb_to_recordset(batch -> 'begun') AS r (n integer, request_id text, kind text, resource text,
      changes boolean, rolls_back text)
    WHERE r.n <> ALL (refused) AND (SELECT b.position FROM begun_executions b
      WHERE b.request_id = r.request_id AND b.kind = r.kind) IS NULL
    ORDER BY r.n;
  END IF;

  IF batch ? 'mentions' THEN
    INSERT INTO mentions (account, name, agent_id, at)
    SELECT r.account, r.name, r.agent_id, r.at
    FROM jsonb_to_recordset(batch -> 'mentions') AS r (n integer, account text, name text, agent_id text, at timestamptz)
    WHERE r.n <> ALL (refused)
    ON CONFLICT (account, name) DO NOTHING;
  END IF;

  IF batch ? 'cards' THEN
    INSERT INTO cards (id, version, request_id, conversation, status, message, shown, told, spared)
    SELECT r.id, r.version, r.request_id, r.conversation, r.status, r.message, r.shown, r.told, coalesce(r.spared, 'null')::json
    FROM jsonb_to_recordset(batch -> 'cards') AS r (n integer, expected integer, id text, version integer,
      request_id text, conversation text, status text, message text, shown integer, told integer, spared text)
    WHERE r.n <> ALL (refused)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, status = excluded.status, message = excluded.message,
      shown = excluded.shown, told = excluded.told;
  END IF;

  IF batch ? 'agents' THEN
    INSERT INTO agents (id, version, name, owner, status, limits, tags, created_at)
    SELECT r.id, r.version, r.name, r.owner, r.status, r.limits::json, coalesce(r.tags, '{}'), r.created_at
    FROM jsonb_to_recordset(batch -> 'agents') AS r (n integer, expected integer, id text, version integer, name text,
      owner text, status text, limits text, tags text[], created_at timestamptz)
    WHERE r.n <> ALL (refused)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, owner = excluded.owner, status = excluded.status,
      limits = excluded.limits, tags = excluded.tags;
  END IF;

  IF batch ? 'keys' THEN
    INSERT INTO agent_keys (id, version, agent_id, secret_hash, created_by, status, created_at, expires_at)
    SELECT r.id, r.version, r.agent_id, r.secret_hash, r.created_by, r.status, r.created_at, r.expires_at
    FROM jsonb_to_recordset(batch -> 'keys') AS r (n integer, expected integer, id text, version integer, agent_id text,
      secret_hash text, created_by text, status text, created_at timestamptz, expires_at timestamptz)
    WHERE r.n <> ALL (refused)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, status = excluded.status;
  END IF;

  IF batch ? 'accounts' THEN
    INSERT INTO linked_accounts (id, version, person, name, claimed_from, joined, parted)
    SELECT r.id, r.version, r.person, r.name::json, r.claimed_from, r.joined::json, r.parted::json
    FROM jsonb_to_recordset(batch -> 'accounts') AS r (n integer, expected integer, id text, version integer,
      person text, name text, claimed_from text, joined text, parted text)
    WHERE r.n <> ALL (refused)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, person = excluded.person, name = excluded.name,
      claimed_from = excluded.claimed_from, joined = excluded.joined, parted = excluded.parted;
  END IF;

  IF batch ? 'confirmations' THEN
    INSERT INTO confirmations (id, version, subject, what, asked, shell, via, state, created_at, until)
    SELECT r.id, r.version, r.subject, r.what::json, r.asked::json, r.shell::json, r.via, r.state, r.created_at, r.until
    FROM jsonb_to_recordset(batch -> 'confirmations') AS r (n integer, expected integer, id text, version integer,
      subject text, what text, asked text, shell text, via text, state text, created_at timestamptz, until timestamptz)
    WHERE r.n <> ALL (refused)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, what = excluded.what, asked = excluded.asked,
      shell = excluded.shell, state = excluded.state;
  END IF;

  IF batch ? 'operator_keys' THEN
    INSERT INTO operator_keys (id, version, person, account, secret_hash, status, created_at, ends_at, used_at)
    SELECT r.id, r.version, r.person, r.account, r.secret_hash, r.status, r.created_at, r.ends_at, r.used_at
    FROM jsonb_to_recordset(batch -> 'operator_keys') AS r (n integer, expected integer, id text, version integer,
      person text, account text, secret_hash text, status text, created_at timestamptz, ends_at timestamptz,
      used_at timestamptz)
    WHERE r.n <> ALL (refused)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, status = excluded.status, used_at = excluded.used_at;
  END IF;

  IF batch ? 'auditor_keys' THEN
    INSERT INTO auditor_keys (id, version, person, account, secret_hash, status, follows, created_at, ends_at, used_at)
    SELECT r.id, r.version, r.person, r.account, r.secret_hash, r.status, r.follows, r.created_at, r.ends_at, r.used_at
    FROM jsonb_to_recordset(batch -> 'auditor_keys') AS r (n integer, expected integer, id text, version integer,
      person text, account text, secret_hash text, status text, follows text, created_at timestamptz,
      ends_at timestamptz, used_at timestamptz)
    WHERE r.n <> ALL (refused)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, status = excluded.status, used_at = excluded.used_at;
  END IF;

  IF batch ? 'personal_tokens' THEN
    INSERT INTO personal_tokens (id, version, person, account, secret_hash, status, created_at, ends_at, used_at)
    SELECT r.id, r.version, r.person, r.account, r.secret_hash, r.status, r.created_at, r.ends_at, r.used_at
    FROM jsonb_to_recordset(batch -> 'personal_tokens') AS r (n integer, expected integer, id text, version integer,
      person text, account text, secret_hash text, status text, created_at timestamptz, ends_at timestamptz,
      used_at timestamptz)
    WHERE r.n <> ALL (refused)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, status = excluded.status, used_at = excluded.used_at;
  END IF;

  IF batch ? 'signing_keys' THEN
    INSERT INTO signing_keys (id, version, status, public_jwk, sealed, created_at, since)
    SELECT r.id, r.version, r.status, r.public_jwk::json, r.sealed, r.created_at, r.since
    FROM jsonb_to_recordset(batch -> 'signing_keys') AS r (n integer, id text, version integer, status text,
      public_jwk text, sealed text, created_at timestamptz, since timestamptz)
    WHERE r.n <> ALL (refused)
    -- The one that signs gives way before another does.
    ORDER BY r.n, r.status <> 'retired'
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, status = excluded.status, sealed = excluded.sealed,
      since = excluded.since;
  END IF;

  IF batch ? 'resources' THEN
    INSERT INTO resources (id, version, name, audience, secret_hash, earlier, status, created_by, created_at)
    SELECT r.id, r.version, r.name, r.audience, r.secret_hash, r.earlier::json, r.status, r.created_by::json, r.created_at
    FROM jsonb_to_recordset(batch -> 'resources') AS r (n integer, id text, version integer, name text, audience text,
      secret_hash text, earlier text, status text, created_by text, created_at timestamptz)
    WHERE r.n <> ALL (refused)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, secret_hash = excluded.secret_hash,
      earlier = excluded.earlier, status = excluded.status;
  END IF;

  IF batch ? 'stops' THEN
    INSERT INTO stops (id, version, scope, reason, by, at, resumed, standing)
    SELECT r.id, r.version, r.scope::json, r.reason::json, r.by::json, r.at, r.resumed::json, r.standing
    FROM jsonb_to_recordset(batch -> 'stops') AS r (n integer, id text, version integer, scope text, reason text, by text,
      at timestamptz, resumed text, standing boolean)
    WHERE r.n <> ALL (refused)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, resumed = excluded.resumed, standing = excluded.standing;
  END IF;

  IF batch ? 'on_call_links' THEN
    INSERT INTO on_call_links (id, version, account, email, other_email, linked_at)
    SELECT r.id, r.version, r.account, r.email, r.other_email, r.linked_at
    FROM jsonb_to_recordset(batch -> 'on_call_links') AS r (n integer, id text, version integer, account text, email text,
      other_email text, linked_at timestamptz)
    WHERE r.n <> ALL (refused)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, account = excluded.account, email = excluded.email,
      other_email = excluded.other_email, linked_at = excluded.linked_at;
  END IF;

  IF batch ? 'delegations' THEN
    INSERT INTO delegations (id, version, delegation, person, delegate, delegate_person, started_at, until, ended_by, ended_at)
    SELECT r.id, r.version, r.delegation, r.person, r.delegate, r.delegate_person, r.started_at, r.until, r.ended_by, r.ended_at
    FROM jsonb_to_recordset(batch -> 'delegations') AS r (n integer, id text, version integer, delegation text, person text,
      delegate text, delegate_person text, started_at timestamptz, until timestamptz, ended_by text, ended_at timestamptz)
    WHERE r.n <> ALL (refused)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, delegation = excluded.delegation, person = excluded.person,
      delegate = excluded.delegate, delegate_person = excluded.delegate_person, started_at = excluded.started_at,
      until = excluded.until, ended_by = excluded.ended_by, ended_at = excluded.ended_at;
  END IF;

  IF batch ? 'webhooks' THEN
    INSERT INTO webhooks (id, version, url, events, status, sealed, earlier, created_at)
    SELECT r.id, r.version, r.url, r.events::json, r.status, r.sealed, r.earlier::json, r.created_at
    FROM jsonb_to_recordset(batch -> 'webhooks') AS r (n integer, id text, version integer, url text, events text,
      status text, sealed text, earlier text, created_at timestamptz)
    WHERE r.n <> ALL (refused)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, events = excluded.events, status = excluded.status,
      sealed = excluded.sealed, earlier = excluded.earlier;
  END IF;

  IF batch ? 'webhook_deliveries' THEN
    INSERT INTO webhook_deliveries (id, version, webhook_id, request_id, event, entry_id, state, attempts, last,
      created_at, ended_at)
    SELECT r.id, r.version, r.webhook_id, r.request_id, r.event, r.entry_id, r.state, r.attempts, r.last::json,
      r.created_at, r.ended_at
    FROM jsonb_to_recordset(batch -> 'webhook_deliveries') AS r (n integer, id text, version integer, webhook_id text,
      request_id text, event text, entry_id text, state text, attempts integer, last text, created_at timestamptz,
      ended_at timestamptz)
    WHERE r.n <> ALL (refused)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, state = excluded.state, attempts = excluded.attempts,
      last = excluded.last, ended_at = excluded.ended_at;
  END IF;

  IF batch ? 'leases' THEN
    INSERT INTO leases (id, version, request_id, issuer, target, state, about, sealed, created_at, expires_at, ended_at,
      ending)
    SELECT r.id, r.version, r.request_id, r.issuer, r.target, r.state, r.about::json, r.sealed, r.created_at, r.expires_at,
      r.ended_at, r.ending::json
    FROM jsonb_to_recordset(batch -> 'leases') AS r (n integer, id text, version integer, request_id text, issuer text,
      target text, state text, about text, sealed text, created_at timestamptz, expires_at timestamptz,
      ended_at timestamptz, ending text)
    WHERE r.n <> ALL (refused)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, state = excluded.state, about = excluded.about,
      sealed = excluded.sealed, expires_at = excluded.expires_at, ended_at = excluded.ended_at, ending = excluded.ending;
  END IF;

  IF batch ? 'cool_downs' THEN
    INSERT INTO cool_downs (agent_id, digest, request_id, person, at)
    SELECT r.agent_id, r.digest, r.request_id, r.person, r.at
    FROM jsonb_to_recordset(batch -> 'cool_downs') AS r (n integer, agent_id text, digest text, request_id text,
      person text, at timestamptz)
    WHERE r.n <> ALL (refused)
    ON CONFLICT (agent_id, digest) DO UPDATE SET request_id = excluded.request_id, person = excluded.person,
      at = excluded.at;
  END IF;

  IF batch ? 'policies' THEN
    INSERT INTO policy_versions (files_digest, digest, name, files)
    SELECT r.files_digest, r.digest, r.name, r.files::json
    FROM jsonb_to_recordset(batch -> 'policies')
      AS r (n integer, files_digest text, digest text, name text, files text)
    WHERE r.n <> ALL (refused)
    ON CONFLICT (files_digest) DO NOTHING;
    INSERT INTO policy_activations (id, files_digest, at)
    SELECT r.activation, r.files_digest, r.at
    FROM jsonb_to_recordset(batch -> 'policies') AS r (n integer, activation text, files_digest text, at timestamptz)
    WHERE r.activation IS NOT NULL AND r.n <> ALL (refused);
  END IF;

  -- After its files.
  IF batch ? 'shadows' THEN
    INSERT INTO shadows (id, version, files_digest, started_at, ends_at, ended_at, ended_why)
    SELECT r.id, r.version, r.files_digest, r.started_at, r.ends_at, r.ended_at, r.ended_why
    FROM jsonb_to_recordset(batch -> 'shadows') AS r (n integer, id text, version integer, files_digest text,
      started_at timestamptz, ends_at timestamptz, ended_at timestamptz, ended_why text)
    WHERE r.n <> ALL (refused)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, ended_at = excluded.ended_at, ended_why = excluded.ended_why;
  END IF;

  IF batch ? 'entries' THEN
    INSERT INTO entries (id, ts, type, subject_kind, subject_id, request_id, text)
    SELECT r.id, r.ts, r.type, r.subject_kind, r.subject_id, r.request_id, r.text
    FROM jsonb_to_recordset(batch -> 'entries') AS r (n integer, i integer, id text, ts timestamptz, type text,
      subject_kind text, subject_id text, request_id text, text text)
    WHERE r.n <> ALL (refused)
    ORDER BY r.n, r.i;
  END IF;

  IF batch ? 'blobs' THEN
    INSERT INTO entry_blobs (entry_id, name, sha256_salted, bytes, salt, text)
    SELECT r.entry_id, r.name, r.sha256_salted, r.bytes, decode(r.salt, 'base64'), decode(r.text, 'base64')
    FROM jsonb_to_recordset(batch -> 'blobs') AS r (n integer, entry_id text, name text, sha256_salted text,
      bytes integer, salt text, text text)
    WHERE r.n <> ALL (refused);
  END IF;

  -- After its entry, which it has to find.
  IF batch ? 'erasures' THEN
    PERFORM countersign_erase(r.entry_id, r.requests, r.blobs)
    FROM jsonb_to_recordset(batch -> 'erasures') AS r (n integer, entry_id text, requests jsonb, blobs jsonb)
    WHERE r.n <> ALL (refused);
  END IF;

  IF batch ? 'jobs' THEN
    -- The last word about a job key stands; a word without a task drops the job.
    PERFORM graphile_worker.remove_job(word.key) FROM (
      SELECT DISTINCT ON (r.key) r.key, r.task
      FROM jsonb_to_recordset(batch -> 'jobs') AS r (n integer, i integer, key text, task text)
      WHERE r.n <> ALL (refused) ORDER BY r.key, r.n DESC, r.i DESC
    ) word WHERE word.task IS NULL;
    PERFORM graphile_worker.add_jobs(specs) FROM (
      SELECT array_agg(ROW (word.task, word.payload::json, word.queue, word.run_at, 25, word.key, NULL, NULL)
        ::graphile_worker.job_spec ORDER BY word.n, word.i) AS specs
      FROM (
        SELECT DISTINCT ON (r.key) r.*
        FROM jsonb_to_recordset(batch -> 'jobs') AS r (n integer, i integer, key text, task text, payload text,
          queue text, run_at timestamptz)
        WHERE r.n <> ALL (refused) ORDER BY r.key, r.n DESC, r.i DESC
      ) word WHERE word.task IS NOT NULL
    ) jobs WHERE specs IS NOT NULL;
    -- Whoever does jobs hears how many of which task are due: graphile_worker announces those for later too, and to everybody.
    PERFORM pg_notify('countersign', 'due ' || due.task || '@' || due.jobs) FROM (
      SELECT r.task, count(*) AS jobs FROM jsonb_to_recordset(batch -> 'jobs') AS r (n integer, task text, run_at timestamptz)
      WHERE r.task IS NOT NULL AND (r.run_at IS NULL OR r.run_at <= clock_timestamp()) AND r.n <> ALL (refused) GROUP BY r.task
    ) due;
  END IF;

  PERFORM pg_notify('countersign', topic.topic) FROM (
    SELECT DISTINCT t.topic FROM jsonb_to_recordset(batch -> 'topics') AS t (n integer, topic text)
    WHERE t.n <> ALL (refused)
  ) topic;

  RETURN QUERY
  SELECT c.n, CASE WHEN c.n = ANY (duplicates) THEN 'duplicate' WHEN c.n = ANY (shown) THEN 'shown'
    WHEN c.n = ANY (repeated) THEN 'repeated'
    WHEN c.n = ANY (outdated) THEN 'outdated' WHEN c.n = ANY (crowded) THEN 'full'
    WHEN c.n = ANY (counted) THEN 'counted'
    WHEN c.n = ANY (refused) THEN 'conflict' ELSE 'applied' END
  FROM jsonb_to_recordset(batch -> 'changes') AS c (n integer);
END $$;
COMMENT ON FUNCTION countersign_commit(jsonb) IS 'Commits many changes in one statement and says of each: applied, conflict, duplicate, shown, repeated, outdated, full or counted.';
