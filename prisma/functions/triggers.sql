-- Applied last of its set: a trigger needs its function, and the tables of the migrations. The triggers stand here and
-- not in the baseline, so that a migration is a file that any tool can apply on its own, and because this runs whole
-- with each set: CREATE OR REPLACE, so that it may. A trigger that goes is dropped by a migration.

-- The ledger only grows. The tree over it (docs/formats.md) finds a rewrite by somebody who owns the database; these
-- triggers stop everybody else, ourselves first.
CREATE OR REPLACE TRIGGER entries_append_only BEFORE UPDATE OR DELETE ON entries
  FOR EACH ROW EXECUTE FUNCTION countersign_refuse_change();
CREATE OR REPLACE TRIGGER entries_no_truncate BEFORE TRUNCATE ON entries
  FOR EACH STATEMENT EXECUTE FUNCTION countersign_refuse_change();
CREATE OR REPLACE TRIGGER entry_blobs_no_delete BEFORE DELETE ON entry_blobs
  FOR EACH ROW EXECUTE FUNCTION countersign_refuse_change();
CREATE OR REPLACE TRIGGER entry_blobs_no_truncate BEFORE TRUNCATE ON entry_blobs
  FOR EACH STATEMENT EXECUTE FUNCTION countersign_refuse_change();
CREATE OR REPLACE TRIGGER entry_blobs_erasure_only BEFORE UPDATE ON entry_blobs
  FOR EACH ROW EXECUTE FUNCTION countersign_allow_erasure_only();

-- Which index an entry has, the hashes of the tree, and what it was signed with, stay as they are; its head only goes on.
-- In the order in which sealing takes its locks, head first: a replica that seals meanwhile and this never wait for each other.
CREATE OR REPLACE TRIGGER entries_queue AFTER INSERT ON entries REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION countersign_queue_entries();
CREATE OR REPLACE TRIGGER ledger_head_guard BEFORE UPDATE ON ledger_head
  FOR EACH ROW EXECUTE FUNCTION countersign_guard_ledger_head();
CREATE OR REPLACE TRIGGER ledger_head_no_delete BEFORE DELETE ON ledger_head
  FOR EACH ROW EXECUTE FUNCTION countersign_refuse_change();
CREATE OR REPLACE TRIGGER ledger_head_no_truncate BEFORE TRUNCATE ON ledger_head
  FOR EACH STATEMENT EXECUTE FUNCTION countersign_refuse_change();
CREATE OR REPLACE TRIGGER unsealed_entries_no_truncate BEFORE TRUNCATE ON unsealed_entries
  FOR EACH STATEMENT EXECUTE FUNCTION countersign_refuse_change();
CREATE OR REPLACE TRIGGER ledger_leaves_append_only BEFORE UPDATE OR DELETE ON ledger_leaves
  FOR EACH ROW EXECUTE FUNCTION countersign_refuse_change();
CREATE OR REPLACE TRIGGER ledger_leaves_no_truncate BEFORE TRUNCATE ON ledger_leaves
  FOR EACH STATEMENT EXECUTE FUNCTION countersign_refuse_change();
CREATE OR REPLACE TRIGGER ledger_nodes_append_only BEFORE UPDATE OR DELETE ON ledger_nodes
  FOR EACH ROW EXECUTE FUNCTION countersign_refuse_change();
CREATE OR REPLACE TRIGGER ledger_nodes_no_truncate BEFORE TRUNCATE ON ledger_nodes
  FOR EACH STATEMENT EXECUTE FUNCTION countersign_refuse_change();
CREATE OR REPLACE TRIGGER ledger_keys_guard BEFORE UPDATE ON ledger_keys
  FOR EACH ROW EXECUTE FUNCTION countersign_allow_resealing_only();
CREATE OR REPLACE TRIGGER ledger_keys_no_delete BEFORE DELETE ON ledger_keys
  FOR EACH ROW EXECUTE FUNCTION countersign_refuse_change();
CREATE OR REPLACE TRIGGER ledger_keys_no_truncate BEFORE TRUNCATE ON ledger_keys
  FOR EACH STATEMENT EXECUTE FUNCTION countersign_refuse_change();

-- What was anchored is a record, too.
CREATE OR REPLACE TRIGGER anchored_checkpoints_append_only BEFORE UPDATE OR DELETE ON anchored_checkpoints
  FOR EACH ROW EXECUTE FUNCTION countersign_refuse_change();
CREATE OR REPLACE TRIGGER anchored_checkpoints_no_truncate BEFORE TRUNCATE ON anchored_checkpoints
  FOR EACH STATEMENT EXECUTE FUNCTION countersign_refuse_change();

-- Where a tool has applied the migration before, entries may have come since then that no trigger has seen: they wait from now
-- on. The triggers above hold off every writer of these tables until this is committed, so none is sealed or recorded meanwhile.
INSERT INTO unsealed_entries (position)
SELECT position FROM entries WHERE NOT EXISTS (SELECT FROM ledger_leaves WHERE entry_id = entries.id)
ON CONFLICT DO NOTHING;

-- That the ledger is behind stays so under its name.
CREATE OR REPLACE TRIGGER ledger_behind_append_only BEFORE UPDATE OR DELETE ON ledger_behind
  FOR EACH ROW EXECUTE FUNCTION countersign_refuse_change();
CREATE OR REPLACE TRIGGER ledger_behind_no_truncate BEFORE TRUNCATE ON ledger_behind
  FOR EACH STATEMENT EXECUTE FUNCTION countersign_refuse_change();

CREATE OR REPLACE TRIGGER policy_versions_append_only BEFORE UPDATE OR DELETE ON policy_versions
  FOR EACH ROW EXECUTE FUNCTION countersign_refuse_change();
CREATE OR REPLACE TRIGGER policy_activations_append_only BEFORE UPDATE OR DELETE ON policy_activations
  FOR EACH ROW EXECUTE FUNCTION countersign_refuse_change();

CREATE OR REPLACE TRIGGER action_requests_guard BEFORE INSERT OR UPDATE ON action_requests
  FOR EACH ROW EXECUTE FUNCTION countersign_guard_request();
CREATE OR REPLACE TRIGGER action_requests_guard_emergency BEFORE INSERT OR UPDATE ON action_requests
  FOR EACH ROW EXECUTE FUNCTION countersign_guard_emergency();
CREATE OR REPLACE TRIGGER action_requests_guard_erasure BEFORE UPDATE ON action_requests
  FOR EACH ROW WHEN (coalesce(current_setting('countersign.erasure', true), '') <> '') EXECUTE FUNCTION countersign_guard_erasure();
CREATE OR REPLACE TRIGGER action_requests_no_delete BEFORE DELETE ON action_requests
  FOR EACH ROW EXECUTE FUNCTION countersign_refuse_change();
CREATE OR REPLACE TRIGGER action_requests_no_truncate BEFORE TRUNCATE ON action_requests
  FOR EACH STATEMENT EXECUTE FUNCTION countersign_refuse_change();

-- Who is behind a request stays so for life.
CREATE OR REPLACE TRIGGER request_people_append_only BEFORE UPDATE OR DELETE ON request_people
  FOR EACH ROW EXECUTE FUNCTION countersign_refuse_change();

-- What has begun to run has.
CREATE OR REPLACE TRIGGER begun_executions_append_only BEFORE UPDATE OR DELETE ON begun_executions
  FOR EACH ROW EXECUTE FUNCTION countersign_refuse_change();

CREATE OR REPLACE TRIGGER cards_guard BEFORE UPDATE ON cards
  FOR EACH ROW EXECUTE FUNCTION countersign_guard_version();
CREATE OR REPLACE TRIGGER agents_guard BEFORE UPDATE ON agents
  FOR EACH ROW EXECUTE FUNCTION countersign_guard_version();
CREATE OR REPLACE TRIGGER agent_keys_guard BEFORE UPDATE ON agent_keys
  FOR EACH ROW EXECUTE FUNCTION countersign_guard_version();
CREATE OR REPLACE TRIGGER linked_accounts_guard BEFORE UPDATE ON linked_accounts
  FOR EACH ROW EXECUTE FUNCTION countersign_guard_version();
CREATE OR REPLACE TRIGGER confirmations_guard BEFORE UPDATE ON confirmations
  FOR EACH ROW EXECUTE FUNCTION countersign_guard_version();
CREATE OR REPLACE TRIGGER operator_keys_guard BEFORE UPDATE ON operator_keys
  FOR EACH ROW EXECUTE FUNCTION countersign_guard_version();
CREATE OR REPLACE TRIGGER auditor_keys_guard BEFORE UPDATE ON auditor_keys
  FOR EACH ROW EXECUTE FUNCTION countersign_guard_version();
CREATE OR REPLACE TRIGGER personal_tokens_guard BEFORE UPDATE ON personal_tokens
  FOR EACH ROW EXECUTE FUNCTION countersign_guard_version();
CREATE OR REPLACE TRIGGER signing_keys_guard BEFORE UPDATE ON signing_keys
  FOR EACH ROW EXECUTE FUNCTION countersign_guard_version();
CREATE OR REPLACE TRIGGER resources_guard BEFORE UPDATE ON resources
  FOR EACH ROW EXECUTE FUNCTION countersign_guard_version();
CREATE OR REPLACE TRIGGER stops_guard BEFORE UPDATE ON stops
  FOR EACH ROW EXECUTE FUNCTION countersign_guard_version();
CREATE OR REPLACE TRIGGER shadows_guard BEFORE UPDATE ON shadows
  FOR EACH ROW EXECUTE FUNCTION countersign_guard_version();
CREATE OR REPLACE TRIGGER webhooks_guard BEFORE UPDATE ON webhooks
  FOR EACH ROW EXECUTE FUNCTION countersign_guard_version();
CREATE OR REPLACE TRIGGER webhook_deliveries_guard BEFORE UPDATE ON webhook_deliveries
  FOR EACH ROW EXECUTE FUNCTION countersign_guard_version();
CREATE OR REPLACE TRIGGER leases_guard BEFORE UPDATE ON leases
  FOR EACH ROW EXECUTE FUNCTION countersign_guard_version();
CREATE OR REPLACE TRIGGER on_call_links_guard BEFORE UPDATE ON on_call_links
  FOR EACH ROW EXECUTE FUNCTION countersign_guard_version();
CREATE OR REPLACE TRIGGER delegations_guard BEFORE UPDATE ON delegations
  FOR EACH ROW EXECUTE FUNCTION countersign_guard_version();

-- A commit names how many stops there had ever been, so none goes.
CREATE OR REPLACE TRIGGER stops_no_delete BEFORE DELETE ON stops
  FOR EACH ROW EXECUTE FUNCTION countersign_refuse_change();

-- Which sets there were is not rewritten either, by which an older process would write again.
CREATE OR REPLACE TRIGGER function_sets_append_only BEFORE UPDATE OR DELETE ON function_sets
  FOR EACH ROW EXECUTE FUNCTION countersign_refuse_change();
