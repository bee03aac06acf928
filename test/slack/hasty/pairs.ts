import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { knownNames } from '../../../src/approvals/policy/knownNames.ts'
import { earlierFrom, storedEarlier } from '../../../src/card/earlier.ts'
import type { RequestView } from '../../../src/card/view.ts'
import { type Action, digestAction } from '../../../src/core/action.ts'
import type { Json, JsonObject } from '../../../src/core/json.ts'
import type { ActionRequest } from '../../../src/core/request.ts'
import { evaluate } from '../../../src/policy/evaluate.ts'
import { decisionOf, viewOfExport } from '../../card/views.ts'
import { filesIn, loaded } from '../../policy/files.ts'
import { exportRequest } from '../../support/exportRequest.ts'
import { requestOfToday } from '../../support/people.ts'

/** What is asked, as far as it differs from the first one that was approved. */
interface Laid {
  readonly params?: Readonly<Record<string, Json>>
  readonly resource?: string
  readonly environment?: string
}

interface Pair extends Laid {
  readonly name: string
  readonly action: string
  readonly resource: string
  readonly approved: readonly Laid[]
  readonly dangerous: Laid
  readonly harmless: Laid
  /** What a mark on the dangerous card has to show. */
  readonly fact: string
}

// The file is ours, in the shape that stands at its head.
export const pairs = parse(readFileSync('test/slack/hasty/pairs.yaml', 'utf8')) as readonly Pair[]

/** The policy that ships, with its inventory. */
const bundle = loaded(filesIn('policies'))
const askedAt = Date.parse('2026-11-24T14:00:00.000Z')

/** The card of the dangerous one, of its twin, and of what was approved first when nothing had been approved before. */
export function cardsOf(pair: Pair): Readonly<Record<'dangerous' | 'harmless' | 'first', RequestView>> {
  const approved = approvedOf(pair)
  const [first] = pair.approved
  return {
    dangerous: viewAfter(approved, actionOf(pair, pair.dangerous)),
    harmless: viewAfter(approved, actionOf(pair, pair.harmless)),
    first: viewAfter([], actionOf({ ...pair, approved: [{}] }, first ?? {})),
  }
}

/** The newest first, a day apart. */
export function approvedOf(pair: Pair): readonly ActionRequest[] {
  return pair.approved.map((one, nth) => {
    const action = actionOf({ ...pair, approved: [{}] }, one)
    const at = new Date(askedAt - (nth + 1) * 86_400_000).toISOString()
    return {
      ...exportRequest({ action }),
      ...{ id: `req_before${nth}`, action, digest: digestAction(action), state: 'succeeded' as const },
      decisions: [{ ...decisionOf('bob', 'approve'), at }],
      ...{ createdAt: at, settledAt: at },
    }
  })
}

export function actionOf({ action, resource, environment = 'prod', approved }: Pair, laid: Laid): Action {
  const [type = '', id = ''] = (laid.resource ?? resource).split(' ')
  const params = Object.entries({ ...approved[0]?.params, ...laid.params }).filter(
    ([, value]) => value !== null,
  )
  return {
    action,
    resource: { type, id },
    params: Object.fromEntries(params) as JsonObject, // what YAML holds is JSON here
    environment: laid.environment ?? environment,
  }
}

function viewAfter(approved: readonly ActionRequest[], action: Action): RequestView {
  const at = new Date(askedAt).toISOString()
  const judged = evaluate(bundle, { action, agent: { id: 'agt_1', name: 'bot' }, at })
  const verdict = { ...judged.verdict, kind: 'require_approval' as const }
  const found = approved.map((one) => ({
    ...one,
    ...{ isEmergency: false, isLiftable: false, hasDeviated: false, isErased: false },
  }))
  const digest = digestAction(action)
  const earlier = earlierFrom({ action, digest, verdict, createdAt: at }, found, knownNames(bundle))
  const [precedent] = approved.filter(({ id }) => id === earlier?.last?.request)
  return {
    ...viewOfExport({
      ...{ action, digest, effect: judged.effect, createdAt: at },
      verdict: {
        ...verdict,
        facts: { ...verdict.facts, ...(earlier && { earlier: storedEarlier(earlier) }) },
      },
    }),
    ...(precedent && { precedent: requestOfToday(precedent) }),
  }
}
