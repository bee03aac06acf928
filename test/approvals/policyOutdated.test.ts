import { expect, test } from 'vitest'
import { viewOf } from '../../src/approvals/inspect.ts'
import type { Job } from '../../src/approvals/job.ts'
import { activateApproved } from '../../src/approvals/policy/activateApproved.ts'
import { activatePolicy } from '../../src/approvals/policy/activatePolicy.ts'
import type { Store } from '../../src/approvals/ports.ts'
import { testBundle } from '../support/testBundle.ts'
import { agree, asked, guarded, looser, policyHouse, stricter } from './policyHouse.ts'

test('one that waits is shown as out of date as soon as another policy is active, and control: before that it is not', async () => {
  const house = await policyHouse()
  await house.propose(guarded)
  const request = await asked(house, looser)
  const jobs: (readonly Job[])[] = []
  const commit: Store['commit'] = (change) => {
    jobs.push(change.jobs ?? [])
    return house.ports.store.commit(change)
  }
  expect((await viewOf(house.ports, request)).change).toBeUndefined()

  const next = { bundle: testBundle(stricter), files: stricter, by: 'test', via: 'test' }
  await activatePolicy({ ...house.ports, store: { ...house.ports.store, commit } }, next)

  expect(jobs.flat()).toContainEqual({ task: 'refresh', request: request.id })
  expect((await viewOf(house.ports, request)).change).toBe('outdated')
})

test('what can loosen the policy is among what people are told, and counts although no request of the past met it', async () => {
  const house = await policyHouse()
  const told = { ...guarded, 'rules/s3.yaml': reason(40) }
  await house.propose(told)

  const request = await asked(house, { ...told, 'rules/s3.yaml': reason(10) })

  expect(request.action.params).toMatchObject({
    loosened: 1,
    weakens: ['The rule "copy" may ask for less: the reason may be shorter (10 characters).'],
    summary: expect.stringContaining('1 edit can loosen it'),
  })
})

test('control: a change that only tightens loosens nothing', async () => {
  const house = await policyHouse()
  await house.propose(guarded)

  expect((await asked(house, stricter)).action.params).toMatchObject({ loosened: 0, weakens: [] })
})

test('a change that came into force says so', async () => {
  const house = await policyHouse()
  await house.propose(guarded)
  const request = await asked(house, looser)
  await agree(house, request)
  await activateApproved(house.ports, request.id)

  const approved = await house.ports.store.request(request.id)

  expect(approved && (await viewOf(house.ports, approved)).change).toBe('in_force')
})

const reason = (length: number) => `
- id: copy
  description: Copies need a reason.
  match: {actions: [table.drop]}
  verdict: require_approval
  require: {reason: {min_length: ${length}}}
`
