import { outcomeOf } from '../core/outcome.ts'
import { Refusal } from '../core/refusal.ts'
import type { ActionRequest, BrokenGlass, Verdict } from '../core/request.ts'
import type { BreakGlass } from '../core/requirement.ts'
import type { Actor, NewEntry } from '../ledger/entry.ts'
import { byPerson, type Decided, type Ruling, refuseIfOver } from './byPerson.ts'
import { requestEntry } from './newEntry.ts'
import { type Colleague, mayBreakGlass } from './people/eligibility.ts'
import type { BreakGlassAttempt } from './personCommand.ts'
import { countedNow } from './policy/budgets.ts'
import { judgedNow, overruled } from './policy/judgedNow.ts'
import type { Ports } from './ports.ts'
import { refuseStepUp, refuseWeakReason } from './proof.ts'
import { followingJobs, jobsToDrop, settled } from './settle.ts'
import { refuseStopped } from './stops/refuse.ts'

/**
 * An emergency: a person whom policy names lets the action through alone, where policy offers that path, also past a
 * denial by policy, where that of now lets a glass be broken too (threats: drift). Never somebody behind the action. Security is told at once, and somebody else has to review it.
 *
 * @throws Refusal `unknown_request`, `foreign_payload`, `wrong_state`, `no_break_glass`, those of `mayBreakGlass`,
 *   `step_up_unavailable`, `reason_rejected`, `stopped`, `not_ready` when the active policy cannot say whether it lets it through, `busy`
 */
export function breakGlass(ports: Ports, attempt: BreakGlassAttempt): Promise<Decided> {
  return byPerson(ports, attempt, {
    verb: 'break_glass',
    judge: async (ports, request) => {
      await refuseIfOver(ports, request)
      const path = request.requirement?.breakGlass
      if (!path) throw new Refusal('no_break_glass', 'the requirement offers no emergency path')
      const colleague = await mayBreakGlass(ports, request, attempt.account)
      refuseStepUp(path.stepUp)
      refuseWeakReason(path.reason, attempt.reason)
      const stops = await refuseStopped(ports, request)
      return { ...(await ruling(ports, request, { path, colleague, attempt })), ...stops }
    },
  })
}

interface By {
  readonly path: BreakGlass
  readonly colleague: Colleague
  readonly attempt: BreakGlassAttempt
}

async function ruling(ports: Ports, request: ActionRequest, by: By): Promise<Ruling> {
  const { path, colleague, attempt } = by
  const { denial, judgedBy } = judgedNow(ports, await countedNow(ports, request), 'broken_glass')
  if (denial) return stopped(ports, request, { denial, judgedBy, links: colleague.links })
  const now = ports.clock()
  const brokenGlass: BrokenGlass = {
    person: colleague.person,
    account: colleague.account.key,
    reason: attempt.reason.trim(),
    at: now.toISOString(),
    via: attempt.via,
    reviewBy: new Date(now.getTime() + path.reviewWithinSeconds * 1_000).toISOString(),
    review: null,
  }
  const outcome = 'Approved by one person through break-glass; it will be reviewed.'
  const next = settled(ports, { ...request, brokenGlass }, { move: 'approve', outcome })
  return {
    request: { expected: request.version, next },
    links: colleague.links,
    judgedBy,
    entries: brokenGlassEntries(ports, next, { by, brokenGlass }),
    jobs: [
      { task: 'alarm', request: request.id, why: 'broken' },
      ...followingJobs(next),
      { task: 'review', request: request.id, at: brokenGlass.reviewBy },
    ],
    dropJobs: jobsToDrop(next),
  }
}

/** Nothing is broken: policy denies it by now, and lets nobody lift that. */
function stopped(
  ports: Ports,
  request: ActionRequest,
  { denial, ...read }: Pick<Ruling, 'judgedBy' | 'links'> & { readonly denial: Verdict },
): Ruling {
  const { next, entry } = overruled(ports, request, denial)
  return {
    ...read,
    request: { expected: request.version, next },
    entries: [entry],
    jobs: followingJobs(next),
    dropJobs: jobsToDrop(next),
  }
}

function brokenGlassEntries(
  ports: Ports,
  request: ActionRequest,
  about: { readonly by: By; readonly brokenGlass: BrokenGlass },
): readonly NewEntry[] {
  const { by, brokenGlass } = about
  const { colleague, attempt, path } = by
  const actor: Actor = {
    kind: 'person',
    id: colleague.person,
    account: colleague.account.key,
    via: attempt.via,
  }
  const broken = requestEntry(ports, request, {
    type: 'glass.broken',
    actor,
    data: {
      who: path.who.map((source) => source.ref),
      verdict: request.verdict.kind,
      rules: [...request.verdict.rules],
      review_by: brokenGlass.reviewBy,
      card: attempt.card,
      delivery: attempt.delivery,
    },
    kept: { identity: { ...colleague.account }, reason: brokenGlass.reason, seen: attempt.seen },
  })
  const approved = requestEntry(ports, request, {
    type: 'request.approved',
    actor,
    data: { outcome: outcomeOf(request), legs: {}, broken_glass: true },
  })
  return [broken, approved]
}
