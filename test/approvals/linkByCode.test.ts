import { beforeEach, describe, expect, test } from 'vitest'
import { currentPerson, ownAccountsOf } from '../../src/approvals/people/currentPeople.ts'
import { identitiesOf } from '../../src/approvals/people/identities.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { enterLinkCode, linkCodeOf, sendLinkCode } from '../../src/approvals/people/linkByCode.ts'
import type { Ports } from '../../src/approvals/ports.ts'
import { claimsWorld, pressConfirm, pressDisown, shell } from '../support/claims.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, click } from '../support/world.ts'

/** Alice says in her channel that Bob's account is hers, too; the app writes a code to Bob's. */
let house: Awaited<ReturnType<typeof claimsWorld>>
beforeEach(async () => {
  house = await claimsWorld()
})

let acts = 0
const act = (user: string) => {
  acts += 1
  return { account: `slack:${user}`, via: 'slack', delivery: `act-${acts}` }
}
const send = async (user = 'U0ALICE', other = 'U0BOB', ports: Ports = house.ports) => {
  const sent = await sendLinkCode(ports, { ...act(user), other: { address: `slack:${other}` } })
  await house.runDue()
  return sent.confirmation.id
}
const enter = (code: string, user = 'U0ALICE', ports: Ports = house.ports) =>
  enterLinkCode(ports, { ...act(user), code })
const codeOf = (user = 'U0BOB') => house.channel.codes.get(keyOf(user)) ?? ''
const accountOf = (user: string) => house.ports.directory.account(keyOf(user))
/** How much of Alice's person Bob's account is. */
const bobs = async () => {
  const { accounts } = await identitiesOf(house.ports, await accountOf('U0ALICE'))
  return accounts.find(({ account }) => account === keyOf('U0BOB'))?.is ?? 'nothing'
}
const wrong = 'aaaaa-bbbbb-ccccc-ddddd-eeeee'

describe('link-by-code: saying so takes away at once', () => {
  test('the other account cannot approve any more, and is told, with a code; nothing else follows', async () => {
    const { id } = await ask(house.world, 'db.export')

    const question = await send()

    await expect(click(house.world, id, 'U0BOB')).rejects.toMatchObject({ code: 'own_request' })
    expect(house.channel.said).toContain(`ask ${keyOf('U0BOB')} waiting`)
    expect(codeOf()).toMatch(/^([a-z2-7]{5}-){4}[a-z2-7]{5}$/)
    expect(await bobs()).toBe('claimed')
    expect(await ownAccountsOf(house.ports, await currentPerson(house.ports, 'per_none'))).toEqual([])
    expect((await house.store.confirmation(question))?.asked).toMatchObject([
      { account: keyOf('U0ALICE'), answer: 'confirmed' },
      { account: keyOf('U0BOB'), answer: null, code: { wrong: 0 } },
    ])
  })

  test('and is on record as done by whoever said it, claimed', async () => {
    await send()

    expect(house.store.ledger.find(({ type }) => type === 'person.linked')).toMatchObject({
      actor: { kind: 'person', account: keyOf('U0ALICE'), via: 'slack' },
      data: { account: keyOf('U0BOB'), standing: 'claimed' },
    })
  })

  test('“This was not me” of the other account raises an alarm, and leaves what was taken away to others', async () => {
    const question = await send()

    await pressDisown(house, question, 'U0BOB')
    await house.runDue()

    expect(house.channel.said.filter((line) => line.startsWith('disowned'))).not.toEqual([])
    await expect(enter(codeOf())).rejects.toMatchObject({ code: 'link_code_wrong' })
    await expect(send()).rejects.toMatchObject({ code: 'link_waits' })
    expect(await bobs()).toBe('claimed')
  })

  test('no button confirms it: the code has to be carried from one account to the other', async () => {
    const question = await send()

    await expect(pressConfirm(house, question, 'U0BOB')).rejects.toMatchObject({ code: 'foreign_payload' })
    await expect(pressConfirm(house, question, 'U0ALICE')).rejects.toMatchObject({ code: expect.any(String) })

    expect(await bobs()).toBe('claimed')
  })
})

describe('link-by-code: entering it', () => {
  test('from the account that asked makes both one person for everything, once', async () => {
    const question = await send()

    await enter(` ${codeOf().toUpperCase().replaceAll('-', ' ')} `)

    expect(await bobs()).toBe('own')
    expect(await house.store.confirmation(question)).toMatchObject({ state: 'confirmed' })
    expect(house.store.ledger.at(-1)).toMatchObject({
      type: 'confirmation.given',
      actor: { account: keyOf('U0ALICE') },
      data: { by: 'code', effective: true },
    })
    await expect(enter(codeOf())).rejects.toMatchObject({ code: 'link_code_wrong' })
    await expect(send()).rejects.toMatchObject({ code: 'not_applicable' })
  })

  test.each([
    ['a third account', 'U0PRIYA'],
    ['the account that it was sent to', 'U0BOB'],
  ])('from %s does nothing, and spends no try', async (_, user) => {
    const question = await send()

    await expect(enter(codeOf(), user)).rejects.toMatchObject({ code: 'link_code_wrong' })

    expect((await house.store.confirmation(question))?.asked.at(-1)?.code?.wrong).toBe(0)
    await expect(enter(codeOf())).resolves.toMatchObject({ state: 'confirmed' })
  })

  test('wrong five times ends it: the sixth is refused although it is right, on whatever replica', async () => {
    const question = await send()
    const replica = { ...house.ports }

    for (const ports of [house.ports, replica, house.ports, replica, house.ports])
      await expect(enter(wrong, 'U0ALICE', ports)).rejects.toMatchObject({ code: 'link_code_wrong' })

    await expect(enter(codeOf())).rejects.toMatchObject({ code: 'link_code_over' })
    await expect(enter(codeOf(), 'U0ALICE', replica)).rejects.toMatchObject({ code: 'link_code_over' })
    expect(await bobs()).toBe('claimed')
    const refused = house.store.ledger.filter(({ type }) => type === 'confirmation.refused')
    expect(refused).toHaveLength(5)
    expect((await house.store.confirmation(question))?.state).toBe('waiting')
  })

  test('control: right after four wrong ones it counts', async () => {
    await send()
    for (let nth = 0; nth < 4; nth += 1) await expect(enter(wrong)).rejects.toBeDefined()

    await expect(enter(codeOf())).resolves.toMatchObject({ state: 'confirmed' })
  })

  test('wrong and right at once: however they race, five wrong ones are the most', async () => {
    await send()
    const attempts = Array.from({ length: 12 }, () => enter(wrong))

    const ends = await Promise.allSettled(attempts)

    const codes = ends.map((end) => end.status === 'rejected' && end.reason.code)
    expect(codes.filter((code) => code === 'link_code_wrong')).toHaveLength(5)
    expect(codes.filter((code) => code === 'link_code_over')).toHaveLength(7)
  })

  test('after ten minutes does nothing; a moment before, it counts', async () => {
    await send()
    house.world.clock.advance(599)
    const replica = { ...house.ports }
    const code = codeOf()

    house.world.clock.advance(1)
    await expect(enter(code)).rejects.toMatchObject({ code: 'link_code_over' })
    await send()
    house.world.clock.advance(599)

    await expect(enter(code)).rejects.toMatchObject({ code: 'link_code_wrong' })
    await expect(enter(codeOf(), 'U0ALICE', replica)).resolves.toMatchObject({ state: 'confirmed' })
  })

  test('when one of the two has left, or is a guest by now, does nothing', async () => {
    await send()
    house.world.directory.changeAccount('U0BOB', { guest: true })

    await expect(enter(codeOf())).rejects.toMatchObject({ code: 'confirmation_over' })
    house.world.directory.changeAccount('U0BOB', { guest: false })
    house.world.directory.down = true
    await expect(enter(codeOf())).rejects.toMatchObject({ code: 'identity_unknown' })
    house.world.directory.down = false

    await expect(enter(codeOf())).resolves.toMatchObject({ state: 'confirmed' })
  })

  test('delivered twice, it counts once', async () => {
    await send()
    const once = { ...act('U0ALICE'), code: codeOf() }

    await enterLinkCode(house.ports, once)

    await expect(enterLinkCode(house.ports, once)).rejects.toMatchObject({ code: 'link_code_wrong' })
  })

  test('redelivery: a wrong one that is delivered five times is one wrong one', async () => {
    const question = await send()
    const once = { ...act('U0ALICE'), code: wrong }

    for (let nth = 0; nth < 5; nth += 1)
      await expect(enterLinkCode(house.ports, once)).rejects.toMatchObject({ code: expect.any(String) })

    expect((await house.store.confirmation(question))?.asked.at(-1)?.code?.wrong).toBe(1)
    await expect(enter(codeOf())).resolves.toMatchObject({ state: 'confirmed' })
  })
})

describe('link-by-code: nobody makes others count as one', () => {
  test('a second account is not joined while the first is not confirmed', async () => {
    await send('U0ALICE', 'U0BOB')

    await expect(send('U0ALICE', 'U0PRIYA')).rejects.toMatchObject({ code: 'link_waits' })
    await expect(send('U0BOB', 'U0PRIYA')).rejects.toMatchObject({ code: 'link_waits' })
    await expect(send('U0SAM', 'U0BOB')).rejects.toMatchObject({ code: 'link_waits' })
    await expect(send('U0SAM', 'U0ALICE')).rejects.toMatchObject({ code: 'link_waits' })
  })

  test('control: it is once the first is confirmed', async () => {
    await send('U0ALICE', 'U0BOB')
    await enter(codeOf())

    await send('U0ALICE', 'U0PRIYA')

    await expect(enter(codeOf('U0PRIYA'))).resolves.toMatchObject({ state: 'confirmed' })
  })

  test('nor gets a code for a claim by an account that was not asked about it; control: by the one that was', async () => {
    const ofHers = { account: { address: 'slack:U0ALICE' }, other: { address: 'slack:U0PRIYA' }, via: 'cli' }
    await linkAccounts({ ...house.ports, confirms: false }, ofHers)
    await send('U0ALICE', 'U0BOB')

    await expect(send('U0PRIYA', 'U0BOB')).rejects.toMatchObject({ code: 'link_waits' })

    await expect(send('U0ALICE', 'U0BOB')).resolves.toBeDefined()
  })

  test('three codes within an hour are the most, and each new one ends the one before', async () => {
    const first = await send()
    const codes = [codeOf()]
    for (let nth = 0; nth < 2; nth += 1) {
      await send()
      codes.push(codeOf())
    }

    expect(new Set(codes).size).toBe(3)
    expect(await house.store.confirmation(first)).toMatchObject({ state: 'lapsed' })
    await expect(enter(codes[0] ?? '')).rejects.toMatchObject({ code: 'link_code_wrong' })
    await expect(send()).rejects.toMatchObject({ code: 'too_many_codes' })
    house.world.clock.advance(3_601)
    await send()
    await expect(enter(codeOf())).resolves.toMatchObject({ state: 'confirmed' })
  })

  test.each([
    ['a guest', { guest: true }],
    ['somebody who has left', { active: false }],
    ['a bot', { human: false }],
    ['somebody of another organisation', { external: true }],
  ])('%s is nobody to link with', async (_, change) => {
    house.world.directory.changeAccount('U0BOB', change)

    await expect(send()).rejects.toMatchObject({ code: 'unknown_person' })
  })

  test('nor does a guest link anybody', async () => {
    house.world.directory.changeAccount('U0ALICE', { guest: true })

    await expect(send()).rejects.toMatchObject({ code: 'not_staff' })
  })

  test('nor is an account linked to itself', async () => {
    await expect(send('U0ALICE', 'U0ALICE')).rejects.toMatchObject({ code: 'not_applicable' })
  })

  test('what somebody with a shell has claimed can be confirmed by a code, too', async () => {
    const typed = { via: 'cli', shell } as const
    const [alice, bob] = [{ email: 'alice@acme.test' }, { email: 'bob@acme.test' }]
    await linkAccounts(house.ports, { account: alice, other: bob, ...typed })
    await house.runDue()

    await send('U0BOB', 'U0ALICE')
    await enter(codeOf('U0ALICE'), 'U0BOB')

    expect(await bobs()).toBe('own')
  })
})

test('link-by-code: a code stands nowhere but in its message', async () => {
  const question = await send()
  const code = codeOf()

  const confirmation = await house.store.confirmation(question)
  for (const kept of [confirmation, house.store.ledger, house.store.blobs, [...house.store.jobs]])
    expect(JSON.stringify(kept)).not.toContain(code)
  expect(confirmation && linkCodeOf(house.ports, confirmation)).toBe(code)
})

test('link-by-code: where the channel refuses the message, it is tried again until it is there', async () => {
  let refusing = true
  house.channel.fail = () => (refusing ? { fault: new Error('refused') as never, tookEffect: false } : null)
  await sendLinkCode(house.ports, { ...act('U0ALICE'), other: { address: 'slack:U0BOB' } })
  await house.runDue().catch(() => undefined)
  expect(codeOf()).not.toBe('')
  expect(await bobs()).toBe('claimed')

  refusing = false
  await house.pass(60)

  await expect(enter(codeOf())).resolves.toMatchObject({ state: 'confirmed' })
})
