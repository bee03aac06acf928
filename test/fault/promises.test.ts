import { expect, test } from 'vitest'
import type { Change } from '../../src/approvals/change.ts'
import type { Card } from '../../src/approvals/records.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { madeExecution } from '../store/madeGrants.ts'
import { moved as movedOn } from '../support/executing.ts'
import { ask, click } from '../support/world.ts'
import { brokenPromises, unsettled } from './promises.ts'
import { drain, openStage } from './stage.ts'

const card: Card = {
  id: 'crd_other',
  version: 1,
  request: '',
  conversation: 'slack:C0APPROVALS',
  status: 'posted',
  message: 'ts-9',
  shown: 1,
  told: 9,
}

/** Changes that no verb makes, and what has to be said about each. */
const sabotage: Readonly<Record<string, (request: ActionRequest) => Change>> = {
  'approved with 0 approved entries': (request) => ({
    request: moved(request, { state: 'approved' }),
    entries: [],
  }),
  'settled with a deadline': (request) => ({ request: moved(request, { state: 'denied' }), entries: [] }),
  'the decisions are not those of the ledger': (request) => ({
    request: moved(request, {
      decisions: [
        {
          person: 'p',
          account: 'a',
          kind: 'approve',
          reason: null,
          legs: [],
          typed: [],
          via: 'x',
          seen: 'sha256:s',
          at: 'now',
        },
      ],
    }),
    entries: [],
  }),
  '1 reports with 0 entries': (request) => ({
    request: moved(request, { executions: [madeExecution()] }),
    entries: [],
  }),
  'pending without a deadline': ({ id }) => ({ entries: [], dropJobs: [`expire:${id}`] }),
  'two live cards in slack:C0APPROVALS': ({ id }) => ({
    cards: [{ expected: null, next: { ...card, request: id } }],
    entries: [],
  }),
}

test.each(Object.entries(sabotage))('control: “%s” is noticed', async (says, change) => {
  const stage = await openStage()
  const request = await ask(stage.world, 'db.export')
  await drain(stage)
  expect(await brokenPromises(stage)).toEqual([])

  expect(await stage.store.commit(change(request))).toBe('applied')

  expect(await brokenPromises(stage)).toContain(says)
})

test.each([
  ['lapsed with 0 lapsed entries', ['lapse']],
  ['unreported with 0 unreported entries', ['redeem', 'lose']],
] as const)('control: “%s” is noticed of what was approved', async (says, moves) => {
  const stage = await openStage()
  const { id } = await ask(stage.world, 'deploy.start')
  await click(stage.world, id, 'U0GRACE')
  await drain(stage)
  expect(await brokenPromises(stage)).toEqual([])

  await movedOn(stage.store, id, ...moves)

  expect(await brokenPromises(stage)).toContain(says)
})

test('control: a card that shows an old state is noticed', async () => {
  const stage = await openStage()
  const request = await ask(stage.world, 'db.export')
  await drain(stage)
  expect(await unsettled(stage)).toEqual([])

  await stage.store.commit({ request: moved(request, { state: 'cancelled' }), entries: [] })

  expect(await unsettled(stage)).toContain('a card shows version 1 of 2')
})

function moved(request: ActionRequest, change: Partial<ActionRequest>) {
  return { expected: request.version, next: { ...request, ...change, version: request.version + 1 } }
}
