import { beforeEach, describe, expect, test } from 'vitest'
import { type Report, reportLimits } from '../../../src/approvals/executions/report.ts'
import type { Reporter } from '../../../src/approvals/executions/reporter.ts'
import { addAgent } from '../../../src/approvals/people/agents.ts'
import type { ExecutionState } from '../../../src/core/execution.ts'
import { moved } from '../../support/executing.ts'
import { entriesOf, typesOf } from '../../support/recorded.ts'
import { kindsIn, reportingWorld, resource, said } from '../../support/reportingWorld.ts'
import { ask } from '../../support/world.ts'

let { store, world, agent, approved, executing, reportBy, alarms } = await reportingWorld()
beforeEach(async () => {
  ;({ store, world, agent, approved, executing, reportBy, alarms } = await reportingWorld())
})

const another: Reporter = { ...resource, id: 'rsc_2' }

describe('what was done is reported', () => {
  test.each([
    ['succeeded', 'succeeded'],
    ['failed', 'failed'],
    ['started', 'executing'],
  ] as const)('as %s, and the request is %s', async (state, ends) => {
    const request = await executing()

    const next = await reportBy(agent, request, said(state, { digest: request.digest }))

    expect(next.state).toBe(ends)
    expect(next.executions).toMatchObject([
      { state, by: { kind: 'agent', id: world.agent.agent.id }, digest: request.digest, deviations: [] },
    ])
    expect(await store.request(request.id)).toEqual(next)
  })

  test('when the asking ended stays as it was, and its outcome says what has become of it', async () => {
    const request = await executing()

    const next = await reportBy(agent, request, said('succeeded'))

    expect(next).toMatchObject({ settledAt: request.settledAt, outcome: 'It was reported as done.' })
  })

  test('it is recorded in the same words, with what comes from outside beside the leaf', async () => {
    const request = await executing()
    const links = ['https://ci.acme.test/1']

    await reportBy(agent, request, said('succeeded', { action: request.action, links, note: 'All of it.' }))

    expect((await entriesOf(store, request.id, 'execution.reported'))[0]).toMatchObject({
      actor: { kind: 'agent', id: world.agent.agent.id, via: 'api' },
      data: {
        nth: 0,
        state: 'succeeded',
        moved_to: 'succeeded',
        says: 'It was reported as done.',
        deviations: 0,
      },
      blobs: [{ name: 'action' }, { name: 'digest' }, { name: 'links' }, { name: 'note' }],
    })
    expect(JSON.stringify(await entriesOf(store, request.id, 'execution.reported'))).not.toContain(
      'acme.test/1',
    )
    expect(store.jobs.has(`refresh:${request.id}`)).toBe(true)
    expect(alarms()).toEqual([])
  })

  test('and kept without an alarm where policy allowed it and nobody had asked for a grant', async () => {
    const request = await ask(world, 'repo.read')

    const next = await reportBy(agent, request, said('succeeded', { digest: request.digest }))

    expect(next.state).toBe('approved')
    expect(kindsIn(next)).toEqual([[]])
  })
})

describe('the same report again', () => {
  test('is answered as before, and kept once', async () => {
    const request = await executing()
    const first = await reportBy(agent, request, said('succeeded', { digest: request.digest }))

    const again = await reportBy(
      agent,
      request,
      said('succeeded', { digest: request.digest, note: 'Again.' }),
    )

    expect(again).toEqual(first)
    expect(await entriesOf(store, request.id, 'execution.reported')).toHaveLength(1)
  })

  test.each([
    ['another state', agentSays('started')],
    ['another digest', agentSays('succeeded', `sha256:${'0'.repeat(64)}`)],
  ] as const)('control: with %s it is another one', async (_, sent) => {
    const request = await executing()
    await reportBy(agent, request, said('succeeded', { digest: request.digest }))

    await reportBy(agent, request, sent)

    expect(await entriesOf(store, request.id, 'execution.reported')).toHaveLength(2)
  })

  test('by another reporter is another one', async () => {
    const request = await executing()
    await reportBy(agent, request, said('succeeded'))

    expect((await reportBy(resource, request, said('succeeded'))).executions).toHaveLength(2)
    expect((await reportBy(another, request, said('succeeded'))).executions).toHaveLength(3)
  })

  test('ends what is executing, when it was first sent before the grant was redeemed', async () => {
    const request = await moved(store, (await approved()).id, 'grant')
    await reportBy(agent, request, said('succeeded'))
    await moved(store, request.id, 'redeem')

    expect((await reportBy(agent, request, said('succeeded'))).state).toBe('succeeded')
  })
})

describe('who may report', () => {
  test('another agent does not even hear that there is such a request', async () => {
    const request = await executing()
    const lee = { email: 'lee@acme.test' }
    const other = await addAgent(world.ports, { name: 'other-agent', owner: lee, by: lee, via: 'test' })

    await expect(
      reportBy({ kind: 'agent', id: other.agent.id, via: 'api' }, request, said('failed')),
    ).rejects.toMatchObject({ code: 'unknown_request' })
    expect(await typesOf(store, request.id)).not.toContain('execution.reported')
  })

  test('nor a resource of another audience, nor any before there is a grant', async () => {
    const request = await executing()
    const foreign: Reporter = { ...resource, audience: 'elsewhere' }
    const ungranted = await ask(world, 'db.export')

    await expect(reportBy(foreign, request, said('failed'))).rejects.toMatchObject({
      code: 'unknown_request',
    })
    await expect(reportBy(resource, ungranted, said('failed'))).rejects.toMatchObject({
      code: 'unknown_request',
    })
  })

  test('control: a resource of its audience may', async () => {
    expect((await reportBy(resource, await executing(), said('failed'))).state).toBe('failed')
  })
})

describe('how many are kept', () => {
  const nth = (n: number) => `sha256:${n.toString(16).padStart(64, '0')}` as const

  test('so many of the agent, which cannot keep a resource from its word', async () => {
    const request = await executing()
    for (let n = 0; n < reportLimits.ofAgent; n += 1)
      await reportBy(agent, request, said('started', { digest: nth(n) }))

    await expect(reportBy(agent, request, said('succeeded'))).rejects.toMatchObject({
      code: 'too_many_reports',
    })
    expect((await reportBy(resource, request, said('failed'))).state).toBe('failed')
  })

  test('and so many in all; one that is there already is still answered', async () => {
    const request = await executing()
    for (let n = 0; n < reportLimits.ofRequest; n += 1)
      await reportBy(resource, request, said('started', { digest: nth(n) }))

    await expect(reportBy(another, request, said('started'))).rejects.toMatchObject({
      code: 'too_many_reports',
    })
    await expect(reportBy(resource, request, said('started', { digest: nth(0) }))).resolves.toBeDefined()
  })
})

test('two reports at once: both are kept, and one of them ends it', async () => {
  const request = await executing()

  await Promise.all([
    reportBy(agent, request, said('succeeded')),
    reportBy(resource, request, said('failed')),
  ])

  const next = await store.request(request.id)
  expect(next?.executions).toHaveLength(2)
  expect(next?.executions?.flatMap(({ deviations }) => deviations)).toHaveLength(1)
})

function agentSays(state: ExecutionState, digest: Report['digest'] = null): Report {
  return said(state, { digest })
}
