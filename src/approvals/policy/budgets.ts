import type { ActionRequest, Counted, Verdict } from '../../core/request.ts'
import type { Ask } from '../../policy/ask.ts'
import type { Bundle, CountedAction } from '../../policy/bundle.ts'
import { numbersWith, sameUpTo, type Use, usesOf } from '../../policy/counted.ts'
import type { Facts } from '../../policy/facts.ts'
import { storedFacts } from '../../policy/facts.ts'
import type { BudgetRead } from '../change.ts'
import type { Ports } from '../ports.ts'
import type { BudgetNumbers } from '../queries.ts'

/** An ask with what its budgets have counted, and what that means for its commit. */
export interface CountedAsk {
  readonly ask: Ask
  /** What it is counted under once it is let through. */
  readonly counts: readonly Counted[]
  /** Up to where the verdict holds, for the commit of what policy allows by itself. */
  readonly reads: readonly BudgetRead[]
}

/**
 * Looks up what an action is judged by, where a rule about it goes by a budget. Without a lock: the commit says whether it still holds
 * (docs/policy.md#budgets). `earlier`: what is let through before it in the same commit.
 */
export async function countedAsk(
  ports: Pick<Ports, 'store'>,
  bundle: Bundle | null,
  { ask, earlier }: { readonly ask: Ask; readonly earlier: readonly Counted[] },
): Promise<CountedAsk> {
  const counted = bundle?.counted.get(ask.action.action)
  if (!bundle || !counted) return { ask, counts: [], reads: [] }
  const uses = usesOf(bundle, counted.budgets, {
    action: ask.action,
    agent: ask.agent.id,
    initiator: ask.initiator ?? null,
  })
  const counts = uses.flatMap(({ key, amount, budget: { of } }) =>
    key === null ? [] : [{ key, amount, of }],
  )
  const known = await lookedUp(ports, counted, { uses, at: ask.at, except: null, earlier })
  return {
    ask: known.length === 0 ? ask : { ...ask, budget: factsIn(known) },
    counts,
    reads: known.map((one) => readOf(counted, one)),
  }
}

/** `budgetReads`: up to where what is said of it now holds, for the commit that releases it. */
interface CountedNow {
  readonly request: ActionRequest
  readonly budgetReads: readonly BudgetRead[]
}

/**
 * A request as the active policy judges it at the moment of its effect: with what has been counted by now, itself left out and counted
 * once more. Where no rule about it goes by a budget, it is as it was.
 */
export async function countedNow(
  ports: Pick<Ports, 'store' | 'policy' | 'clock'>,
  request: ActionRequest,
): Promise<CountedNow> {
  const { action, agent, verdict } = request
  const bundle = ports.policy()
  const counted = bundle?.counted.get(action.action)
  const stored = storedFacts(verdict.facts)
  if (!bundle || !counted || counted.read.length === 0 || stored === null) return { request, budgetReads: [] }
  const initiator = stored.initiator ?? null
  const uses = usesOf(bundle, counted.read, { action, agent: agent.id, initiator })
  const at = ports.clock().toISOString()
  const known = await lookedUp(ports, counted, { uses, at, except: request.id, earlier: [] })
  const facts = { ...verdict.facts, budget: { ...factsIn(known) } }
  return {
    request: { ...request, verdict: { ...verdict, facts } },
    budgetReads: known.map((one) => readOf(counted, one)),
  }
}

/** What others of the same commit are judged after: what policy lets through by itself is counted with it. */
export function countsOf({ kind, counts = [] }: Verdict): readonly Counted[] {
  return kind === 'allow' ? counts : []
}

/** What people let through, as budgets count it: those that count only what policy allows do not. */
export function releasedCounts({ state, verdict }: ActionRequest): readonly Counted[] {
  return state === 'approved' ? (verdict.counts ?? []).filter(({ of }) => of === 'all') : []
}

/** A store whose budgets have counted, too, what the same commit is going to let through. */
export function alsoCounting(store: Ports['store'], earlier: () => readonly Counted[]): Ports['store'] {
  return {
    ...store,
    async budgetNumbers(asked) {
      const found = await store.budgetNumbers(asked)
      return found.map((numbers, nth) => withEarlier(numbers, asked[nth]?.key, earlier()))
    },
  }
}

function withEarlier(
  numbers: BudgetNumbers,
  key: string | undefined,
  earlier: readonly Counted[],
): BudgetNumbers {
  const sooner = earlier.filter((one) => one.key === key)
  const sum = sooner.reduce((all, { amount }) => all + (amount ?? 0), numbers.sum)
  return { ...numbers, count: numbers.count + sooner.length, sum }
}

/** One use, with what was counted before it. */
interface Known {
  readonly use: Use & { readonly key: string }
  readonly numbers: NonNullable<Facts['budget']>[string]
  readonly before: BudgetNumbers
}

interface LookUp {
  readonly uses: readonly Use[]
  readonly at: string
  readonly except: string | null
  readonly earlier: readonly Counted[]
}

async function lookedUp(
  { store }: Pick<Ports, 'store'>,
  { read }: CountedAction,
  { uses, at, except, earlier }: LookUp,
): Promise<readonly Known[]> {
  const asked = uses.flatMap((use) =>
    use.key !== null && read.includes(use.budget) ? [{ ...use, key: use.key }] : [],
  )
  if (asked.length === 0) return []
  const found = await store.budgetNumbers(
    asked.map(({ key, budget }) => ({ key, since: secondsBefore(at, budget.windowSeconds), except })),
  )
  return asked.flatMap((use, nth): readonly Known[] => {
    const before = found[nth]
    if (before === undefined) return []
    return [{ use, before, numbers: numbersWith(withEarlier(before, use.key, earlier), use) }]
  })
}

function factsIn(known: readonly Known[]): NonNullable<Facts['budget']> {
  return Object.fromEntries(known.map(({ use, numbers }) => [use.budget.name, numbers]))
}

/** As many more as there are up to the next number by which it would be judged otherwise. */
function readOf(counted: CountedAction, { use, numbers, before }: Known): BudgetRead {
  const budget = use.budget.name
  const count = sameUpTo(counted, { budget, of: 'count', value: numbers.count })
  const sum = numbers.sum === undefined ? null : sameUpTo(counted, { budget, of: 'sum', value: numbers.sum })
  return {
    key: use.key,
    addedAtMost: count === null ? null : before.added + count - numbers.count,
    amountAtMost: sum === null ? null : `${BigInt(before.amount) + BigInt(sum) - BigInt(numbers.sum ?? 0)}`,
  }
}

function secondsBefore(at: string, seconds: number): string {
  return new Date(Date.parse(at) - seconds * 1_000).toISOString()
}
