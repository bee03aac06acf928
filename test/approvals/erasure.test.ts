import { describe, expect, test } from 'vitest'
import { askErasure } from '../../src/approvals/erasure/askErasure.ts'
import { eraseApproved } from '../../src/approvals/erasure/eraseApproved.ts'
import type { Erasable } from '../../src/approvals/erasure/records.ts'
import { report } from '../../src/approvals/executions/report.ts'
import { lapseUnredeemed } from '../../src/approvals/grants/unredeemed.ts'
import { submit } from '../../src/approvals/submit.ts'
import { testChannel } from '../support/channel.ts'
import { shell } from '../support/claims.ts'
import { askToErase, erasingPolicy } from '../support/erasingWorld.ts'
import { jobsAtWork } from '../support/jobsAtWork.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { ask, click, envelope, submission, testWorld } from '../support/world.ts'

/** A request that Grace has denied, with the jobs at work. */
async function denied() {
  const store = memoryStore()
  const world = await testWorld({ store, policy: erasingPolicy() })
  const { runDue } = jobsAtWork({ ports: world.ports, store, channel: testChannel(), clock: world.clock })
  const asked = { envelope: envelope(world), submission: submission('iam.change') }
  const { request } = await submit(world.ports, asked.envelope, asked.submission)
  await click(world, request.id, 'U0GRACE', { kind: 'deny', reason: 'words-of-grace' })
  return { store, world, runDue, id: request.id, asked }
}

/** Asked for, agreed to by Priya, and done by its job. */
async function erased() {
  const open = await denied()
  const { id } = await askToErase(open.world, request(open.id))
  await click(open.world, id, 'U0PRIYA')
  await open.runDue()
  return open
}

const request = (id: string): Erasable => ({ what: 'request', id })

describe('a request that was erased', () => {
  test('is done by the job of the approval', async () => {
    const { store, id } = await erased()

    expect(await store.request(id)).toMatchObject({ action: { params: {} }, erased: { digest: 'salted' } })
    expect(store.blobs.filter(({ text }) => text.includes('words-of-grace'))).toEqual([])
  })

  test('answers under its idempotency key, so that the key makes no other request', async () => {
    const { world, id, asked } = await erased()

    const again = await submit(world.ports, asked.envelope, asked.submission)

    expect(again).toMatchObject({ created: false, request: { id, action: { params: {} } } })
  })

  test.each([['a report', (w: Awaited<ReturnType<typeof erased>>) => reportOn(w)]])(
    'takes no more: %s',
    async (_, attempt) => {
      const open = await erased()

      await expect(attempt(open)).rejects.toMatchObject({ code: 'erased' })
    },
  )

  test('records that there was a report, once, with what it contradicts and nothing of what it says', async () => {
    const open = await erased()
    const { store, id } = open
    for (const _ of [1, 2]) await expect(reportOn(open)).rejects.toMatchObject({ code: 'erased' })

    const entries = await store.entries(id)
    expect(entries.filter(({ type }) => type === 'execution.reported')).toMatchObject([
      { actor: { kind: 'agent' }, data: { state: 'succeeded', late: true, of_erased: true, deviations: 1 } },
    ])
    expect(store.ledger.find(({ type }) => type === 'execution.deviated')).toMatchObject({
      data: { kinds: ['not_approved'] },
    })
    expect((await store.request(id))?.executions ?? []).toEqual([])
  })

  test('takes no rollback', async () => {
    const { world, id } = await erased()

    await expect(ask(world, 'iam.change', { rollsBack: id })).rejects.toMatchObject({ code: 'erased' })
  })
})

function reportOn({ world, id }: Awaited<ReturnType<typeof erased>>) {
  const by = { kind: 'agent', id: world.agent.agent.id, via: 'api' } as const
  const said = {
    state: 'succeeded',
    action: null,
    digest: null,
    result: null,
    links: [],
    note: null,
  } as const
  return report(world.ports, { request: id, by, report: said })
}

describe('erasing is an action under policy', () => {
  test.each([
    ['whoever asks for it', 'U0NOOR'],
    ['whoever is behind what is erased', 'U0ALICE'],
    ['whoever decided about it', 'U0GRACE'],
  ])('not decided by %s', async (_, user) => {
    const { world, id } = await denied()
    world.directory.groups.set('S0SECURITY', ['U0NOOR', 'U0ALICE', 'U0GRACE', 'U0PRIYA'])
    const asked = await askToErase(world, request(id))

    await expect(click(world, asked.id, user)).rejects.toMatchObject({ code: 'own_request' })
    await expect(click(world, asked.id, 'U0PRIYA')).resolves.toBeDefined() // the control
  })

  test.each([
    ['whose words they are', 'U0GRACE'],
    ['who is behind what they denied', 'U0ALICE'],
    ['who asks for it', 'U0NOOR'],
  ])('a person’s words are not given up by whoever is one %s', async (_, user) => {
    const { store, world, id } = await denied()
    world.directory.groups.set('S0SECURITY', ['U0NOOR', 'U0ALICE', 'U0GRACE', 'U0PRIYA'])
    const person = (await store.request(id))?.decisions[0]?.person ?? ''
    const asked = await askToErase(world, { what: 'person', id: person })

    await expect(click(world, asked.id, user)).rejects.toMatchObject({ code: 'own_request' })
    await expect(click(world, asked.id, 'U0PRIYA')).resolves.toBeDefined() // the control
  })

  test('where everybody who could decide is behind it, nobody is asked', async () => {
    const { store, world, id } = await denied()
    world.directory.groups.set('S0SECURITY', ['U0ALICE', 'U0GRACE'])
    const person = (await store.request(id))?.decisions[0]?.person ?? ''

    const asked = await askToErase(world, { what: 'person', id: person })

    expect(asked).toMatchObject({ state: 'denied', verdict: { code: 'unsatisfiable' } })
  })

  test('whoever agreed, and is behind what has ended since, has agreed to nothing', async () => {
    const { store, world, id, runDue } = await denied()
    const person = (await store.request(id))?.decisions[0]?.person ?? ''
    const open = await ask(world, 'deploy.start', { initiator: { email: 'priya@acme.test' } })
    const asked = await askToErase(world, { what: 'person', id: person })
    await click(world, asked.id, 'U0PRIYA')
    await click(world, open.id, 'U0GRACE', { kind: 'deny', reason: 'no, Priya' })

    await runDue()

    expect((await store.entries(asked.id)).find(({ type }) => type === 'erasure.refused')).toMatchObject({
      data: { why: 'own_request' },
    })
    expect((await store.request(id))?.outcome).toBe('words-of-grace')
  })

  test('the record of changes keeps who they were and what they said; so does what others are behind, too', async () => {
    const { store, world, id } = await denied()
    const person = (await store.request(id))?.decisions[0]?.person ?? ''
    world.directory.groups.set('S0SECURITY', ['U0GRACE', 'U0PRIYA'])
    const ours = await askToErase(world, request(id))
    await click(world, ours.id, 'U0GRACE', { kind: 'deny', reason: 'words-of-grace too' }).catch(() => null)
    await click(world, ours.id, 'U0PRIYA', { kind: 'deny', reason: 'no' })
    const kept = async () => (await store.entries(ours.id)).flatMap(({ blobs }) => blobs).length
    const before = await kept()
    const identities = () =>
      store.blobs.filter(({ entry, name }) => {
        const line = store.ledger.find((one) => one.id === entry)
        return name === 'identity' && line?.type === 'request.submitted' && line.request === id
      }).length
    const asked = await askToErase(world, { what: 'person', id: person })
    await click(world, asked.id, 'U0PRIYA')
    await eraseApproved(world.ports, asked.id)

    expect(await kept()).toBe(before)
    expect(identities()).toBe(1)
    expect((await store.request(id))?.outcome).toBe('Erased.') // the control
  })

  test('a policy that allows it without asking anybody erases nothing, and it is recorded', async () => {
    const { store, world, id } = await denied()
    world.setPolicy(erasingPolicy('  verdict: allow\n'))
    await world.ports.renewPolicy()

    const asked = await askToErase(world, request(id))

    expect((await store.entries(asked.id)).at(-1)).toMatchObject({
      type: 'erasure.refused',
      data: { erases: id, why: 'nobody_decided' },
    })
    expect((await store.request(id))?.outcome).toBe('words-of-grace')
  })

  test.each([
    ['waits for people', 'db.export'],
    ['may still be done', 'repo.read'],
  ])('refused while the request %s', async (_, action) => {
    const { world } = await denied()
    const { id } = await ask(world, action)

    await expect(askToErase(world, request(id))).rejects.toMatchObject({ code: 'not_applicable' })
  })

  test('refused while an approval is past its time and has not lapsed, so that it lapses', async () => {
    const { world } = await denied()
    const { id } = await ask(world, 'deploy.start')
    await click(world, id, 'U0GRACE')
    world.clock.advance(3_600)

    await expect(askToErase(world, request(id))).rejects.toMatchObject({ code: 'not_applicable' })

    await lapseUnredeemed(world.ports, id)
    world.clock.advance(86_400)
    await expect(askToErase(world, request(id))).resolves.toBeDefined() // the control
  })

  test('the record of an erasure is not erased', async () => {
    const { world, id } = await denied()
    const asked = await askToErase(world, request(id))
    await click(world, asked.id, 'U0PRIYA', { kind: 'deny', reason: 'no' })

    await expect(askToErase(world, request(asked.id))).rejects.toMatchObject({
      problems: [{ detail: expect.stringContaining('says who changed what') }],
    })
  })

  test('who asks again, and for more, is asked again: the cards are drawn only where that was confirmed', async () => {
    const { world, id } = await denied()
    const claim = { by: { email: 'noor@acme.test' }, reason: 'They asked for it', via: 'cli', shell } as const
    const asked = async (updateCards: boolean) => {
      const ports = { ...world.ports, confirms: true }
      const outcome = await askErasure(ports, { erasable: request(id), updateCards, ...claim })
      return outcome.outcome === 'unconfirmed' ? outcome.confirmation.id : null
    }

    const first = await asked(false)

    expect(await asked(false)).toBe(first)
    expect(await asked(true)).not.toBe(first)
  })

  test('where people can be asked, whoever gives the command confirms it first', async () => {
    const { store, world, id } = await denied()

    const asked = await askErasure(
      { ...world.ports, confirms: true },
      {
        erasable: request(id),
        by: { email: 'noor@acme.test' },
        reason: 'They asked for it',
        updateCards: false,
        via: 'cli',
        shell,
      },
    )

    expect(asked).toMatchObject({ outcome: 'unconfirmed', confirmation: { what: { kind: 'erase', id } } })
    expect((await store.request(id))?.outcome).toBe('words-of-grace')
  })
})
