import { beforeEach, describe, expect, test } from 'vitest'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { mostReads } from '../../src/approvals/policy/runRead.ts'
import type { Submission } from '../../src/approvals/submission.ts'
import { submit } from '../../src/approvals/submit.ts'
import { storedFacts } from '../../src/policy/facts.ts'
import { explain } from '../../src/policyTools/explain/explain.ts'
import { moved } from '../support/executing.ts'
import { runFiles } from '../support/runFiles.ts'
import { testBundle } from '../support/testBundle.ts'
import { ask, click, envelope, submission, testWorld, type World } from '../support/world.ts'
import { asksForGrant } from './grants/granted.ts'

const users = { type: 'table', id: 'warehouse.users' }
const vault = { type: 'vault', id: 'root' }
const page = { type: 'page', id: 'handbook' }

let world: World
beforeEach(async () => {
  world = await testWorld({ policy: testBundle(runFiles) })
})

const asks = async (action: string, resource = users, change: Partial<Submission> = {}) => {
  const { action: whole, ...rest } = submission(action, change)
  const asked = { ...rest, action: { ...whole, resource } }
  return (await submit(world.ports, envelope(world), asked)).request
}
const reads = (resource = users, change: Partial<Submission> = {}) => asks('repo.read', resource, change)
const sends = (change: Partial<Submission> = {}) => asks('mail.send', page, change)
const state = async (change: Partial<Submission> = {}) => (await sends(change)).state
const inSession = (session: string): Partial<Submission> => ({ run: { session } })

describe('sending after reading', () => {
  test('flows while the run has read nothing of the kind', async () => {
    expect(await state()).toBe('approved')
    await reads(page)
    expect(await state()).toBe('approved')
  })

  test('asks once it has read restricted data, and says what, and when', async () => {
    const read = await reads()
    world.clock.advance(240)

    const sent = await sends()

    expect(sent).toMatchObject({ state: 'pending', verdict: { rules: ['send.after-reading'] } })
    expect(sent.verdict.facts.run).toEqual({
      sensitivities: ['restricted'],
      labels: [],
      since: '2026-11-24T13:04:00.000Z',
      of: 'agent',
      reads: [{ request: read.id, at: '2026-11-24T14:00:00.000Z', ...users, sensitivity: 'restricted' }],
    })
  })

  test('flows again when that is longer ago than the window', async () => {
    await reads()
    world.clock.advance(3_600)
    expect(await state()).toBe('pending')
    world.clock.advance(1)
    expect(await state()).toBe('approved')
  })

  test('is denied where a rule denies it, by a label', async () => {
    await reads(vault)

    expect(await sends()).toMatchObject({ state: 'denied', verdict: { rules: ['send.never'] } })
  })

  test('does not depend on what another agent read', async () => {
    const other = await addAgent(world.ports, {
      name: 'other-agent',
      owner: { email: 'lee@acme.test' },
      by: { email: 'lee@acme.test' },
      via: 'test',
    })
    await submit(
      world.ports,
      envelope(world, { agent: other.agent, key: other.key }),
      submission('repo.read'),
    )

    expect(await state()).toBe('approved')
  })

  test('asks where an agent has read more than can be looked at, and says that it is not known', async () => {
    const store = {
      ...world.ports.store,
      earlierReads: async () => Array.from({ length: mostReads + 1 }, () => read),
    }
    const read = await reads(page)
    const { request } = await submit({ ...world.ports, store }, envelope(world), submission('mail.send'))

    // The rule that denies counts as true as well.
    expect(request).toMatchObject({ state: 'denied' })
    expect(request.verdict.errors).toHaveLength(2)
  })
})

describe('what counts as read', () => {
  const asked = () => asks('file.read')

  test('is not what people are still asked about, nor what they denied', async () => {
    const { id } = await asked()
    expect(await state()).toBe('approved')
    await click(world, id, 'U0GRACE', { kind: 'deny' })
    expect(await state()).toBe('approved')
  })

  test('is not what policy denied', async () => {
    await asks('audit.delete')
    expect(await state()).toBe('approved')
  })

  test('is what people approved, from their approval on', async () => {
    const { id } = await asked()
    world.clock.advance(1_800)
    await click(world, id, 'U0GRACE')
    world.clock.advance(3_000)

    // An hour and twenty minutes after it was asked.
    expect(await state()).toBe('pending')
  })

  test('is what ran after the approval, from when it ran', async () => {
    const { id } = await asked()
    await click(world, id, 'U0GRACE')
    // At eleven minutes past two.
    await moved(world.store, id, 'redeem')
    world.clock.advance(3_600 + 659)

    expect(await state()).toBe('pending')
    world.clock.advance(2)
    expect(await state()).toBe('approved')
  })

  test('is not what writes, whatever it writes to', async () => {
    await asks('mail.send', users)
    expect(await state()).toBe('approved')
  })
})

describe('new-session: what an agent says of its session forgets nothing', () => {
  test('a session that it has only just begun stands for everything that the agent read', async () => {
    await reads(users, inSession('one'))

    expect(await state(inSession('two'))).toBe('pending')
    world.clock.advance(1_800)
    expect(await state(inSession('two'))).toBe('pending')
    expect(await state()).toBe('pending')
  })

  test('one that is older than the window stands for itself', async () => {
    expect(await state(inSession('old'))).toBe('approved')
    world.clock.advance(3_601)
    await reads(users, inSession('other'))

    expect(await state(inSession('old'))).toBe('approved')
    expect(await state(inSession('other'))).toBe('pending')
    await reads(users, inSession('old'))
    expect((await sends(inSession('old'))).verdict.facts.run).toMatchObject({ of: 'session' })
    expect(await state(inSession('old'))).toBe('pending')
  })

  test('and for what was read in no session', async () => {
    await sends(inSession('old'))
    world.clock.advance(3_601)
    await reads()

    expect(await state(inSession('old'))).toBe('pending')
  })
})

describe('at the moment of its effect', () => {
  test('what was read while people decided counts: a denial by it ends the request at the release', async () => {
    await reads()
    const { id } = await sends()
    await reads(vault)

    expect((await click(world, id, 'U0PRIYA')).request).toMatchObject({ state: 'denied', overruled: true })
  })

  test('control: nothing was, and it is released', async () => {
    await reads()
    const { id } = await sends()

    expect((await click(world, id, 'U0PRIYA')).request.state).toBe('approved')
  })

  test('what was read before the grant counts for the grant', async () => {
    const { id } = await sends()
    await reads(vault)

    await expect(asksForGrant(world, id)).rejects.toMatchObject({ code: 'grant_revoked' })
  })

  test('control: the grant is minted where nothing was', async () => {
    const { id } = await sends()

    expect((await asksForGrant(world, id)).request.grant).toBeDefined()
  })
})

test('what was judged is explained from the record, whatever has been read since', async () => {
  const { action, verdict } = await sends()
  await reads()
  const [facts, bundle] = [storedFacts(verdict.facts), world.ports.policy()]
  if (!facts || !bundle) throw new Error('there are both')

  expect(explain(bundle, action, facts).evaluation.verdict.kind).toBe('allow')
})

test('actions that no rule judges by it have no such facts', async () => {
  expect((await ask(world, 'repo.read')).verdict.facts.run).toBeUndefined()
})
