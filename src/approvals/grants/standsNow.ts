import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import { standing } from '../../core/standing.ts'
import type { NewEntry } from '../../ledger/entry.ts'
import type { Change } from '../change.ts'
import { judgedAgain, lapsedEntry } from '../judgedAgain.ts'
import { mayBreakGlass } from '../people/eligibility.ts'
import { judgedNow } from '../policy/judgedNow.ts'
import type { Ports } from '../ports.ts'
import { revoked } from './revoked.ts'

/** What an approval is worth now, and what that was judged by. */
interface StandsNow {
  /** As it was given, with approvals marked that do not count any more although enough others do. */
  readonly request: ActionRequest
  readonly entries: readonly NewEntry[]
  /** For the commit, which is conditional on it. */
  readonly read: Pick<Change, 'judgedBy' | 'links'>
  /** Present where it does not stand any more: what is committed instead. */
  readonly revocation: Change | null
}

/**
 * Whether what was approved still stands at the moment of its effect: the policy of now does not deny it (threats: drift), and those who
 * approved it still could (threats: vote-outlived). Only a definite no revokes.
 *
 * @throws Refusal `not_ready`, `directory_unavailable`: nobody can say, and nothing changes
 */
export async function standsNow(ports: Ports, request: ActionRequest): Promise<StandsNow> {
  const { denial, judgedBy } = judgedNow(ports, request, request.brokenGlass ? 'broken_glass' : 'approval')
  if (denial) {
    const { rules, code, policy } = denial
    const which = rules.length === 0 ? '' : ` (rule ${rules.join(', ')})`
    const revocation = revoked(ports, request, {
      by: 'policy',
      outcome: `Policy has come to deny this since it was approved${which}.`,
      actor: { kind: 'policy', id: policy ?? 'none', via: 'redemption' },
      data: { code, rules: [...rules] },
    })
    return { request, entries: [], read: { judgedBy }, revocation }
  }
  const people = request.brokenGlass
    ? await breakerNow(ports, request, request.brokenGlass.account)
    : await approversNow(ports, request)
  return { ...people, read: { judgedBy, links: people.links } }
}

type PeopleNow = Omit<StandsNow, 'read'> & Required<Pick<Change, 'links'>>

async function approversNow(ports: Ports, request: ActionRequest): Promise<PeopleNow> {
  if (!request.requirement) return { request, entries: [], links: [], revocation: null }
  const { decided, current, lapses, links } = await judgedAgain(ports, request)
  const entries = lapses.map((lapse) => lapsedEntry(ports, request, lapse))
  if (standing(current)?.met) return { request: decided, entries, links, revocation: null }
  return { request: decided, entries: [], links, revocation: lost(ports, decided, entries) }
}

/** Whoever broke the glass has to be one who still could. */
async function breakerNow(ports: Ports, request: ActionRequest, account: string): Promise<PeopleNow> {
  try {
    const { links } = await mayBreakGlass(ports, request, account)
    return { request, entries: [], links, revocation: null }
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal
    if (refusal.passes) throw new Refusal('directory_unavailable', refusal.message)
    return { request, entries: [], links: [], revocation: lost(ports, request, []) }
  }
}

function lost(ports: Ports, request: ActionRequest, lapses: readonly NewEntry[]): Change {
  const change = revoked(ports, request, {
    by: 'lost_approval',
    outcome: 'An approval that it needs no longer counts.',
    actor: { kind: 'system', id: 'redemption', via: 'directory' },
  })
  return { ...change, entries: [...lapses, ...change.entries] }
}
