import type { Attempt } from '../../src/approvals/decide.ts'
import { type SubmittedSet, submitSet } from '../../src/approvals/sets/submitSet.ts'
import type { SetSubmission, SubmissionEnvelope } from '../../src/approvals/submission.ts'
import { factsOf } from '../../src/card/facts.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { click, envelope, submission, type World } from './world.ts'

/** What an agent asks for together: each action for a table of its own. */
export function together(
  actions: readonly (string | SetSubmission['members'][number])[],
  change: Partial<SetSubmission> = {},
): SetSubmission {
  const { action: _, involved: __, ...common } = submission('')
  const members = actions.map((one, nth) =>
    typeof one === 'string' ? { action: actionOn(one, `warehouse.t${nth}`), involved: [] } : one,
  )
  return { ...common, members, ...change }
}

export function actionOn(
  action: string,
  table: string,
  params: Record<string, string | number> = { rows: 10 },
) {
  return { action, resource: { type: 'table', id: table }, params, environment: 'prod' }
}

/** Asks for them, and resolves to what was made. */
export function askTogether(
  world: World,
  actions: Parameters<typeof together>[0],
  change: Partial<SetSubmission> & { readonly by?: Partial<SubmissionEnvelope> } = {},
): Promise<SubmittedSet> {
  const { by, ...rest } = change
  return submitSet(world.ports, envelope(world, by), together(actions, rest))
}

/** One click on what a card lists, straight to the verb: on these lines, or on all that wait. */
export async function clickAll(
  world: World,
  set: SubmittedSet,
  user: string,
  change: Partial<Attempt> & { readonly lines?: readonly number[] } = {},
) {
  const { lines, ...attempt } = change
  const now = await world.store.setOf(set.id)
  const listed = lines
    ? lines.flatMap((nth) => now[nth] ?? [])
    : now.filter(({ state }) => state === 'pending')
  const carrier = set.requests.find(({ state }) => state === 'pending')
  return click(world, carrier?.id ?? '', user, {
    together: listed.map((one) => ({ request: one.id, seen: factsOf(one).text })),
    seen: '',
    ...attempt,
  })
}

/** The states of its requests, in order. */
export async function statesIn(world: World, { id }: Pick<SubmittedSet, 'id'>): Promise<readonly string[]> {
  return (await world.store.setOf(id)).map(({ state }) => state)
}

export async function requestsIn(
  world: World,
  { id }: Pick<SubmittedSet, 'id'>,
): Promise<readonly ActionRequest[]> {
  return world.store.setOf(id)
}
