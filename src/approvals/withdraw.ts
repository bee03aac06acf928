import { Refusal } from '../core/refusal.ts'
import type { ActionRequest } from '../core/request.ts'
import { isDecidedElsewhere } from '../core/set.ts'
import { byPerson, type Decided, howItCame, type Ruling, refuseIfOver } from './byPerson.ts'
import { refuseDoneAtOnce, takenBack } from './grants/takenBack.ts'
import { requestEntry } from './newEntry.ts'
import { type Colleague, mayTakeBackGlass, mayWithdraw } from './people/eligibility.ts'
import type { WithdrawalAttempt } from './personCommand.ts'
import type { Ports } from './ports.ts'
import { refreshJob } from './settle.ts'

/**
 * An approver takes their approval back. While the request waits, its leg is open again, and they may decide anew. After the release and
 * until its grant is redeemed, that revokes what was approved, whoever else agreed: whoever has doubts need not look for others. What
 * was redeemed is out; that cannot be taken back.
 *
 * @throws Refusal `unknown_request`, `foreign_payload`, `wrong_state`, `decided_together`, those of `mayWithdraw`, `busy`
 */
export function withdraw(ports: Ports, attempt: WithdrawalAttempt): Promise<Decided> {
  return byPerson(ports, attempt, {
    verb: 'withdraw',
    judge: async (ports, request) => {
      if (isDecidedElsewhere(request))
        throw new Refusal('decided_together', 'taking back a vote on a declared rollback alone')
      if (request.state === 'approved') return afterRelease(ports, request, attempt)
      await refuseIfOver(ports, request)
      const { approvals, ...colleague } = await mayWithdraw(ports, request, attempt.account)
      return ruling(ports, request, { colleague, approvals, attempt })
    },
  })
}

/** An approval that is taken back now ends with the request; the glass that somebody broke stays broken, and is reviewed. */
async function afterRelease(
  ports: Ports,
  request: ActionRequest,
  attempt: WithdrawalAttempt,
): Promise<Ruling> {
  refuseDoneAtOnce(request)
  if (request.brokenGlass) {
    const colleague = await mayTakeBackGlass(ports, request, attempt.account)
    return takenBack(ports, request, { colleague, attempt })
  }
  const { approvals, ...colleague } = await mayWithdraw(ports, request, attempt.account)
  const withdrawn = ruling(ports, request, { colleague, approvals, attempt })
  const { decisions } = withdrawn.request.next
  const change = takenBack(ports, { ...request, decisions }, { colleague, attempt })
  return { ...change, entries: [...withdrawn.entries, ...change.entries] }
}

interface By {
  readonly colleague: Colleague
  /** Which of the decisions; several when people who agreed turned out to be one. */
  readonly approvals: readonly number[]
  readonly attempt: WithdrawalAttempt
}

function ruling(ports: Ports, request: ActionRequest, by: By): Ruling {
  const { colleague, approvals, attempt } = by
  const at = ports.clock().toISOString()
  const reason = attempt.reason?.trim() || null
  const taken = request.decisions.filter((_, nth) => approvals.includes(nth))
  const decisions = request.decisions.map((one, nth) =>
    approvals.includes(nth) ? { ...one, ended: { how: 'withdrawn' as const, reason, at } } : one,
  )
  const next = { ...request, version: request.version + 1, decisions }
  const entry = requestEntry(ports, next, {
    type: 'decision.withdrawn',
    actor: { kind: 'person', id: colleague.person, account: colleague.account.key, via: attempt.via },
    data: {
      decided_at: taken.map((one) => one.at),
      legs: [...new Set(taken.flatMap((one) => one.legs))],
      card: attempt.card,
      delivery: attempt.delivery,
      ...howItCame(attempt),
    },
    kept: { identity: { ...colleague.account }, reason },
  })
  return {
    request: { expected: request.version, next },
    links: colleague.links,
    entries: [entry],
    jobs: refreshJob(next),
  }
}
