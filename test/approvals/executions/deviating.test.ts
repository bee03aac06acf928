import { beforeEach, describe, expect, test } from 'vitest'
import { digestAction } from '../../../src/core/action.ts'
import { moved } from '../../support/executing.ts'
import { entriesOf } from '../../support/recorded.ts'
import { kindsIn, reportingWorld, resource, said } from '../../support/reportingWorld.ts'
import { ask } from '../../support/world.ts'

let { store, world, agent, approved, executing, reportBy, alarms } = await reportingWorld()
beforeEach(async () => {
  ;({ store, world, agent, approved, executing, reportBy, alarms } = await reportingWorld())
})

describe('something else was done than was approved', () => {
  test('which is kept as a difference, recorded for the agent, and told; nothing is refused', async () => {
    const request = await executing()
    const action = { ...request.action, params: { rows: 99 } }

    const next = await reportBy(agent, request, said('succeeded', { action }))

    expect(next.state).toBe('succeeded')
    expect(next.executions?.[0]).toMatchObject({
      digest: digestAction(action),
      deviations: [{ kind: 'field', pointer: '/params/rows', approved: 10, actual: 99 }],
    })
    expect((await entriesOf(store, request.id, 'execution.deviated'))[0]).toMatchObject({
      subject: { kind: 'agent', id: world.agent.agent.id },
      data: { nth: 0, kinds: ['field'], pointers: ['/params/rows'], deviations: 1 },
      blobs: [{ name: 'deviations' }],
    })
    expect(alarms()).toEqual([{ task: 'alarm', request: request.id, why: 'deviated' }])
    expect(await store.deviations()).toEqual(new Map([[world.agent.agent.id, 1]]))
  })

  test('and where only its digest is known, that is named', async () => {
    const request = await executing()
    const actual = `sha256:${'0'.repeat(64)}` as const

    const next = await reportBy(agent, request, said('succeeded', { digest: actual }))

    expect(next.executions?.[0]?.deviations).toEqual([
      { kind: 'field', pointer: '', approved: request.digest, actual },
    ])
  })

  test('however long the names of its fields are, the entry can be written', async () => {
    const request = await executing()
    const params = Object.fromEntries(
      Array.from({ length: 60 }, (_, nth) => [`${nth}${'\u{1F600}'.repeat(10_000)}`, nth]),
    )

    await reportBy(agent, request, said('succeeded', { action: { ...request.action, params } }))

    const [entry] = await entriesOf(store, request.id, 'execution.deviated')
    expect(entry?.data.pointers).toHaveLength(20)
  })
})

describe('it was done without what it takes', () => {
  test.each([
    ['nobody has asked for its grant', []],
    ['its grant was not redeemed', ['grant']],
    ['its time had passed', ['lapse']],
  ] as const)('not redeemed: %s', async (_, moves) => {
    const { id } = await approved()
    const request = await moved(store, id, ...moves)

    const next = await reportBy(agent, request, said('succeeded', { digest: request.digest }))

    expect(next.state).toBe(request.state)
    expect(kindsIn(next)).toEqual([['not_redeemed']])
    expect(alarms()).toEqual([{ task: 'alarm', request: id, why: 'deviated' }])
  })

  test.each([
    ['nobody has decided', []],
    ['somebody denied it', ['deny']],
    ['it had expired', ['expire']],
    ['the agent had taken it back', ['cancel']],
    ['the approval was taken back', ['approve', 'revoke']],
  ] as const)('not approved, and Security hears it: %s', async (_, moves) => {
    const { id } = await ask(world, 'db.export')
    const request = await moved(store, id, ...moves)

    const next = await reportBy(agent, request, said('started'))

    expect(next.state).toBe(request.state)
    expect(kindsIn(next)).toEqual([['not_approved']])
    expect(alarms()).toContainEqual({ task: 'alarm', request: id, why: 'not_approved' })
  })

  test('also what policy had denied at once, which nobody was asked about', async () => {
    const request = await ask(world, 'audit.delete')

    const next = await reportBy(agent, request, said('succeeded'))

    expect(kindsIn(next)).toEqual([['not_approved']])
    expect(alarms()).toContainEqual({ task: 'alarm', request: request.id, why: 'not_approved' })
  })

  test('also what policy allowed, when a grant was asked for and is not redeemed', async () => {
    const request = await moved(store, (await ask(world, 'repo.read')).id, 'grant')

    expect(kindsIn(await reportBy(agent, request, said('succeeded')))).toEqual([['not_redeemed']])
  })

  test('control: without any of it there is no deviation', async () => {
    expect(kindsIn(await reportBy(agent, await executing(), said('succeeded')))).toEqual([[]])
  })
})

describe('somebody else says otherwise', () => {
  test('a contradiction is kept with both words, and what has ended stays as it is', async () => {
    const request = await executing()
    await reportBy(agent, request, said('succeeded'))

    const next = await reportBy(resource, request, said('failed'))

    expect(next.state).toBe('succeeded')
    expect(next.executions?.[1]).toMatchObject({
      late: true,
      deviations: [{ kind: 'contradiction', with: { kind: 'agent' }, said: 'succeeded' }],
    })
  })

  test('the word of a resource outranks the agent’s while it is executing', async () => {
    const before = await moved(store, (await approved()).id, 'grant')
    await reportBy(resource, before, said('failed'))
    const request = await moved(store, before.id, 'redeem')

    expect((await reportBy(agent, request, said('succeeded'))).state).toBe('failed')
  })

  test('control: without it the agent’s counts', async () => {
    expect((await reportBy(agent, await executing(), said('succeeded'))).state).toBe('succeeded')
  })

  test('only the last word of the other counts, and that it has begun is none', async () => {
    const request = await executing()
    await reportBy(agent, request, said('started'))
    await reportBy(agent, request, said('failed'))
    await reportBy(agent, request, said('succeeded'))

    const next = await reportBy(resource, request, said('succeeded'))

    expect(kindsIn(next).at(-1)).toEqual([])
  })
})

test('late: a report on what was given up is kept, and it stays unreported', async () => {
  const request = await moved(store, (await executing()).id, 'lose')

  const next = await reportBy(agent, request, said('succeeded', { digest: request.digest }))

  expect(next).toMatchObject({ state: 'unreported', executions: [{ late: true, deviations: [] }] })
})
