import type { EntryType } from './entry.ts'

/**
 * What is said of each kind of entry, and which of its facts: the name in the log, and where it stands in the entry's
 * data. Only what stands here is said, so that a fact which an entry gains one day does not slip into logs: names of
 * resources, values and prose stay out of them.
 */
export const logLines: Readonly<
  Record<EntryType, { readonly message: string; readonly facts?: Readonly<Record<string, string>> }>
> = {
  'request.submitted': {
    message: 'an agent asked',
    facts: {
      action: 'action',
      environment: 'environment',
      initiator: 'initiator.person',
      verdict: 'verdict.kind',
      rules: 'verdict.rules',
      ownerLeft: 'owner_left',
    },
  },
  'request.approved': {
    message: 'a request was approved',
    facts: { outcome: 'outcome', rules: 'rules', legs: 'legs', brokenGlass: 'broken_glass' },
  },
  'request.denied': {
    message: 'a request was denied',
    facts: { outcome: 'outcome', code: 'code', rules: 'rules' },
  },
  'request.narrowed': {
    message: 'a request was narrowed',
    facts: { outcome: 'outcome', narrowedTo: 'narrowed_to', lowered: 'lowered', legs: 'legs' },
  },
  'request.expired': { message: 'a request expired', facts: { outcome: 'outcome' } },
  'request.cancelled': { message: 'a request was cancelled', facts: { outcome: 'outcome' } },
  'request.revoked': {
    message: 'an approved request was revoked',
    facts: { by: 'by', grant: 'grant' },
  },
  'request.lapsed': { message: 'a request was approved and not used in time' },
  'request.unreported': { message: 'nobody reported how a request ended' },
  'execution.reported': {
    message: 'somebody reported what was done',
    facts: { reported: 'state', movedTo: 'moved_to', late: 'late', deviations: 'deviations' },
  },
  'execution.deviated': {
    message: 'what was done is not what was approved',
    facts: { kinds: 'kinds', deviations: 'deviations' },
  },
  'request.escalated': { message: 'a request was escalated', facts: { to: 'to.ref', legs: 'legs' } },
  'note.written': {
    message: 'a note was written about a request',
    facts: { kind: 'kind' },
  },
  'decision.made': {
    message: 'a person decided',
    facts: { kind: 'kind', legs: 'legs', late: 'late', way: 'way', token: 'token' },
  },
  'decision.lapsed': {
    message: 'an approval no longer counts',
    facts: { person: 'person', legs: 'legs', why: 'why.cause' },
  },
  'decision.withdrawn': { message: 'an approval was taken back' },
  'decision.refused': {
    message: 'an attempt to decide was refused',
    facts: { kind: 'kind', code: 'code', way: 'way', token: 'token' },
  },
  'glass.broken': { message: 'a glass was broken', facts: { verdict: 'verdict', reviewBy: 'review_by' } },
  'attempts.alarmed': {
    message: 'people behind an action tried too often to let it through',
    facts: { over: 'over', tried: 'tried', to: 'to' },
  },
  'claims.alarmed': {
    message: 'claims of an agent take away people who could have decided',
    facts: { legs: 'legs', to: 'to' },
  },
  'alarm.sent': { message: 'an alarm was sent', facts: { why: 'why', address: 'address' } },
  'review.overdue': { message: 'a review is overdue', facts: { reviewBy: 'review_by' } },
  'review.closed': { message: 'a review was closed', facts: { late: 'late' } },
  'grant.issued': {
    message: 'a grant was issued',
    facts: { grant: 'grant', audience: 'audience', expiresAt: 'expires_at', bound: 'bound' },
  },
  'grant.repeated': {
    message: 'a grant was given once more to whoever had it',
    facts: { grant: 'grant', audience: 'audience' },
  },
  'grant.refused': { message: 'a grant was refused', facts: { code: 'code' } },
  'grant.redeemed': { message: 'a grant was redeemed', facts: { by: 'by', audience: 'audience' } },
  'grant.replayed': {
    message: 'a grant was to be redeemed again',
    facts: { by: 'by', audience: 'audience' },
  },
  'grant.mismatched': { message: 'a grant was to be redeemed for another action', facts: { by: 'by' } },
  'token.refused': { message: 'a token was refused', facts: { why: 'why' } },
  'redemption.repeated': { message: 'a redemption was repeated', facts: { by: 'by' } },
  'preview.made': { message: 'a target was asked what a request would touch', facts: { target: 'target' } },
  'preview.missed': {
    message: 'a target did not say what a request would touch',
    facts: { target: 'target', why: 'why' },
  },
  'record.erased': {
    message: 'something was erased from the record',
    facts: { what: 'what', requests: 'requests', values: 'values', leftOpen: 'left_open' },
  },
  'erasure.refused': { message: 'what was to be erased was not', facts: { why: 'why' } },
  'retention.applied': {
    message: 'values older than the retention were emptied',
    facts: { requests: 'requests', values: 'values', before: 'before' },
  },
  'card.listed': {
    message: 'a request was listed on the card that stands for many',
    facts: { conversation: 'conversation' },
  },
  'card.posted': { message: 'a card was posted', facts: { card: 'card', conversation: 'conversation' } },
  'channel.failed': {
    message: 'people were chosen for direct messages',
    facts: { conversation: 'conversation', code: 'code' },
  },
  'reminder.sent': { message: 'a reminder was sent', facts: { conversation: 'conversation', legs: 'legs' } },
  'agent.added': { message: 'an agent was added', facts: { name: 'name', owner: 'owner' } },
  'agent.rotated': { message: 'a key of an agent was rotated', facts: { name: 'name' } },
  'agent.transferred': {
    message: 'an agent was handed over',
    facts: { name: 'name', from: 'from', owner: 'owner' },
  },
  'agent.revoked': { message: 'an agent was revoked', facts: { name: 'name' } },
  'agent.limited': {
    message: 'an agent has as many requests waiting as it may',
    facts: { name: 'name', maxPending: 'max_pending' },
  },
  'agent.paced': {
    message: 'the limits of an agent were set',
    facts: { name: 'name', before: 'before', after: 'after' },
  },
  'agent.tagged': {
    message: 'the tags of an agent were set',
    facts: { name: 'name', before: 'before', after: 'after' },
  },
  'person.added': { message: 'a person became known', facts: { added: 'account' } },
  'person.linked': { message: 'accounts were linked', facts: { linked: 'account', from: 'from', to: 'to' } },
  'person.unlinked': { message: 'accounts were parted', facts: { from: 'from', to: 'to' } },
  'oncall.linked': {
    message: 'a user of an on-call service was linked to an account',
    facts: { user: 'user', linked: 'account' },
  },
  'oncall.differs': {
    message: 'a user of an on-call service has another address than the one they were linked by',
    facts: { user: 'user', linked: 'account' },
  },
  'account.changed': {
    message: 'an account of somebody who can decide or owns agents is not as it was',
    facts: { account: 'account', what: 'what', other: 'other' },
  },
  'oncall.unlinked': {
    message: 'a link of a user of an on-call service was taken back',
    facts: { user: 'user', linked: 'account' },
  },
  'parting.refused': { message: 'accounts that were to be parted were not', facts: { why: 'why' } },
  'delegation.started': {
    message: 'somebody is told in the place of whoever is away',
    facts: { delegation: 'delegation', delegate: 'delegate', until: 'until' },
  },
  'delegation.ended': {
    message: 'nobody is told in the place of whoever was away any more',
    facts: { delegation: 'delegation', delegate: 'delegate', why: 'why' },
  },
  'confirmation.asked': {
    message: 'people were asked to confirm what was claimed in their names',
    facts: { confirmation: 'confirmation', kind: 'kind', asked: 'asked', until: 'until' },
  },
  'confirmation.given': {
    message: 'a claim was confirmed',
    facts: { confirmation: 'confirmation', kind: 'kind', effective: 'effective' },
  },
  'confirmation.refused': {
    message: 'an answer to a claim was refused',
    facts: { confirmation: 'confirmation', kind: 'kind', code: 'code' },
  },
  'confirmation.disowned': {
    message: 'somebody says that what was claimed in their name was not them',
    facts: { confirmation: 'confirmation', kind: 'kind' },
  },
  'confirmation.lapsed': {
    message: 'a claim was not confirmed in time',
    facts: { confirmation: 'confirmation', kind: 'kind' },
  },
  'lease.issued': {
    message: 'a credential was issued',
    facts: { target: 'target', expiresAt: 'expires_at', ends: 'ends' },
  },
  'lease.ended': { message: 'a credential was ended', facts: { target: 'target', why: 'why' } },
  'lease.expires': {
    message: 'a credential cannot be taken back and is out until its time',
    facts: { target: 'target', why: 'why', expiresAt: 'expires_at' },
  },
  'operator.granted': { message: 'a key of an operator was added', facts: { key: 'key', endsAt: 'ends_at' } },
  'operator.acted': { message: 'a key of an operator was used', facts: { key: 'key', command: 'command' } },
  'operator.revoked': { message: 'a key of an operator was revoked', facts: { key: 'key' } },
  'auditor.granted': {
    message: 'a key of an auditor was added',
    facts: { key: 'key', endsAt: 'ends_at', follows: 'follows' },
  },
  'auditor.read': {
    message: 'an auditor began to read the ledger',
    facts: { key: 'key', entries: 'entries', until: 'until' },
  },
  'auditor.revoked': { message: 'a key of an auditor was revoked', facts: { key: 'key' } },
  'approver.granted': {
    message: 'a personal token was issued',
    facts: { person: 'person', endsAt: 'ends_at' },
  },
  'approver.revoked': { message: 'a personal token was revoked', facts: { person: 'person' } },
  'resource.added': { message: 'a resource was registered', facts: { name: 'name', audience: 'audience' } },
  'resource.rotated': { message: 'a resource got a new key', facts: { name: 'name' } },
  'resource.revoked': { message: 'a resource was revoked', facts: { name: 'name' } },
  'stop.made': {
    message: 'something was stopped',
    facts: { scope: 'scope.kind', stopped: 'scope.agent', pattern: 'scope.pattern' },
  },
  'stop.resumed': { message: 'a stop was resumed', facts: { approval: 'request' } },
  'stop.refused': {
    message: 'an agent was refused because of a stop',
    facts: { name: 'name', stop: 'stop' },
  },
  'resume.refused': { message: 'a stop that was to be resumed was not', facts: { why: 'why' } },
  'policy.activated': { message: 'a policy was activated', facts: { before: 'before', by: 'by' } },
  'policy.refused': { message: 'an approved policy was not activated', facts: { why: 'why' } },
  'shadow.started': {
    message: 'a candidate policy judges beside the active one',
    facts: { shadow: 'shadow', until: 'ends_at' },
  },
  'shadow.ended': {
    message: 'a candidate policy judges beside it no more',
    facts: { shadow: 'shadow', why: 'why' },
  },
  'key.created': { message: 'a signing key was made', facts: { status: 'status', given: 'given' } },
  'key.activated': {
    message: 'a signing key signs from now on',
    facts: { publishedSince: 'published_since' },
  },
  'key.retired': {
    message: 'a signing key signs nothing new',
    facts: { believedUntil: 'believed_until' },
  },
  'key.erased': { message: 'the private part of a signing key was erased' },
  'secret.rotated': {
    message: 'the secret of the installation was replaced',
    facts: {
      sealedAgain: 'sealed_again',
      stayedClosed: 'stayed_closed',
      dropped: 'dropped',
      agents: 'agents',
    },
  },
  'channel.connected': { message: 'tokens of a channel were put in', facts: { place: 'place', app: 'app' } },
  'channel.disconnected': { message: 'the tokens of a channel were removed', facts: { place: 'place' } },
  'ledger.resumed': {
    message: 'the ledger goes on from a database that was older than an anchor',
    facts: {
      name: 'origin',
      before: 'before',
      size: 'size',
      shared: 'shared',
      anchored: 'anchored.size',
      second: 'second',
    },
  },
  'anchor.disputed': {
    message: 'an anchor holds something that does not fit the ledger',
    facts: { anchor: 'anchor', why: 'why' },
  },
  'webhook.added': { message: 'a webhook was added', facts: { host: 'host', events: 'events' } },
  'webhook.rotated': { message: 'a webhook has a new secret', facts: { until: 'earlier_until' } },
  'webhook.removed': { message: 'a webhook was removed', facts: { why: 'why' } },
  'webhook.dead': {
    message: 'a message was given up',
    facts: { delivery: 'delivery', event: 'event', webhook: 'webhook', last: 'last' },
  },
  'webhook.replayed': { message: 'messages are sent again', facts: { deliveries: 'deliveries' } },
}
