import type { State } from '../core/lifecycle.ts'
import { progressOf } from '../core/progress.ts'
import type { AnyRequest } from '../core/request.ts'
import type { Entry, EntryType } from '../ledger/entry.ts'
import type { Fact } from './asking.ts'
import { factsOf, summaryOf } from './facts.ts'
import type { Passage } from './passage.ts'
import { nothing, ours, outside, say, strong, type Text, warning } from './span.ts'
import { type Told, tell } from './told.ts'
import type { RequestView } from './view.ts'

/* A rollback is told where people look for it: under what it undoes (docs/rollbacks.md). */

/** The state of a rollback, as it is called under what it undoes. */
const titles = {
  pending: 'Rollback asked for',
  approved: 'Rollback approved',
  denied: 'Rollback denied',
  expired: 'Rollback expired',
  cancelled: 'Rollback cancelled',
  executing: 'Rollback running',
  lapsed: 'Rollback approved, but not used in time',
  revoked: 'Rollback revoked',
  succeeded: 'Rolled back',
  failed: 'Rollback failed',
  unreported: 'Rollback run, but not reported',
} as const satisfies Record<State, string>

/** One whose target had moved on was refused, when its grant was to be minted or redeemed. */
function titleOf({ state, revokedBy }: AnyRequest): string {
  return revokedBy === 'target' ? 'Rollback refused' : titles[state]
}

/** What the card of a request says of its rollbacks, in the order in which they were asked for. */
export function rollbackPassages({ request, rollbacks = [] }: RequestView): readonly Passage[] {
  // While people decide, the card says below what they decide with it.
  if (request.state === 'pending') return []
  return rollbacks.flatMap((one) => {
    const progress = progressOf(one)
    return [
      { line: say`${strong`${ours(titleOf(one))}`}: ${actionOf(one)} (${ours(one.id)})` },
      ...(progress === null ? [] : [{ note: [ours(progress)] }]),
    ]
  })
}

/** The same in one sentence for each, for lists and for whoever asks how a request stands. */
export function rollbackWords({ request, rollbacks = [] }: RequestView): readonly Text[] {
  if (request.state === 'pending') return []
  return rollbacks.map((one) => say`${ours(titleOf(one))} (${ours(one.id)})`)
}

/** On the card of a rollback: what it undoes, and how that went. */
export function undoesFact({ undoes }: RequestView): readonly Fact[] {
  if (!undoes) return []
  const progress = progressOf(undoes)
  const how = progress === null ? nothing : say` ${ours(progress)}`
  return [{ label: 'Undoes', value: say`${actionOf(undoes)} (${ours(undoes.id)}).${how}` }]
}

function actionOf(request: AnyRequest): Text {
  return [outside(summaryOf(factsOf(request)), 500)]
}

/** An entry of a rollback in the thread of what it undoes; undefined for one that is no rollback's. */
export function rollbackTold(view: RequestView, entry: Entry): Told | null | undefined {
  const rollback = view.rollbacks?.find(({ id }) => id === entry.request)
  return rollback && (tellers[entry.type]?.(rollback, entry) ?? null)
}

type Teller = (rollback: AnyRequest, entry: Entry) => Told | null

const tellers: Readonly<Partial<Record<EntryType, Teller>>> = {
  // What was declared with it stands on the card.
  'request.submitted': (one) =>
    one.set ? null : tell(say`${strong`Rollback asked for`} (${ours(one.id)}): ${actionOf(one)}.`),
  'request.approved': of('approved'),
  'request.denied': of('denied'),
  'request.expired': of('expired'),
  'request.cancelled': (one) => (one.withFirst ? null : said(one, 'cancelled')),
  'request.lapsed': of('lapsed'),
  'request.unreported': of('unreported'),
  // What ends it together with the first is told once.
  'request.revoked': (one) =>
    one.revokedBy === 'first'
      ? null
      : one.revokedBy === 'target'
        ? tell(
            say`${warning} ${strong`Rollback refused`} (${ours(one.id)}): something else has run on the resource since, so what it would undo is not what is there.`,
          )
        : said(one, 'revoked'),
  'grant.redeemed': of('executing'),
  'execution.reported': (one, { data: { moved_to: to } }) =>
    to === 'succeeded' || to === 'failed' ? said(one, to) : null,
  'execution.deviated': (one) =>
    tell(say`${warning} ${strong`Not rolled back as approved`} (${ours(one.id)}): please look at that.`),
}

function of(state: State): Teller {
  return (one) => said(one, state)
}

function said({ id }: AnyRequest, state: State): Told {
  return tell(say`${strong`${ours(titles[state])}`} (${ours(id)}).`)
}
