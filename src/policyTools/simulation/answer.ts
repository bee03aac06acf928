import { z } from 'zod'
import { type OutcomeCode, outcomeCodes, outcomeOf } from '../../core/outcome.ts'
import type { ActionRequest } from '../../core/request.ts'
import { properties } from '../../policy/format/shape.ts'

/** What can speak against something that people let through. */
const afterwards = ['deviated', 'revoked', 'rolled_back'] as const

/** What came of a request that was asked: what people said to it, and what was found afterwards. */
export interface Answer {
  /** How the asking ended (src/core/outcome.ts); null while it has not. */
  readonly outcome: OutcomeCode | null
  /** Ids of the people whose decision stands, each once: those who agreed, or whoever said no. */
  readonly by: readonly string[]
  /** From the asking to the last of their decisions, in whole seconds; null where nobody decided. */
  readonly seconds: number | null
  readonly afterwards: readonly (typeof afterwards)[number][]
  /** It was asked to undo another request. */
  readonly undoes: boolean
  /** A value of it was hidden from whoever decided. */
  readonly hidden: boolean
}

/** As it stands in a file of requests. */
export const answerSchema = properties({
  outcome: z.enum(outcomeCodes).nullable(),
  by: z.array(z.string()),
  seconds: z.int().min(0).nullable(),
  afterwards: z.array(z.enum(afterwards)),
  undoes: z.boolean(),
  hidden: z.boolean(),
})

type Answered = Parameters<typeof outcomeOf>[0] &
  Pick<ActionRequest, 'verdict' | 'decisions' | 'executions' | 'revokedBy' | 'rollsBack' | 'createdAt'> & {
    readonly rolledBack: boolean
  }

/** The answer to a request of the database. `today` says who a person of the record is by now: one human counts once. */
export function answerOf(
  request: Answered,
  today: (person: ActionRequest['agent']['owner']) => string,
): Answer {
  const outcome = outcomeOf(request)
  const said = outcome === 'denied' ? 'deny' : 'approve'
  const standing = request.decisions.filter(({ kind, ended, late }) => kind === said && !ended && !late)
  const { hidden } = request.verdict.facts
  const last = standing.reduce((latest, { at }) => (at > latest ? at : latest), '')
  const took = (Date.parse(last) - Date.parse(request.createdAt)) / 1_000
  return {
    outcome,
    by: [...new Set(standing.map(({ person }) => today(person)))].sort(),
    seconds: last === '' ? null : Math.max(0, Math.floor(took)),
    afterwards: [
      ...((request.executions ?? []).some(({ deviations }) => deviations.length > 0)
        ? (['deviated'] as const)
        : []),
      ...(request.revokedBy ? (['revoked'] as const) : []),
      ...(request.rolledBack ? (['rolled_back'] as const) : []),
    ],
    undoes: request.rollsBack !== undefined,
    hidden: Array.isArray(hidden) && hidden.length > 0,
  }
}
