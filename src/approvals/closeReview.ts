import { Refusal } from '../core/refusal.ts'
import type { ActionRequest, BrokenGlass, Review } from '../core/request.ts'
import { visible } from '../core/visible.ts'
import { byPerson, type Decided, type Ruling } from './byPerson.ts'
import { jobKey } from './job.ts'
import { requestEntry } from './newEntry.ts'
import { type Colleague, mayCloseReview } from './people/eligibility.ts'
import type { ReviewAttempt } from './personCommand.ts'
import type { Ports } from './ports.ts'
import { refreshJob } from './settle.ts'

/**
 * Somebody other than whoever broke the glass has looked at it and says what they found. Late is better than never:
 * an overdue review can still be closed.
 *
 * @throws Refusal `unknown_request`, `foreign_payload`, `no_open_review`, those of `mayCloseReview`, `reason_needed`, `busy`
 */
export function closeReview(ports: Ports, attempt: ReviewAttempt): Promise<Decided> {
  return byPerson(ports, attempt, {
    verb: 'close_review',
    judge: async (ports, request) => {
      const { brokenGlass } = request
      if (!brokenGlass || brokenGlass.review)
        throw new Refusal('no_open_review', 'the glass was never broken, or its review is closed')
      const colleague = await mayCloseReview(ports, request, attempt.account)
      if (visible(attempt.note) === '') throw new Refusal('reason_needed', 'a review without a note')
      return ruling(ports, request, { brokenGlass, colleague, attempt })
    },
  })
}

function ruling(
  ports: Ports,
  request: ActionRequest,
  by: {
    readonly brokenGlass: BrokenGlass
    readonly colleague: Colleague
    readonly attempt: ReviewAttempt
  },
): Ruling {
  const { brokenGlass, colleague, attempt } = by
  const at = ports.clock().toISOString()
  const review: Review = {
    person: colleague.person,
    account: colleague.account.key,
    note: attempt.note.trim(),
    at,
  }
  const next = { ...request, version: request.version + 1, brokenGlass: { ...brokenGlass, review } }
  const entry = requestEntry(ports, next, {
    type: 'review.closed',
    actor: { kind: 'person', id: colleague.person, account: colleague.account.key, via: attempt.via },
    data: {
      late: at > brokenGlass.reviewBy,
      card: attempt.card,
      delivery: attempt.delivery,
    },
    kept: { identity: { ...colleague.account }, note: review.note },
  })
  return {
    request: { expected: request.version, next },
    links: colleague.links,
    entries: [entry],
    jobs: refreshJob(next),
    dropJobs: [jobKey({ task: 'review', request: request.id, at: '' })],
  }
}
