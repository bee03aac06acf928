import type { ActionRequest, Verdict } from '../../core/request.ts'
import type { NewEntry } from '../../ledger/entry.ts'
import type { Change } from '../change.ts'
import { chainNow } from '../people/chain.ts'
import { judgedNow } from '../policy/judgedNow.ts'
import type { Ports } from '../ports.ts'
import type { Agent } from '../records.ts'
import { targetNow } from '../rollbacks/target.ts'
import { type Revoked, revoked } from './revoked.ts'
import { type StillApproved, stillApproved } from './stillApproved.ts'

/** What an approval is worth now, and what that was judged by. */
interface StandsNow {
  /** As it was given, with approvals marked that do not count any more although enough others do. */
  readonly request: ActionRequest
  readonly entries: readonly NewEntry[]
  /** For the commit, which is conditional on it. */
  readonly read: Pick<Change, 'judgedBy' | 'links' | 'untouched' | 'requestsRead' | 'agentsRead'>
  /** Present where it does not stand any more: what is committed instead. */
  readonly revocation: Revoked | null
}

/** What is about to take effect. */
type Effect = 'grant' | 'redemption'

/**
 * Whether what was approved still stands at the moment of its effect: no agent that it was asked through is revoked, the policy of now does not deny it (threats: drift), those who
 * approved it still could (threats: vote-outlived), and what a rollback would undo is as it was left (threats: moved-on). Only a
 * definite no revokes.
 *
 * @throws Refusal `not_ready`, `directory_unavailable`: nobody can say, and nothing changes
 */
export async function standsNow(ports: Ports, request: ActionRequest, effect: Effect): Promise<StandsNow> {
  const chain = await chainNow(ports, request)
  if (chain.revoked)
    return {
      request,
      entries: [],
      read: chain.read,
      revocation: unchained(ports, request, { agent: chain.revoked, effect }),
    }
  const { denial, judgedBy } = await deniedNow(ports, request)
  if (denial) {
    const revocation = denied(ports, request, { denial, effect })
    return { request, entries: [], read: { judgedBy }, revocation }
  }
  const still = await stillApproved(ports, request)
  const read = { judgedBy, links: still.links, ...chain.read }
  if (still.lost) return { request: still.request, entries: [], read, revocation: lost(ports, still, effect) }
  const target = await targetNow(ports, request)
  const { movedBy } = target
  if (movedBy.length > 0) {
    const revocation = movedOn(ports, request, { movedBy, effect })
    return { request, entries: [], read, revocation }
  }
  return {
    request: still.request,
    entries: still.entries,
    read: { ...read, ...target.read },
    revocation: null,
  }
}

/** Whoever it was asked through may do nothing any more (threats: asked-through). */
function unchained(
  ports: Ports,
  request: ActionRequest,
  { agent, effect }: { readonly agent: Agent; readonly effect: Effect },
): Revoked {
  return revoked(ports, request, {
    by: 'chain',
    outcome: `The agent ${agent.name}, which it was asked through, was revoked.`,
    actor: { kind: 'system', id: effect, via: 'chain' },
    data: { agent: agent.id },
  })
}

/** What has run is not undone by anything, so the rollback is over (threats: moved-on). */
function movedOn(
  ports: Ports,
  request: ActionRequest,
  { movedBy, effect }: { readonly movedBy: readonly string[]; readonly effect: Effect },
): Revoked {
  return revoked(ports, request, {
    by: 'target',
    outcome: 'Something else has run on what it would undo.',
    actor: { kind: 'system', id: effect, via: 'target' },
    data: { first: request.rollsBack ?? null, moved_by: [...movedBy] },
  })
}

/** What policy denies by now; for what it allowed by itself also what its floor never lets run by itself any more. */
async function deniedNow(ports: Ports, request: ActionRequest) {
  const by = request.brokenGlass ? 'broken_glass' : 'approval'
  const { denial, verdict, judgedBy } = await judgedNow(ports, request, by)
  const isHeld = request.verdict.kind === 'allow' && verdict.code === 'floor'
  return { denial: denial ?? (isHeld ? verdict : null), judgedBy }
}

function denied(
  ports: Ports,
  request: ActionRequest,
  { denial, effect }: { readonly denial: Verdict; readonly effect: Effect },
): Revoked {
  const { rules, code, policy, message } = denial
  const which = rules.length === 0 ? '' : ` (rule ${rules.join(', ')})`
  const why = message === null ? '' : ` ${message}`
  return revoked(ports, request, {
    by: 'policy',
    outcome: `Policy has come to deny this since it was approved${which}.${why}`,
    actor: { kind: 'policy', id: policy ?? 'none', via: effect },
    data: { code, rules: [...rules] },
  })
}

function lost(ports: Ports, still: StillApproved, effect: Effect): Revoked {
  const change = revoked(ports, still.request, {
    by: 'lost_approval',
    outcome: 'An approval that it needs no longer counts.',
    actor: { kind: 'system', id: effect, via: 'directory' },
    data: { why: still.lost?.why ?? null },
  })
  return { ...change, entries: [...still.entries, ...change.entries] }
}
