import { beforeEach, describe, expect, test } from 'vitest'
import { addAgent, type Issued, revokeAgent, rotateKey } from '../../src/approvals/people/agents.ts'
import { authenticateKey, authenticateSignature } from '../../src/approvals/people/authenticate.ts'
import { refused } from '../support/channel.ts'
import { claimsWorld, keptWith, pressConfirm, pressDisown, shell, told } from '../support/claims.ts'
import { keyOf } from '../support/testDirectory.ts'
import { testWorld } from '../support/world.ts'

let house: Awaited<ReturnType<typeof claimsWorld>>
beforeEach(async () => {
  house = await claimsWorld()
})

const lee = { email: 'lee@acme.test' }
const alice = { email: 'alice@acme.test' }
const typed = { via: 'cli', shell } as const

/** An agent that somebody with a shell registers in Lee's name, and the question about it. */
async function claimed(by = lee): Promise<Issued & { readonly question: string }> {
  const issued = await addAgent(house.ports, { name: 'nightly', owner: lee, by, ...typed })
  await house.runDue()
  if (!issued.confirmation) throw new Error('nobody was asked')
  return { ...issued, question: issued.confirmation.id }
}

const enter = ({ credential }: Issued) => authenticateKey(house.ports, credential)

describe('claimed-administrator: an agent registered in somebody’s name', () => {
  test('does nothing until its owner has confirmed it, and then works', async () => {
    const agent = await claimed()
    await expect(enter(agent)).rejects.toMatchObject({ code: 'agent_unconfirmed' })
    const signed = { agent: 'nightly', verify: (key: string) => key === agent.key.id }
    await expect(authenticateSignature(house.ports, signed)).rejects.toMatchObject({
      code: 'agent_unconfirmed',
    })
    expect(house.channel.said).toEqual([`ask ${keyOf('U0LEE')} waiting`])

    await pressConfirm(house, agent.question, 'U0LEE')

    await expect(enter(agent)).resolves.toMatchObject({ agent: { name: 'nightly', status: 'active' } })
    await expect(authenticateSignature(house.ports, signed)).resolves.toMatchObject({
      key: { id: agent.key.id },
    })
    await house.runDue()
    expect(house.channel.said.at(-1)).toBe(`show ${keyOf('U0LEE')} confirmed`)
    expect([...house.store.jobs.keys()].filter((key) => key.includes('cnf_'))).toEqual([])
  })

  test('control: where no channel is, it works as claimed, and the entry says so', async () => {
    const world = await testWorld()

    const issued = await addAgent(world.ports, { name: 'nightly', owner: lee, by: lee, ...typed })

    expect(issued.confirmation).toBeNull()
    await expect(authenticateKey(world.ports, issued.credential)).resolves.toMatchObject({
      agent: { status: 'active' },
    })
  })

  test('is recorded as claimed, with the shell that it was typed at, and then as confirmed by whom', async () => {
    const agent = await claimed()
    await pressConfirm(house, agent.question, 'U0LEE')

    const added = house.store.ledger.find(
      ({ type, data }) => type === 'agent.added' && data.name === 'nightly',
    )
    expect(added?.data).toMatchObject({ standing: 'claimed', confirmation: agent.question })
    expect(keptWith(house, 'agent.added')).toContain(`shell ${JSON.stringify(shell)}`)
    expect(keptWith(house, 'confirmation.given')).toContain(`shell ${JSON.stringify(shell)}`)
    expect(house.store.ledger.at(-1)).toMatchObject({
      type: 'confirmation.given',
      actor: { kind: 'person', account: keyOf('U0LEE'), via: 'slack' },
      subject: { kind: 'agent', id: agent.agent.id },
      data: { effective: true, kind: 'key' },
    })
  })

  test('waits for the owner and for whoever made the key: one of them is not enough', async () => {
    const agent = await claimed(alice)
    expect([...house.channel.said].sort()).toEqual([
      `ask ${keyOf('U0ALICE')} waiting`,
      `ask ${keyOf('U0LEE')} waiting`,
    ])

    await pressConfirm(house, agent.question, 'U0ALICE')
    await expect(enter(agent)).rejects.toMatchObject({ code: 'agent_unconfirmed' })

    await pressConfirm(house, agent.question, 'U0LEE')
    await expect(enter(agent)).resolves.toMatchObject({ key: { createdBy: agent.key.createdBy } })
  })

  test('works when both confirm in the same instant', async () => {
    const agent = await claimed(alice)

    await Promise.all([
      pressConfirm(house, agent.question, 'U0ALICE'),
      pressConfirm(house, agent.question, 'U0LEE'),
    ])

    await expect(enter(agent)).resolves.toMatchObject({ agent: { status: 'active' } })
    expect(told(house)).toEqual(['confirmation.asked', 'confirmation.given', 'confirmation.given'])
  })

  test('does not work when one who confirmed it has left before the other did', async () => {
    const agent = await claimed(alice)
    await pressConfirm(house, agent.question, 'U0ALICE')
    house.world.directory.changeAccount('U0ALICE', { active: false })

    await expect(pressConfirm(house, agent.question, 'U0LEE')).rejects.toMatchObject({
      code: 'confirmation_over',
    })

    await expect(enter(agent)).rejects.toMatchObject({ code: 'agent_unconfirmed' })
  })
})

describe('whose answer counts', () => {
  test.each([
    ['somebody else, who got the message forwarded', 'U0BOB', {}, 'not_asked'],
    ['the person, on another message than theirs', 'U0LEE', { message: 'dm-other' }, 'foreign_payload'],
  ])('not that of %s', async (_, user, change, code) => {
    const agent = await claimed()

    await expect(pressConfirm(house, agent.question, user, change)).rejects.toMatchObject({ code })
    await expect(pressDisown(house, agent.question, user, change)).rejects.toMatchObject({ code })

    await expect(enter(agent)).rejects.toMatchObject({ code: 'agent_unconfirmed' })
    expect(told(house)).toEqual(['confirmation.asked', 'confirmation.refused', 'confirmation.refused'])
    expect(house.store.ledger.at(-1)?.data).toMatchObject({ code })
  })

  test.each([
    ['was deactivated meanwhile', { active: false }],
    ['is a guest by now', { guest: true }],
  ])('not that of somebody who %s', async (_, change) => {
    const agent = await claimed()
    house.world.directory.changeAccount('U0LEE', change)

    await expect(pressConfirm(house, agent.question, 'U0LEE')).rejects.toMatchObject({ code: 'not_staff' })

    await expect(enter(agent)).rejects.toMatchObject({ code: 'agent_unconfirmed' })
  })

  test('a click on a claim that does not exist', async () => {
    await expect(pressConfirm(house, 'cnf_none', 'U0LEE')).rejects.toMatchObject({ code: 'foreign_payload' })
  })

  test('not one that the directory cannot place; the same click counts when it can', async () => {
    const agent = await claimed()
    house.world.directory.down = true
    const click = { delivery: 'the click' }
    await expect(pressConfirm(house, agent.question, 'U0LEE', click)).rejects.toMatchObject({
      code: 'identity_unknown',
    })

    house.world.directory.down = false
    await pressConfirm(house, agent.question, 'U0LEE', click)

    await expect(enter(agent)).resolves.toMatchObject({ agent: { status: 'active' } })
  })

  test('not before the message is on record', async () => {
    const issued = await addAgent(house.ports, { name: 'nightly', owner: lee, by: lee, ...typed })

    await expect(pressConfirm(house, issued.confirmation?.id ?? '', 'U0LEE')).rejects.toMatchObject({
      code: 'card_unrecorded',
    })
  })

  test('once: the same click twice is one, and another one is told that it is over', async () => {
    const agent = await claimed()
    const click = { delivery: 'the click' }
    await pressConfirm(house, agent.question, 'U0LEE', click)

    expect(await pressConfirm(house, agent.question, 'U0LEE', click)).toMatchObject({ repeated: true })
    await expect(pressConfirm(house, agent.question, 'U0LEE')).rejects.toMatchObject({
      code: 'confirmation_over',
    })
    await expect(pressDisown(house, agent.question, 'U0LEE')).rejects.toMatchObject({
      code: 'confirmation_over',
    })
    await expect(enter(agent)).resolves.toMatchObject({ agent: { status: 'active' } })
  })

  test('for 24 hours, and not a moment longer, also when the job that ends it is late', async () => {
    const agent = await claimed()
    house.world.clock.advance(24 * 3_600)

    await expect(pressConfirm(house, agent.question, 'U0LEE')).rejects.toMatchObject({
      code: 'confirmation_over',
    })

    await house.runDue()
    expect(house.channel.said.at(-1)).toBe(`show ${keyOf('U0LEE')} lapsed`)
    expect(told(house)).toContain('confirmation.lapsed')
    await expect(enter(agent)).rejects.toMatchObject({ code: 'agent_unconfirmed' })
  })

  test('control: a second before the end', async () => {
    const agent = await claimed()
    house.world.clock.advance(24 * 3_600 - 1)

    await pressConfirm(house, agent.question, 'U0LEE')

    await expect(enter(agent)).resolves.toMatchObject({ agent: { status: 'active' } })
  })
})

describe('this was not me', () => {
  test('ends what was claimed and tells those who have to know', async () => {
    const agent = await claimed(alice)

    await pressDisown(house, agent.question, 'U0LEE')
    await house.runDue()

    await expect(enter(agent)).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(await house.store.agent('nightly')).toMatchObject({ status: 'revoked' })
    await expect(pressConfirm(house, agent.question, 'U0ALICE')).rejects.toMatchObject({
      code: 'confirmation_over',
    })
    expect(house.channel.said).toContain(`disowned ${keyOf('U0ALICE')}`)
    expect(house.channel.said).toContain('disowned slack:C0ALERTS')
    expect(house.channel.said).not.toContain(`disowned ${keyOf('U0LEE')}`)
    const alarms = house.store.ledger.filter(({ type }) => type === 'alarm.sent')
    expect(alarms.map(({ data }) => data.why)).toEqual(alarms.map(() => 'disowned'))
    expect(keptWith(house, 'confirmation.disowned')).toContain(`shell ${JSON.stringify(shell)}`)
  })

  test('one address that refuses keeps nobody from hearing it, and nobody hears it twice', async () => {
    const agent = await claimed(alice)
    const { fail } = house.channel
    await pressDisown(house, agent.question, 'U0LEE')
    house.channel.fail = (call) =>
      call === 'disowned slack:C0ALERTS' ? { fault: refused, tookEffect: false } : fail(call)
    await house.runDue().catch(() => undefined)
    await house.runDue().catch(() => undefined)

    const heard = house.channel.said.filter((said) => said.startsWith('disowned '))

    expect(heard).toContain(`disowned ${keyOf('U0ALICE')}`)
    expect(new Set(heard).size).toBe(heard.length)
  })

  test('of a new key leaves the agent, whose old keys had ended with it', async () => {
    const agent = await claimed()
    await pressConfirm(house, agent.question, 'U0LEE')
    const next = await rotateKey(house.ports, { name: 'nightly', by: alice, ...typed })
    await house.runDue()
    await expect(enter(agent)).rejects.toMatchObject({ code: 'unauthenticated' })

    await pressDisown(house, next.confirmation?.id ?? '', 'U0LEE')

    await expect(enter(next)).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(await house.store.agent('nightly')).toMatchObject({ status: 'active' })
  })
})

describe('what takes away acts at once', () => {
  test('a revoked agent is revoked, its question has no buttons any more, and the entry says claimed', async () => {
    const agent = await claimed()

    await revokeAgent(house.ports, { name: 'nightly', by: alice, ...typed })
    await house.runDue()

    await expect(enter(agent)).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(house.channel.said.at(-1)).toBe(`show ${keyOf('U0LEE')} dropped`)
    await expect(pressConfirm(house, agent.question, 'U0LEE')).rejects.toMatchObject({
      code: 'confirmation_over',
    })
    expect(house.store.ledger.find(({ type }) => type === 'agent.revoked')?.data).toMatchObject({
      standing: 'claimed',
    })
  })

  test('rotation ends the old keys at once; the new one waits', async () => {
    const agent = await claimed()
    await pressConfirm(house, agent.question, 'U0LEE')

    const next = await rotateKey(house.ports, { name: 'nightly', by: lee, ...typed })
    await house.runDue()

    await expect(enter(agent)).rejects.toMatchObject({ code: 'unauthenticated' })
    await expect(enter(next)).rejects.toMatchObject({ code: 'agent_unconfirmed' })
    await pressConfirm(house, next.confirmation?.id ?? '', 'U0LEE')
    await expect(enter(next)).resolves.toMatchObject({ key: { id: next.key.id } })
  })

  test('a colleague who makes a key of somebody’s agent is not enough: its owner has to stand behind it', async () => {
    const agent = await claimed()
    await pressConfirm(house, agent.question, 'U0LEE')
    const next = await rotateKey(house.ports, { name: 'nightly', by: alice, ...typed })
    await house.runDue()

    await pressConfirm(house, next.confirmation?.id ?? '', 'U0ALICE')

    await expect(enter(next)).rejects.toMatchObject({ code: 'agent_unconfirmed' })
  })
})
