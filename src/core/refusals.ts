/** What kind of refusal it is; each transport maps kinds to its own answer. */
export type RefusalKind =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'missing'
  | 'conflict'
  | 'gone'
  | 'unprocessable'
  | 'limited'
  | 'unavailable'

/**
 * Every refusal we make on purpose: its kind, and what a stranger may be told. The code is stable; each has a
 * paragraph in docs/errors.md (a test compares them).
 */
export const refusals = {
  invalid_json: { kind: 'malformed', says: 'The body is not valid JSON.' },
  ambiguous_json: { kind: 'malformed', says: 'The body can be read in more than one way.' },
  too_deep: { kind: 'malformed', says: 'The body is nested too deeply.' },
  too_large: { kind: 'malformed', says: 'The body, or a part of it, is too large.' },
  invalid_request: { kind: 'malformed', says: 'The request does not have the expected shape.' },
  unsupported_media_type: {
    kind: 'malformed',
    says: 'The body must be application/json in UTF-8, not compressed.',
  },
  unauthenticated: { kind: 'unauthenticated', says: 'Authentication is needed.' },
  key_expired: { kind: 'unauthenticated', says: 'The time of that key is over.' },
  agent_unconfirmed: {
    kind: 'forbidden',
    says: 'Somebody named as behind this agent or its key has not confirmed it yet, so it can do nothing.',
  },
  operator_key_refused: {
    kind: 'forbidden',
    says: "The operator's key is not one that counts: it is unknown, not confirmed, over, or revoked.",
  },
  not_an_auditor: {
    kind: 'forbidden',
    says: 'The person of this key may not read the ledger now, or has not confirmed the key.',
  },
  not_in_tree: { kind: 'missing', says: 'The ledger has nothing at that place.' },
  not_asked: { kind: 'forbidden', says: 'That message is for somebody else to answer.' },
  confirmation_over: {
    kind: 'conflict',
    says: 'That is no longer open: it was answered, its 24 hours are over, or what it was about is gone.',
  },
  link_waits: {
    kind: 'conflict',
    says: 'One of these accounts is already joined to another by a claim that is not confirmed.',
  },
  link_code_wrong: { kind: 'forbidden', says: 'That is no code that this account can enter.' },
  link_code_over: {
    kind: 'conflict',
    says: 'That code is over: it works once, for ten minutes, and not after five wrong ones.',
  },
  too_many_codes: { kind: 'limited', says: 'You have had as many codes sent as you may within an hour.' },
  operator_only: {
    kind: 'forbidden',
    says: 'Only the operator may see that: from this machine, or with the token that was set for it.',
  },
  unknown_route: { kind: 'missing', says: 'There is nothing at this address.' },
  method_not_allowed: { kind: 'missing', says: 'This address does not accept that method.' },
  unknown_set: { kind: 'missing', says: 'There is no such set, or it is not yours to see.' },
  unknown_request: { kind: 'missing', says: 'There is no such request, or it is not yours to see.' },
  unknown_agent: { kind: 'missing', says: 'There is no such agent.' },
  unknown_resource: { kind: 'missing', says: 'There is no such resource.' },
  unknown_person: { kind: 'unprocessable', says: 'No single active person matches that claim.' },
  id_token_refused: { kind: 'unprocessable', says: 'That ID token proves nothing here.' },
  id_token_unchecked: {
    kind: 'unavailable',
    says: 'The identity provider did not say by which keys it signs, so its token could not be checked. Try again.',
  },
  chain_revoked: { kind: 'conflict', says: 'An agent that this was asked through is revoked.' },
  lookalike_name: {
    kind: 'unprocessable',
    says: 'A name is spelled almost like one that the policy knows.',
  },
  idempotency_mismatch: { kind: 'unprocessable', says: 'This idempotency key was used with another body.' },
  wrong_state: { kind: 'conflict', says: 'That is no longer possible for this request.' },
  erased: {
    kind: 'gone',
    says: 'What this request asked was erased from the record, so nothing more happens to it.',
  },
  not_your_grant: {
    kind: 'forbidden',
    says: 'The grant of this request was redeemed by somebody else, so it gives you nothing.',
  },
  no_credential: {
    kind: 'conflict',
    says: 'No target gives a credential for this action under this grant.',
  },
  target_unnamed: {
    kind: 'unprocessable',
    says: 'Several targets give a credential for this action, and none of them is named.',
  },
  credential_out: {
    kind: 'conflict',
    says: 'A credential for this request is out already, and nothing shows it a second time.',
  },
  credential_spent: {
    kind: 'conflict',
    says: 'This request has been given all the credentials that it gets.',
  },
  target_refused: {
    kind: 'conflict',
    says: 'The target cannot give exactly what the action names, so it gives nothing.',
  },
  target_unavailable: {
    kind: 'unavailable',
    says: 'The target did not answer as it should, so no credential was handed over.',
  },
  unknown_lease: { kind: 'missing', says: 'There is no such lease.' },
  not_applicable: {
    kind: 'conflict',
    says: 'Things are not as that would need them, so nothing was changed.',
  },
  not_joined: { kind: 'conflict', says: 'This account cannot be parted from another one.' },
  too_many_agents: { kind: 'conflict', says: 'You have as many agents as one person may register.' },
  may_not_register: { kind: 'forbidden', says: 'The policy names other people who may register agents.' },
  name_taken: { kind: 'conflict', says: 'That name is taken.' },
  invalid_grant: { kind: 'forbidden', says: 'That grant gives you nothing.' },
  grant_spent: { kind: 'conflict', says: 'That grant was redeemed before, under another attempt.' },
  digest_mismatch: {
    kind: 'forbidden',
    says: 'The action that is about to run is not the one that the grant is for.',
  },
  stopped: {
    kind: 'forbidden',
    says: 'This is stopped: until people have resumed it, nothing of it is asked, released or granted.',
  },
  unknown_stop: { kind: 'missing', says: 'There is no such stop.' },
  may_not_stop: { kind: 'forbidden', says: 'The policy names other people who may stop something.' },
  too_many_reports: {
    kind: 'conflict',
    says: 'As many reports of what was done are kept of this request as can be.',
  },
  own_request: { kind: 'forbidden', says: 'You are behind this action, so somebody else has to decide.' },
  not_staff: { kind: 'forbidden', says: 'Only active, full members of this workspace can decide.' },
  not_in_leg: { kind: 'forbidden', says: 'You are not among the people who can decide this.' },
  already_decided: { kind: 'conflict', says: 'You have already decided on this request.' },
  identity_unknown: {
    kind: 'forbidden',
    says: 'Your identity could not be checked just now, so nothing was decided.',
  },
  on_call_unknown: {
    kind: 'unavailable',
    says: 'Nobody could say who is on call just now, so nothing was decided. Try again.',
  },
  foreign_payload: { kind: 'forbidden', says: 'That did not come from the card that was posted.' },
  via_not_allowed: { kind: 'forbidden', says: 'The policy takes no decision that comes this way.' },
  not_as_seen: { kind: 'conflict', says: 'What was named as seen is not what is asked now.' },
  too_many_tokens: { kind: 'conflict', says: 'You have as many personal tokens as you may have.' },
  cannot_stand_in: {
    kind: 'conflict',
    says: 'That person cannot be told in your place, so nothing was changed.',
  },
  posted_by_app: {
    kind: 'forbidden',
    says: 'An app posted that in your name, or it was not a plain message from you, so it decides nothing.',
  },
  old_card: {
    kind: 'conflict',
    says: 'This copy of the card is out of date, so nothing was decided with it.',
  },
  card_unrecorded: {
    kind: 'unavailable',
    says: 'This card is not on record yet, so nothing has been decided with it so far.',
  },
  not_your_request: { kind: 'forbidden', says: 'Only the agent that asked can do that.' },
  not_approved: {
    kind: 'conflict',
    says: 'The request is not approved, so there is no grant for it.',
  },
  no_grant: {
    kind: 'forbidden',
    says: 'Countersign itself performs that action once it is approved, so there is no grant for it.',
  },
  grant_lapsed: {
    kind: 'conflict',
    says: 'The grant was not asked for in time after the approval, so there is none any more.',
  },
  grant_revoked: {
    kind: 'conflict',
    says: 'What was approved was taken back, or does not count any more, so there is no grant.',
  },
  grant_taken: {
    kind: 'conflict',
    says: 'The grant was issued already, to another key or for something else than is asked now.',
  },
  grant_over: { kind: 'conflict', says: 'The grant was issued already, and is over.' },
  nothing_to_undo: {
    kind: 'conflict',
    says: 'What this would undo has not run.',
  },
  decided_together: {
    kind: 'conflict',
    says: 'This is decided on the card of the request that it would undo.',
  },
  rollback_of_rollback: {
    kind: 'unprocessable',
    says: 'What this would undo is a rollback itself.',
  },
  rollback_exists: {
    kind: 'conflict',
    says: 'There is a rollback of that request already, which waits, may run, or has run.',
  },
  target_moved_on: {
    kind: 'conflict',
    says: 'Something else has run on the resource since, so what this would undo is not what is there.',
  },
  unknown_audience: {
    kind: 'unprocessable',
    says: 'The policy gives no grants for that audience and this type of resource.',
  },
  invalid_dpop_proof: {
    kind: 'malformed',
    says: 'The DPoP proof does not prove that the caller holds the key, for this call and now.',
  },
  reason_needed: { kind: 'malformed', says: 'A reason is needed.' },
  reason_rejected: { kind: 'unprocessable', says: 'The reason is not what the policy asks for.' },
  confirmation_wrong: { kind: 'unprocessable', says: 'What was typed is not the text that has to be typed.' },
  step_up_unavailable: {
    kind: 'forbidden',
    says: 'The policy asks for a proof of presence that this version cannot accept, so nobody can approve this.',
  },
  nothing_to_withdraw: {
    kind: 'conflict',
    says: 'You have no approval on this request that still counts, so there is nothing to take back.',
  },
  too_many_notes: {
    kind: 'conflict',
    says: 'As many notes are kept of this request, or of one person on it, as can be.',
  },
  unknown_note: { kind: 'missing', says: 'There is no such note on this request that could be answered.' },
  already_answered: { kind: 'conflict', says: 'That was answered already.' },
  not_revisable: { kind: 'conflict', says: 'Nothing can be asked instead of that request.' },
  not_narrowable: {
    kind: 'conflict',
    says: 'This cannot be narrowed: it is decided as it was asked, or denied.',
  },
  not_narrower: { kind: 'unprocessable', says: 'That is not less than what was asked.' },
  nothing_to_escalate: { kind: 'conflict', says: 'There is nobody left to escalate this to.' },
  no_break_glass: { kind: 'forbidden', says: 'The policy offers no emergency path for this request.' },
  not_on_path: {
    kind: 'forbidden',
    says: 'Only the people whom the policy names for an emergency can break the glass of this request.',
  },
  no_open_review: { kind: 'conflict', says: 'There is no open review on this request.' },
  own_break_glass: { kind: 'forbidden', says: 'You broke the glass, so somebody else has to review it.' },
  line_unnamed: {
    kind: 'conflict',
    says: 'This card asks about several requests, and words in its thread name none of them.',
  },
  view_needed: {
    kind: 'forbidden',
    says: 'This action does not fit its card: open the full request and decide on its last page.',
  },
  directory_unavailable: {
    kind: 'unavailable',
    says: 'The directory of people could not be reached just now; nothing was changed. Try again.',
  },
  nobody_reachable: {
    kind: 'unavailable',
    says: 'No channel reaches anybody just now, so people cannot be asked; nothing was stored. Try again.',
  },
  rate_limited: { kind: 'limited', says: 'Too many requests; try again later.' },
  looked_often: { kind: 'limited', says: 'You have looked at your lists very often just now.' },
  too_many_waiting: {
    kind: 'limited',
    says: 'As many calls of this agent wait or follow a request as may at the same time.',
  },
  too_many_pending: {
    kind: 'limited',
    says: 'Too many requests of this agent wait for people already, so this one was not stored.',
  },
  not_ready: { kind: 'unavailable', says: 'The server cannot do its work just now; its log says why.' },
  store_unavailable: {
    kind: 'unavailable',
    says: 'The database cannot be used just now. Try again: under the same idempotency key nothing happens twice.',
  },
  ledger_behind: {
    kind: 'unavailable',
    says: 'The database is older than what was decided since: nothing is changed before people have said how it goes on.',
  },
  entry_unwritable: {
    kind: 'unavailable',
    says: 'The entry that records this could not be written, so it did not happen.',
  },
  busy: {
    kind: 'unavailable',
    says: 'The record could not be written just now; nothing was changed. Try again.',
  },
} as const satisfies Record<string, { kind: RefusalKind; says: string }>
