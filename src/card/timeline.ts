import { escalatedAs } from '../core/escalations.ts'
import { outcomeOf } from '../core/outcome.ts'
import { effectiveLegs } from '../core/request.ts'
import type { Entry, EntryType } from '../ledger/entry.ts'
import { executionDeviated, executionReported, progressIn, requestRevoked } from './afterApproval.ts'
import { inPlaceOfText } from './delegation.ts'
import { because, endedApproval } from './ended.ts'
import { grantIssued, grantMismatched, grantRedeemed, grantReplayed } from './grantLines.ts'
import { ofLease } from './leaseLines.ts'
import { narrowedTold } from './narrowing.ts'
import { callingTo } from './needs.ts'
import { noteTold } from './notes.ts'
import { howOf } from './personalToken.ts'
import { rollbackTold } from './rollback.ts'
import { calling, listed, name, naming, nothing, onDay, ours, outside, say, strong, warning } from './span.ts'
import { cut, prose, reveal } from './text.ts'
import { type Told, tell } from './told.ts'
import type { RequestView } from './view.ts'

type Teller = (view: RequestView, entry: Entry) => Told | null

const quiet: Teller = () => null

/**
 * What the thread under a card says about each kind of entry. Whoever decided is only named: they know what they did, and
 * nobody is woken by it. The card itself tells what was asked, a refusal is told to
 * the clicker only, and the rest is not about the request.
 */
const tellers: Readonly<Record<EntryType, Teller>> = {
  'request.submitted': quiet,
  'decision.made': decisionMade,
  'request.approved': ({ request }) =>
    request.brokenGlass ? null : tell(say`${strong`Approved.`} The agent may go ahead.`),
  'request.denied': requestDenied,
  'request.narrowed': narrowedTold,
  'request.expired': requestExpired,
  'request.cancelled': ({ request }) =>
    tell(
      request.agentRevoked
        ? say`${strong`Cancelled`}, because the agent was revoked. There is nothing left to decide.`
        : request.revisedBy !== undefined
          ? say`${strong`Revised`} by the agent: it asked ${ours(request.revisedBy)} instead. There is nothing left to decide here.`
          : say`${strong`Cancelled`} by the agent. There is nothing left to decide.`,
    ),
  'request.revoked': requestRevoked,
  'request.lapsed': ({ request }) => tell(say`${strong`Not used in time.`} ${progressIn(request)}`),
  'request.unreported': ({ request }) =>
    tell(say`${warning} ${strong`Run, but not reported.`} ${progressIn(request)}`),
  'grant.redeemed': grantRedeemed,
  'grant.replayed': grantReplayed,
  'grant.mismatched': grantMismatched,
  'token.refused': quiet,
  'redemption.repeated': quiet,
  'decision.refused': quiet,
  'decision.lapsed': decisionLapsed,
  'decision.withdrawn': decisionWithdrawn,
  'execution.reported': executionReported,
  'execution.deviated': executionDeviated,
  'request.escalated': escalated,
  'note.written': noteTold,
  'glass.broken': glassBroken,
  // Whoever tried reads the thread.
  'attempts.alarmed': quiet,
  // The card names them.
  'claims.alarmed': quiet,
  'alarm.sent': quiet,
  'review.overdue': reviewOverdue,
  'review.closed': reviewClosed,
  'grant.issued': grantIssued,
  // The same grant, and nothing new for anybody.
  'grant.repeated': quiet,
  'grant.refused': quiet,
  'record.erased': recordErased,
  'erasure.refused': () =>
    tell(say`${strong`Not erased.`} What was to be erased is open, is gone, or nobody has decided it.`),
  'retention.applied': quiet,
  'card.posted': quiet,
  'card.listed': quiet,
  // On the card.
  'preview.made': quiet,
  'preview.missed': quiet,
  'channel.failed': quiet,
  'reminder.sent': quiet,
  'agent.added': quiet,
  'agent.rotated': quiet,
  'agent.transferred': quiet,
  'agent.revoked': quiet,
  'agent.limited': quiet,
  'agent.paced': quiet,
  'agent.tagged': quiet,
  'person.added': quiet,
  'person.linked': quiet,
  'person.unlinked': () =>
    tell(say`${strong`Parted.`} They are two people from now on; in requests made before, they stay one.`),
  'parting.refused': () =>
    tell(
      say`${strong`Not parted.`} How the accounts are joined has changed since this was asked: ask again.`,
    ),
  'oncall.linked': quiet,
  'oncall.differs': quiet,
  'oncall.unlinked': quiet,
  'account.changed': quiet,
  'delegation.started': quiet,
  'delegation.ended': quiet,
  'confirmation.asked': quiet,
  'confirmation.given': quiet,
  'confirmation.refused': quiet,
  'confirmation.disowned': quiet,
  'confirmation.lapsed': quiet,
  'lease.issued': ofLease,
  'lease.ended': ofLease,
  'lease.expires': ofLease,
  'operator.granted': quiet,
  'operator.acted': quiet,
  'operator.revoked': quiet,
  'auditor.granted': quiet,
  'auditor.read': quiet,
  'auditor.revoked': quiet,
  'approver.granted': quiet,
  'approver.revoked': quiet,
  'resource.added': quiet,
  'resource.rotated': quiet,
  'resource.revoked': quiet,
  'stop.made': quiet,
  'stop.resumed': () =>
    tell(say`${strong`Resumed.`} What was held can be decided again; what was revoked stays revoked.`),
  'stop.refused': quiet,
  'resume.refused': resumeRefused,
  'policy.activated': () =>
    tell(say`${strong`In force.`} Every request is judged by the new policy from now on.`),
  'policy.refused': policyRefused,
  'shadow.started': quiet,
  'shadow.ended': quiet,
  'key.created': quiet,
  'key.activated': quiet,
  'key.retired': quiet,
  'key.erased': quiet,
  'secret.rotated': quiet,
  'channel.connected': quiet,
  'channel.disconnected': quiet,
  'ledger.resumed': quiet,
  'anchor.disputed': quiet,
  'webhook.added': quiet,
  'webhook.rotated': quiet,
  'webhook.removed': quiet,
  'webhook.dead': quiet,
  'webhook.replayed': quiet,
}

/** What is told of one entry, or null when people need not hear of it. */
export function told(view: RequestView, entry: Entry): Told | null {
  const ofRollback = rollbackTold(view, entry)
  return ofRollback === undefined ? tellers[entry.type](view, entry) : ofRollback
}

function recordErased({ request }: RequestView, { subject, data }: Entry): Told {
  if (subject.id === request.id)
    return tell(
      say`${strong`Erased`} from the record: what this asked, and what was said about it. Lines above this one stay as they were written.`,
    )
  return tell(
    say`${strong`Erased.`} ${ours(String(data.values))} values beside the ledger, and what ${ours(String(data.requests))} requests said. The ledger can be verified as before.`,
  )
}

function requestDenied({ request }: RequestView): Told {
  if (!request.overruled) return tell(say`${strong`Denied.`} The agent was told, and given the reason.`)
  return tell(say`${strong`Denied by policy`}, and not released. The agent was told why:`, [
    { quote: prose(request.outcome ?? '', 1_000) },
  ])
}

function requestExpired({ request }: RequestView): Told {
  const outcome = outcomeOf(request)
  if (outcome === 'denial_stands')
    return tell(say`${strong`Expired.`} Nobody lifted the denial in time, so it stays denied.`)
  if (outcome === 'nobody_reachable')
    return tell(say`${strong`Expired.`} No channel reached anybody in time, so it is not approved.`)
  return tell(say`${strong`Expired.`} Not enough people decided in time, so it is not approved.`)
}

function decisionMade(view: RequestView, entry: Entry): Told | null {
  const decision = decisionOf(view, entry, entry.data.at)
  if (!decision) return null
  const who = name(decision.person)
  const place = inPlaceOfText(decision.inPlaceOf)
  if (decision.kind === 'deny') {
    const quote = cut(reveal(decision.reason ?? ''), 1_000)
    const after = decision.late ? say` after it had expired. It stays expired` : nothing
    return tell(say`${who} denied this${place}${howOf(decision)}${after}.`, quote === '' ? [] : [{ quote }])
  }
  const seat = effectiveLegs(view.request).find((leg) => view.filled.get(leg.name)?.includes(decision.person))
  const which = seat ? say` for ${outside(seat.name, 60)}` : nothing
  return tell(
    say`${who} agreed${which}${place}${howOf(decision)}.`,
    decision.reason ? [{ quote: prose(decision.reason, 1_000) }] : [],
  )
}

/**
 * By the account, because the entry names the person of then, and by the moment, because one person may decide again; an
 * entry from before that was possible names none.
 */
function decisionOf({ request }: RequestView, { actor, data }: Entry, at: unknown) {
  const account = actor.account ?? data.account
  const theirs = request.decisions.filter((one) => one.account === account)
  return typeof at === 'string' ? theirs.find((one) => one.at === at) : theirs[0]
}

/** Nobody did it: the release that failed found it. Who is needed now stands on the card. */
function decisionLapsed(view: RequestView, entry: Entry): Told | null {
  const decision = decisionOf(view, entry, entry.data.decided_at)
  if (!decision) return null
  const says = endedApproval(view.request, decision, name)
  if (says) return tell(say`${says}.`)
  const legs = [entry.data.legs].flat().filter((leg) => typeof leg === 'string')
  const which = listed(legs.map((leg) => [outside(leg, 60)]))
  const why = because(view.request, { cause: 'left' }, legs)
  return tell(say`The approval of ${name(decision.person)} no longer counts for ${which}: ${why}.`)
}

function decisionWithdrawn(view: RequestView, { data }: Entry): Told | null {
  const at = [data.decided_at].flat()
  const decision = view.request.decisions.find((one) => at.includes(one.at))
  if (decision?.ended?.how !== 'withdrawn') return null
  const { reason } = decision.ended
  const more = reason === null ? [] : [{ quote: prose(reason, 1_000) }]
  return tell(say`${name(decision.person)} took their approval back.`, more)
}

/** Calls the people who are brought in, and says why: a person's words stand last, right above the quotation of them. */
function escalated(view: RequestView, entry: Entry): Told | null {
  const { request } = view
  const one = escalatedAs(request, entry.data.nth)
  if (!one) return null
  const inTime = one.by === 'deadline' ? say` because nobody had decided in time` : nothing
  const asked = one.by === 'deadline' ? nothing : say` ${name(one.by)} brought them in, and says why:`
  const legs = listed(one.legs.map((leg) => [outside(leg, 60)]))
  const help = one.legs.length > 0 ? say` They may now agree for ${legs}.` : nothing
  // Whoever was brought in is asked only as long as it helps.
  const whom = request.state === 'pending' ? callingTo(view, one) : naming([one.to])
  return tell(
    say`${strong`Escalated`} to ${whom}${inTime}.${help}${asked}`,
    one.reason === null ? [] : [{ quote: prose(one.reason, 1_000) }],
  )
}

function glassBroken({ request }: RequestView): Told | null {
  const glass = request.brokenGlass
  if (!glass) return null
  const past = request.verdict.kind === 'deny' ? say`, past a denial by policy` : nothing
  return tell(
    say`${warning} ${strong`${name(glass.person)} broke the glass`}: approved alone${past}. The agent may go ahead. Somebody else has to review it by ${onDay(glass.reviewBy)}.`,
    [{ quote: prose(glass.reason, 1_000) }],
  )
}

/** Calls those who could have broken the glass themselves: one of them, or of the legs, closes it. */
function reviewOverdue({ request }: RequestView): Told | null {
  const glass = request.brokenGlass
  if (!glass || glass.review) return null
  const who = calling(request.requirement?.breakGlass?.who ?? [])
  return tell(
    say`${warning} ${strong`The review has been overdue`} since ${onDay(glass.reviewBy)}. ${who}: somebody other than ${name(glass.person)} has to look at this and close it, with the button on the card.`,
  )
}

function reviewClosed({ request }: RequestView): Told | null {
  const review = request.brokenGlass?.review
  if (!review) return null
  return tell(say`${strong`Review closed`} by ${name(review.person)}.`, [
    { quote: prose(review.note, 1_000) },
  ])
}

function resumeRefused(_: RequestView, { data }: Entry): Told {
  const why =
    data.why === 'nobody_decided'
      ? say`The policy allows it without asking anybody, and a second person has to decide it.`
      : say`It was resumed already.`
  return tell(say`${strong`Nothing was resumed by this.`} ${why}`)
}

/** The sentence is ours; nothing in it is from outside. */
function policyRefused(_: RequestView, { data }: Entry): Told {
  const why = ours(typeof data.says === 'string' ? data.says : 'It could not be activated.')
  return tell(say`${strong`Not in force.`} ${why} The policy that was active stays active.`)
}
