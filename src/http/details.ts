import type { RefusalCode } from '../core/refusal.ts'

/** Again under the same idempotency key: nothing happens twice. */
const again = 'Repeat the call after Retry-After, under the same Idempotency-Key.'
const inSlack = 'Decide in Slack, on the newest card of the request or with /approvals.'

/**
 * `detail` of a problem that names no place in the body: what its caller does about it. Typed by code, so that a new one
 * does not compile until it says so. Constants only: nothing that was sent is ever repeated here.
 */
export const details: Readonly<Record<RefusalCode | 'internal', string>> = {
  invalid_json: 'Send UTF-8 text that a strict JSON parser accepts.',
  ambiguous_json: 'Send each key once, and large numbers as text.',
  too_deep: 'Nest objects and lists at most 32 deep.',
  too_large: 'Send a reference and a digest of large content instead of the content.',
  invalid_request: 'Compare the call with /openapi.json on this server.',
  unsupported_media_type: 'Send the body with “Content-Type: application/json”, and no Content-Encoding.',
  operator_only:
    'Ask from the machine that the server runs on, or send COUNTERSIGN_METRICS_TOKEN as the bearer token.',
  key_expired:
    'Get another key from the agent’s owner: “/approvals agents rotate NAME” in Slack, or “countersign agents rotate NAME”.',
  agent_unconfirmed:
    'Wait until they have confirmed it in their message; “countersign agents confirm NAME” asks again.',
  operator_key_refused: 'Use another operator’s key, or none: then the people who are named are asked.',
  not_an_auditor:
    'Ask whoever runs the server: the active policy has to name the person under “auditors”, and they have to confirm the key.',
  not_in_tree: 'Ask for what the newest checkpoint covers; its second line says how many entries those are.',
  not_asked: 'Ask the person whom the message was sent to.',
  confirmation_over: 'Look at what it was about; “countersign agents confirm NAME” asks again.',
  link_waits: 'Confirm that one first, or have it parted: “countersign people unlink”.',
  link_code_wrong: 'Enter it from the account that asked for it, as it stands in the message.',
  link_code_over: 'Have another one sent: “/approvals link” in Slack.',
  too_many_codes: 'Wait an hour.',
  unauthenticated:
    'Send “Authorization: Bearer …” with a key or token of the kind that this address takes, and that was not revoked, or sign the call as docs/api.md says.',
  unknown_route: 'See /openapi.json on this server for the addresses that exist.',
  method_not_allowed: 'Use one of the methods that the Allow header names.',
  unknown_set: 'Use the id, or the Location, that this agent was given when it asked.',
  unknown_request: 'Use the id, or the Location, that this agent was given when it asked.',
  unknown_agent: 'See “countersign agents list” for the names that exist.',
  unknown_resource: 'See “countersign resources list” for the names that exist.',
  unknown_person: 'Send the e-mail address that the directory has, or a Slack user id.',
  id_token_refused:
    'Let the person sign in again, and send the new token; docs/sign-in.md says what it has to be.',
  id_token_unchecked: again,
  lookalike_name: 'Use the name exactly as the policy has it.',
  idempotency_mismatch: 'Send the same body as before under this key, or use another key for another action.',
  wrong_state: 'Look at the request: its state is what counts.',
  erased: 'There is nothing to do: it is over, and only that it was asked is known.',
  not_your_grant: 'Ask with a key of the agent that redeemed the grant.',
  no_credential:
    'Ask whoever runs the server which targets serve this action, and get the grant for the audience of one.',
  target_unnamed: 'Send the name of one of them as “target”.',
  credential_out:
    'Use the one that you were given. If its answer never reached you, send “again”: true; one that can be taken back is ended first.',
  credential_spent: 'Report how it went, and ask for the action again.',
  target_refused:
    'Ask for names that exist at the target; the log of the server says what the target could not give.',
  target_unavailable:
    'Repeat the call after Retry-After; what the target may have made meanwhile is being ended.',
  unknown_lease: 'See “countersign leases list” for those that exist.',
  chain_revoked:
    'Nothing is done for an agent that is revoked: ask your owner who has taken its place, and ask again for that one.',
  not_applicable:
    'Look at how things are, with the list command of the same name; what you asked for may be so already.',
  not_joined: 'Name the account that a link joined to another one; nothing else can be parted.',
  too_many_agents:
    'Those that you revoked count for 30 days from when they were made; whoever runs Countersign can add more.',
  may_not_register: 'Ask one of them, or whoever runs the server.',
  name_taken: 'Choose another name; names are never reused.',
  invalid_grant:
    'Run nothing. Look at the request: its state, and who is to redeem its grant, stand there; docs/grants.md says what a token has to be.',
  grant_spent:
    'Run nothing. A lost answer is asked for again under the same attempt; anything else needs an approval of its own.',
  digest_mismatch: 'Run nothing. Run exactly what was approved, or ask for what you want to run.',
  stopped: 'Do not go on, and do not ask again and again: people resume it.',
  unknown_stop: 'See “countersign stops” for those that there are.',
  may_not_stop: 'Ask one of them, or whoever runs the server.',
  too_many_reports:
    'Nothing is left to report: what was said before is kept. Tell whoever runs the server if it is wrong.',
  own_request: 'Ask somebody who is not behind the action.',
  not_staff: 'Ask a full member of the workspace.',
  not_in_leg: 'Ask one of the people that the card names.',
  already_decided: 'Nothing is left to do: a decision stands.',
  identity_unknown: 'Try again in a few seconds; if the problem persists, tell whoever runs the server.',
  on_call_unknown: again,
  foreign_payload: inSlack,
  posted_by_app: inSlack,
  via_not_allowed: inSlack,
  not_as_seen:
    'Read the request again, show it to the person, and send the digest and the view that it has then.',
  cannot_stand_in: 'Name somebody else, who is asked in the same groups.',
  too_many_tokens: 'Revoke one of them: “/approvals tokens” in Slack lists them.',
  old_card: inSlack,
  card_unrecorded: inSlack,
  not_your_request: 'Use the key of the agent that asked.',
  not_approved: 'Wait until it is approved: “Prefer: wait=55” waits with you.',
  no_grant: 'Look at the request for what became of it.',
  grant_lapsed: 'Ask for the action again, and for the grant as soon as it is approved.',
  grant_revoked: 'Look at the request for why; ask again only if that is over.',
  grant_taken: 'Repeat exactly the call by which it was issued, with the same agent key and proof key.',
  grant_over: 'Ask for the action again if it has still to be done.',
  nothing_to_undo: 'Look at the request that it would undo: it has to be succeeded, failed or unreported.',
  decided_together: inSlack,
  line_unnamed: inSlack,
  rollback_of_rollback: 'Ask for the first action again; to undo an undoing is to do it once more.',
  rollback_exists: 'Look at the rollbacks of that request, and go on with the one that is there.',
  target_moved_on: 'Run nothing. Look at what is there now, and ask for what is right for that.',
  unknown_audience: 'Leave the audience out, or name one that the policy has for this type of resource.',
  invalid_dpop_proof:
    'Make a new proof for each call: typ dpop+jwt, this method and address, the time of now, a jti of its own (RFC 9449).',
  reason_needed: 'Send a reason.',
  reason_rejected: 'Write the reason as the policy asks, and try again.',
  confirmation_wrong: 'Type the text exactly as it is shown.',
  step_up_unavailable: 'Ask whoever maintains the policy to demand another proof, then ask again.',
  too_many_notes: 'Decide on the request, or ask in the thread.',
  unknown_note: 'Look at the request: its notes have ids, and those that ask for something can be answered.',
  already_answered: 'Look at the request: the answer stands among its notes. Each note takes one answer.',
  not_narrowable: `Approve it as it was asked, deny it, or ask for changes. ${inSlack}`,
  not_narrower: `Lower a number, or leave items of a list out, as far as the policy says. ${inSlack}`,
  not_revisable:
    'Look at that request. It can be revised by its own agent for the same initiator, while it is pending and people have asked for changes.',
  nothing_to_escalate: 'Ask one of the people that the card names.',
  nothing_to_withdraw:
    'Look at the request: an approval can be taken back while it waits, by whoever gave it.',
  no_break_glass: 'Ask one of the people that the card names.',
  not_on_path: 'Ask one of the people whom the policy names for an emergency.',
  no_open_review: 'See the card for who has closed the review.',
  own_break_glass: 'Ask somebody else to review it.',
  view_needed: 'Open the full request from its card, and decide on the last page.',
  directory_unavailable: again,
  nobody_reachable: `${again} What policy allows by itself still works.`,
  rate_limited: 'Wait for Retry-After; “Prefer: wait=55” replaces asking again and again.',
  looked_often: 'Look again in a few seconds.',
  too_many_waiting: 'Close one of them, or look from time to time instead of following.',
  too_many_pending:
    'Wait until people have decided about what is pending, or take some of it back; what policy allows goes on meanwhile.',
  not_ready: again,
  store_unavailable: `${again} Without a key, look before you repeat it.`,
  ledger_behind:
    'Tell whoever runs the server, and act on nothing that was approved before: nothing was changed, and repeating it does not help until they have restored the database.',
  entry_unwritable:
    'Do not repeat it until whoever runs the server has looked at its log; nothing was changed.',
  busy: again,
  internal:
    'Check whether the call took effect, or repeat it once under the same Idempotency-Key; the log has it under the id in “instance”.',
}
