import { pino } from 'pino'
import { beforeEach, describe, expect, test } from 'vitest'
import { announce } from '../src/approvals/cards/announce.ts'
import { expire } from '../src/approvals/expire.ts'
import { jsonLimits } from '../src/core/strictJson.ts'
import { policyAhead } from '../src/server/policyAhead.ts'
import { policyAtStart } from '../src/server/policyAtStart.ts'
import { policyHouse } from './approvals/policyHouse.ts'
import { exportBody, openHouse, readBody } from './http/house.ts'
import { lost, testChannel } from './support/channel.ts'
import { typesOf } from './support/recorded.ts'
import { bundleFiles, bundleWithRules, testBundle } from './support/testBundle.ts'
import { ask, click, testWorld, type World } from './support/world.ts'

/*
 * The table of what fails closed, line by line: what goes wrong, what comes of it, and beside it the same without the
 * fault. What each part does in detail is tested where the part is.
 */
let world: World
beforeEach(async () => {
  world = await testWorld()
})

describe('no bundle, or a bundle that fails to load at start: everything is denied', () => {
  test.each(['repo.read', 'db.export', 'deploy.start', 'nobody.knows'])('%s', async (action) => {
    const { house } = await startedWith({ ...tested, 'rules/all.yaml': 'nonsense: true' })

    expect(house.ports.policy()).toBeNull()
    expect(await ask(house.world, action)).toMatchObject({ state: 'denied', verdict: { code: 'no_policy' } })
  })

  test('control: with a bundle that loads, reading is allowed', async () => {
    const { house } = await startedWith(tested)

    expect(await ask(house.world, 'repo.read')).toMatchObject({ state: 'approved' })
  })
})

describe('a new bundle fails lint or tests: the active one stays, and that is said loudly', () => {
  const wrong = { ...tested, 'tests/first.yaml': testFile('deny') }
  const never = `- {id: never, description: d, match: {actions: [repo.read]}, when: 'environment == "a" && environment == "b"', verdict: deny}`

  test.each([
    ['tests', wrong],
    ['lint', { ...tested, 'rules/never.yaml': never }],
    ['loading', { ...tested, 'rules/all.yaml': 'nonsense: true' }],
  ])('%s', async (_, second) => {
    const { house, startWith } = await startedWith(tested)
    const before = house.ports.policy()?.digest

    const { note, alerts } = await startWith(second)

    expect(house.ports.policy()?.digest).toBe(before)
    expect(note).toContain('the policy that was active before stays active')
    expect(alerts).toEqual(['the policy bundle cannot be activated'])
  })

  test('control: one that passes takes its place, silently', async () => {
    const { house, startWith } = await startedWith(tested)
    const before = house.ports.policy()?.digest

    expect(await startWith({ ...tested, 'rules/more.yaml': more })).toEqual({ note: null, alerts: [] })
    expect(house.ports.policy()?.digest).not.toBe(before)
  })
})

describe('an unknown action, a malformed request, an unsafe integer, an oversized body: never allowed', () => {
  const json = { 'content-type': 'application/json' }
  const text = JSON.stringify(readBody)

  test('an unknown action is denied', async () => {
    expect(await ask(world, 'nobody.knows')).toMatchObject({
      verdict: { kind: 'deny', code: 'unknown_action' },
    })
  })

  test('parameters that do not fit are denied before any rule', async () => {
    world.setPolicy(
      testBundle({
        ...bundleFiles,
        'actions.yaml': (bundleFiles['actions.yaml'] ?? '').replace('params: open', 'params: {path: string}'),
      }),
    )

    const refused = await ask(world, 'repo.read')
    expect(refused.verdict).toMatchObject({ kind: 'deny', code: 'invalid_request', rules: [] })
  })

  test.each([
    ['a malformed request', text.replace('"params"', '"parms"'), 400],
    ['text that is not JSON', text.slice(1), 400],
    ['an unsafe integer', text.replace('"rows":10', '"rows":9007199254740993'), 400],
    ['an oversized body', text.replace('"rows":10', `"rows":"${'x'.repeat(jsonLimits.bytes)}"`), 413],
  ])('%s is refused at the door, and there is no request', async (_, body, status) => {
    const house = await openHouse()

    expect((await house.call('POST', '/v1/requests', { headers: json, body })).status).toBe(status)
    expect(await house.store.requests({ limit: 1 })).toEqual([])
  })

  test('control: the same request, well-formed, is allowed', async () => {
    const house = await openHouse()

    const reply = await house.call('POST', '/v1/requests', { headers: json, body: text })
    expect(reply.body).toMatchObject({ state: 'approved' })
  })
})

describe('a condition error: the stricter way, recorded', () => {
  const fails = 'when: has(params.rows) && params.rows > 5, '
  const withCondition = (rule: string, condition: string) =>
    bundleWithRules((rules) => rules.replace(`- {id: ${rule}, `, `- {id: ${rule}, ${condition}`))

  test.each([
    ['a rule that allows does not apply', 'read', 'repo.read', 'require_approval'],
    ['a rule that denies applies', 'audit', 'audit.delete', 'deny'],
  ])('%s', async (_, rule, action, kind) => {
    world.setPolicy(withCondition(rule, fails))

    const { verdict } = await ask(world, action, {
      action: { ...exportBody, action, params: { rows: 'ten' } },
    })

    expect(verdict.kind).toBe(kind)
    expect(verdict.errors).toEqual([
      expect.stringContaining(`\`when\` of rule ${rule} could not be evaluated`),
    ])
  })

  test.each([
    ['read', 'repo.read', 10, 'allow'],
    ['audit', 'audit.delete', 1, 'require_approval'],
  ])('control: %s with a number is what it says', async (rule, action, rows, kind) => {
    world.setPolicy(withCondition(rule, fails))

    const { verdict } = await ask(world, action, { action: { ...exportBody, action, params: { rows } } })
    expect(verdict).toMatchObject({ kind, errors: [] })
  })
})

describe('a lookup of a group fails at creation: people are asked all the same; denied when the quorum cannot be met', () => {
  test('what resolved is asked, and can decide its part', async () => {
    world.directory.unreadable.add('S0SECURITY')

    const request = await ask(world, 'db.export')

    expect(request.state).toBe('pending')
    expect((await click(world, request.id, 'U0BOB')).request.state).toBe('pending')
  })

  test('what resolved is not enough for another leg: denied, naming it', async () => {
    world.directory.unreadable.add('S0SECURITY')
    world.directory.groups.set('S0DATA', [])
    world.directory.changeAccount('U0OMAR', { active: false })

    const request = await ask(world, 'db.export')

    expect(request).toMatchObject({ state: 'denied', verdict: { code: 'unsatisfiable' } })
    expect(request.outcome).toContain('data')
  })

  test('control: when it can be read, both legs approve', async () => {
    const request = await ask(world, 'db.export')

    await click(world, request.id, 'U0BOB')
    expect((await click(world, request.id, 'U0PRIYA')).request.state).toBe('approved')
  })
})

describe('a lookup fails at the click: that click is refused', () => {
  test.each([
    ['anybody', { down: true, unreadable: [] }],
    ['the group', { down: false, unreadable: ['S0PLATFORM'] }],
  ])('of %s', async (_, { down, unreadable }) => {
    const request = await ask(world, 'deploy.start')
    world.directory.down = down
    for (const group of unreadable) world.directory.unreadable.add(group)

    await expect(click(world, request.id, 'U0GRACE')).rejects.toMatchObject({ code: 'identity_unknown' })
    expect(await stateOf(request.id)).toBe('pending')
    expect(await typesOf(world.store, request.id)).toContain('decision.refused')
  })

  test('control: once it answers again, the same person approves', async () => {
    const request = await ask(world, 'deploy.start')
    world.directory.down = true
    await click(world, request.id, 'U0GRACE').catch(() => null)
    world.directory.down = false

    expect((await click(world, request.id, 'U0GRACE')).request.state).toBe('approved')
  })
})

describe('Slack is unreachable: the request stays pending, and expires as denied', () => {
  test('no card, no decision, no approval', async () => {
    const channel = testChannel()
    channel.fail = () => ({ fault: lost, tookEffect: false })
    const request = await ask(world, 'deploy.start')

    await expect(announce(world.ports, channel, request.id)).rejects.toMatchObject({ code: lost.code })

    expect(await stateOf(request.id)).toBe('pending')
    world.clock.advance(3_600)
    expect(await expire(world.ports, request.id)).toMatchObject({ state: 'expired', decisions: [] })
    await expect(click(world, request.id, 'U0GRACE')).rejects.toMatchObject({ code: 'wrong_state' })
  })

  test('control: reachable, the card is posted and somebody approves', async () => {
    const channel = testChannel()
    const request = await ask(world, 'deploy.start')

    await announce(world.ports, channel, request.id)

    expect(channel.said).toEqual(['post slack:C0APPROVALS'])
    expect((await click(world, request.id, 'U0GRACE')).request.state).toBe('approved')
  })
})

describe('the clock moved backwards, or the expiry is in the past: expired', () => {
  test('an expiry in the past wins over the click, also before its job has run', async () => {
    const request = await ask(world, 'deploy.start')
    world.clock.advance(3_600)

    await expect(click(world, request.id, 'U0GRACE')).rejects.toMatchObject({ code: 'wrong_state' })
    expect(await stateOf(request.id)).toBe('expired')
  })

  test('what has expired stays so when the clock goes back', async () => {
    const request = await ask(world, 'deploy.start')
    world.clock.advance(3_600)
    await expire(world.ports, request.id)
    world.clock.advance(-7_200)

    await expect(click(world, request.id, 'U0GRACE')).rejects.toMatchObject({ code: 'wrong_state' })
    expect(await stateOf(request.id)).toBe('expired')
  })

  test('a deadline whose job comes while the clock is back is not forgotten', async () => {
    const request = await ask(world, 'deploy.start')
    world.clock.advance(-7_200)
    await expire(world.ports, request.id)
    expect(await stateOf(request.id)).toBe('pending')

    world.clock.advance(7_200 + 3_600)
    expect(await expire(world.ports, request.id)).toMatchObject({ state: 'expired' })
  })

  test('control: a second before its expiry the click counts', async () => {
    const request = await ask(world, 'deploy.start')
    world.clock.advance(3_599)

    expect((await click(world, request.id, 'U0GRACE')).request.state).toBe('approved')
  })
})

async function stateOf(request: string): Promise<string | undefined> {
  return (await world.store.request(request))?.state
}

/** A bundle with a test of its own; without one it cannot be made active. */
const tested: Readonly<Record<string, string>> = { ...bundleFiles, 'tests/first.yaml': testFile('allow') }
const more = '- {id: drop, description: Tables stay., match: {actions: [table.drop]}, verdict: deny}\n'

/** A house whose server was started with these files, and what it says when it is started with others. */
async function startedWith(first: Readonly<Record<string, string>>) {
  const house = await policyHouse()
  const startWith = async (files: Readonly<Record<string, string>>) => {
    const alerts: string[] = []
    const log = pino({ level: 'error' }, { write: (line: string) => void alerts.push(JSON.parse(line).msg) })
    const about = { policyDir: 'policies', ahead: policyAhead(new Map(Object.entries(files))), log }
    const askLater = await policyAtStart({ ports: house.ports }, about)
    return { note: await askLater(null), alerts }
  }
  await startWith(first)
  return { house, startWith }
}

function testFile(verdict: string): string {
  return `apiVersion: countersign/v1
kind: PolicyTests
base:
  environment: prod
  agent: {name: nightly, owner: {id: U0LEE, email: lee@acme.test, groups: []}}
  initiator: {id: U0DANA, email: dana@acme.test, groups: []}
  time: 2026-11-24T14:00:00Z
tests:
  - name: reading is judged
    request: {action: repo.read, resource: {type: repo, id: x}, params: {}}
    expect: {verdict: ${verdict}}
`
}
