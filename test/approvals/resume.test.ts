import { beforeEach, describe, expect, test } from 'vitest'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { resumeStop } from '../../src/approvals/stops/resume.ts'
import { resumeApproved } from '../../src/approvals/stops/resumeApproved.ts'
import { submit } from '../../src/approvals/submit.ts'
import { stopsText } from '../../src/cli/stops.ts'
import { type Claims, pressConfirm, pressDisown, shell } from '../support/claims.ts'
import { everything, stoppingPolicy, stoppingWorld } from '../support/stoppingWorld.ts'
import { ask, click, envelope, submission } from '../support/world.ts'

let { world, ports, store, channel, runDue, stop, askToResume } = await stoppingWorld()
beforeEach(async () => {
  ;({ world, ports, store, channel, runDue, stop, askToResume } = await stoppingWorld())
})

const email = (name: string) => ({ email: `${name}@acme.test` })

describe('resuming is an action under policy', () => {
  test('that a second person decides, and that works while everything is stopped', async () => {
    const { id } = await ask(world, 'iam.change')
    const made = await stop(everything)
    await runDue()

    const request = await askToResume(made)
    expect(request).toMatchObject({
      state: 'pending',
      action: {
        action: 'stop.resume',
        resource: { type: 'stop', id: made.id },
        params: { stopped: 'everything', why: 'It exports too much', since: made.at },
      },
    })
    await click(world, request.id, 'U0PRIYA')
    await runDue()

    expect(await store.stop(made.id)).toMatchObject({
      resumed: { by: { kind: 'person', via: 'slack' }, reason: 'The exporter is fixed' },
    })
    expect(await store.standingStops()).toEqual({ stops: [], read: 1 })
    expect((await store.entries(request.id)).at(-1)).toMatchObject({
      type: 'stop.resumed',
      actor: { kind: 'person' },
      data: { stop: made.id, asked_by: request.initiator.person },
    })
    await click(world, id, 'U0SAM')
    await click(world, id, 'U0GRACE')
    expect(await store.request(id)).toMatchObject({ state: 'approved' })
    await expect(ask(world, 'repo.read')).resolves.toMatchObject({ state: 'approved' })
  })

  test('not by whoever asks for it', async () => {
    world.directory.groups.set('S0SECURITY', ['U0NOOR', 'U0PRIYA'])
    const { id } = await askToResume(await stop(everything))

    await expect(click(world, id, 'U0NOOR')).rejects.toMatchObject({ code: 'own_request' })
  })

  test.each([
    ['its owner', 'U0LEE'],
    ['whoever made a key of it', 'U0BOB'],
  ])('not by somebody behind the stopped agent: %s', async (_, user) => {
    world.directory.groups.set('S0SECURITY', ['U0LEE', 'U0BOB', 'U0PRIYA'])
    await addAgent(ports, { name: 'nightly', owner: email('lee'), by: email('bob'), via: 'test' })
    const { id } = await askToResume(await stop({ kind: 'agent', agent: 'nightly' }))

    await expect(click(world, id, user)).rejects.toMatchObject({ code: 'own_request' })
    await expect(click(world, id, 'U0PRIYA')).resolves.toBeDefined()
  })

  test('control: where everything is stopped, an owner of some agent may', async () => {
    world.directory.groups.set('S0SECURITY', ['U0LEE', 'U0PRIYA'])
    const { id } = await askToResume(await stop(everything))

    await expect(click(world, id, 'U0LEE')).resolves.toBeDefined()
  })

  test('a policy that allows it without asking anybody resumes nothing', async () => {
    const open = await stoppingWorld({ policy: stoppingPolicy('  verdict: allow\n') })
    const made = await open.stop(everything)

    const request = await open.askToResume(made)
    await open.runDue()

    expect(request).toMatchObject({ state: 'approved' })
    expect(await open.store.stop(made.id)).toMatchObject({ resumed: null })
    expect((await open.store.entries(request.id)).at(-1)).toMatchObject({
      type: 'resume.refused',
      data: { why: 'nobody_decided' },
    })
  })

  test('the second of two that were approved finds that it is resumed already', async () => {
    const made = await stop(everything)
    const requests = [await askToResume(made), await askToResume(made)]
    for (const { id } of requests) await click(world, id, 'U0PRIYA')
    await runDue()

    const ends = await Promise.all(requests.map(async ({ id }) => (await store.entries(id)).at(-1)?.type))
    expect(ends).toEqual(['stop.resumed', 'resume.refused'])
  })

  test.each([
    ['a stop that there is not', 'stp_nothing', 'unknown_stop'],
    ['one that is resumed', null, 'not_applicable'],
  ])('%s is not asked about', async (_, id, code) => {
    const made = await stop(everything)
    await click(world, (await askToResume(made)).id, 'U0PRIYA')
    await runDue()

    await expect(askToResume({ id: id ?? made.id })).rejects.toMatchObject({ code })
  })

  test('no agent can ask for it', async () => {
    const made = await stop({ kind: 'action', pattern: 'db.*' })
    const forged = {
      ...submission('stop.resume'),
      action: { ...submission('stop.resume').action, resource: { type: 'stop', id: made.id } },
    }

    await expect(submit(ports, envelope(world), forged)).rejects.toMatchObject({ code: 'invalid_request' })
  })

  test('an approved request that came in by another door resumes nothing', async () => {
    const made = await stop(everything)
    const { id } = await askToResume(made)
    await click(world, id, 'U0PRIYA')
    const entries = async () => [{ type: 'request.submitted', actor: { kind: 'agent', id: 'a', via: 'api' } }]

    await resumeApproved({ ...ports, store: { ...store, entries: entries as never } }, id)

    expect(await store.stop(made.id)).toMatchObject({ resumed: null })
  })
})

describe('claimed-administrator: a shell says who asks to resume', () => {
  test.each([
    ['once they have confirmed it', pressConfirm, ['pending']],
    ['and never when it was not them', pressDisown, []],
  ])('others are asked %s', async (_, press, states) => {
    const claims = await stoppingWorld({ confirms: true })
    const made = await claims.stop(everything)
    const asked = await resumeStop(claims.ports, {
      stop: made.id,
      by: email('noor'),
      reason: 'Fixed',
      via: 'cli',
      shell,
    })
    if (asked.outcome !== 'unconfirmed') throw new Error('others were asked at once')
    await claims.runDue()
    expect(await claims.store.requests({ limit: 10 })).toEqual([])

    await press(claims satisfies Claims, asked.confirmation.id, 'U0NOOR')
    await claims.runDue()

    expect((await claims.store.requests({ limit: 10 })).map(({ state }) => state)).toEqual(states)
    expect(await claims.store.stop(made.id)).toMatchObject({ resumed: null })
  })

  test('in their own channel they need not', async () => {
    const claims = await stoppingWorld({ confirms: true })
    const { id } = await claims.stop(everything)
    const ask = { stop: id, by: email('noor'), reason: 'Fixed', via: 'slack', inPerson: true } as const

    await expect(resumeStop(claims.ports, { ...ask, delivery: 'slack:1' })).resolves.toMatchObject({
      outcome: 'asked',
      request: { state: 'pending' },
    })
  })
})

test('every card that waits shows the stop, and shows when it is resumed', async () => {
  const shown: (string | null)[] = []
  channel.update = async (_, view) => {
    if (view.request.id === id) shown.push(view.held?.stop ?? null)
  }
  const { id } = await ask(world, 'iam.change')
  await runDue()
  const made = await stop(everything)
  await runDue()
  await click(world, (await askToResume(made)).id, 'U0PRIYA')
  await runDue()

  expect(shown).toEqual([made.id, null])
  expect(await store.request(id)).toMatchObject({ state: 'pending', version: 1 })
})

test('dry-run: listing what is stopped changes nothing', async () => {
  const first = await stop({ kind: 'agent', agent: 'billing-agent' }, 'One\u202e')
  const second = await stop(everything)
  await click(world, (await askToResume(first)).id, 'U0PRIYA')
  await runDue()
  const entries = store.ledger.length

  const lines = await stopsText(store, {})

  expect(lines[0]).toBe(
    `${second.id}  stopped  everything, since ${second.at}, by operator (cli): It exports too much`,
  )
  expect(lines[1]).toContain(`${first.id}  resumed  the agent billing-agent, since ${first.at}`)
  expect(lines[1]).toContain('One[U+202E]')
  expect(lines[2]).toMatch(/^ {2}resumed .*U0PRIYA.* \(slack\): The exporter is fixed$/)
  expect(store.ledger).toHaveLength(entries)
})

test('stops are listed by pages', async () => {
  for (let nth = 0; nth < 21; nth += 1) await stop(everything, `Reason ${nth}`)

  const lines = await stopsText(store, {})
  const [, last = ''] = /--before (\S+)/.exec(lines.at(-1) ?? '') ?? []

  expect(lines).toHaveLength(22)
  expect(await stopsText(store, { before: last })).toEqual([])
  expect(await stopsText((await stoppingWorld()).store, {})).toEqual(['Nothing is stopped.'])
})
