import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { authenticateKey } from '../../src/approvals/people/authenticate.ts'
import { handOver } from '../../src/approvals/people/handOver.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { StoreUnavailable } from '../../src/approvals/storeUnavailable.ts'
import { eventually } from '../support/eventually.ts'
import { ask } from '../support/world.ts'
import { type Company, channelId, openCompany, send } from './company.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany({ confirms: true })
})
afterEach(() => company.close())

const type = (user: string, text: string) => company.local.as(user).command(channelId, `/approvals ${text}`)
const heard = (user: string, place = channelId) => JSON.stringify(company.local.as(user).messages(place))
const written = (user: string) => JSON.stringify(company.local.as(user).sees())
/** Types a command, and waits for what it is answered. */
async function answered(user: string, text: string, answer: string): Promise<void> {
  await type(user, text)
  await eventually(() => expect(heard(user)).toContain(answer))
}
const keysIn = (text: string) => [...new Set(text.match(/csk_[0-9a-z]{26}_[\w-]{43}/g) ?? [])]
/** The newest key that somebody was shown. */
const keyShown = (user: string) => keysIn(heard(user)).at(-1) ?? ''
const works = (key: string) =>
  authenticateKey(company.world.ports, key).then(
    ({ agent }) => agent.name,
    ({ code }) => code,
  )
const entries = (type: string) => company.store.ledger.filter((entry) => entry.type === type)
/** Types a command, and waits for its window. */
async function opens(user: string, text: string): Promise<void> {
  await type(user, text)
  await eventually(() => expect(company.local.as(user).modal()?.callbackId).toBe('agent_revoke'))
}

describe('adding an agent', () => {
  test('makes it theirs at once, and shows its key to them alone and nowhere else', async () => {
    await answered('U0BOB', 'agents add nightly', 'is registered')

    const key = keyShown('U0BOB')
    expect(await works(key)).toBe('nightly')
    expect(heard('U0BOB')).toContain('/v1/requests?limit=5')
    expect(keysIn(heard('U0LEE'))).toEqual([])
    // Not where Slack keeps messages, nor where we keep anything.
    const secret = key.slice(-43)
    for (const kept of [company.store.ledger, company.store.blobs, [...company.store.jobs], company.logged])
      expect(JSON.stringify(kept)).not.toContain(secret)
    expect(entries('agent.added').at(-1)).toMatchObject({
      actor: { kind: 'person', account: 'slack:T0ACME:U0BOB', via: 'slack' },
      data: { name: 'nightly', standing: 'confirmed' },
    })
    expect(entries('confirmation.asked')).toEqual([])
  })

  test('for some time, after which the key does nothing', async () => {
    await answered('U0BOB', 'agents add nightly for 30d', 'It expires')
    expect(heard('U0BOB')).toContain('You are told seven days before.')
    const key = keyShown('U0BOB')
    company.world.clock.advance(30 * 86_400 - 60)
    expect(await works(key)).toBe('nightly')

    company.world.clock.advance(60)

    expect(await works(key)).toBe('key_expired')
  })

  test('for less than a week: nobody is promised to be told a week before', async () => {
    await answered('U0BOB', 'agents add nightly for 5d', 'It expires')

    expect(heard('U0BOB')).not.toContain('seven days before')
  })

  test('by two people at once under one name: one has it, the other is told', async () => {
    await Promise.all([type('U0BOB', 'agents add nightly'), type('U0PRIYA', 'agents add nightly')])

    await eventually(() => expect(heard('U0BOB') + heard('U0PRIYA')).toContain('That name is taken.'))
    await eventually(() => expect(heard('U0BOB') + heard('U0PRIYA')).toContain('is registered'))
    expect(entries('agent.added').filter(({ data }) => data.name === 'nightly')).toHaveLength(1)
    expect([...keysIn(heard('U0BOB')), ...keysIn(heard('U0PRIYA'))]).toHaveLength(1)
  })

  test.each([
    ['a guest', 'U0GWEN', 'add nightly', 'full members'],
    ['with a name that cannot be', 'U0BOB', 'add Nightly!', 'lower-case letters'],
    ['with a name of the policy tool’s', 'U0BOB', 'add policy-tool.x', 'That name is taken'],
    ['for a time that is none', 'U0BOB', 'add nightly for ever', 'for 90d'],
    ['for a time that is too short', 'U0BOB', 'add nightly for 5m', 'from 1h to 366d'],
    ['with a word mistyped', 'U0BOB', 'ad nightly', 'Did you mean'],
  ])('is refused: %s', async (_, user, typed, answer) => {
    await answered(user, `agents ${typed}`, answer)

    expect(entries('agent.added').map(({ data }) => data.name)).toEqual(['billing-agent'])
  })

  test('where Slack does not take the answer, the key ends, and that is said without it', async () => {
    company.local.faults.next('response_url', { kind: 'status', status: 500 })
    await type('U0BOB', 'agents add nightly')

    await eventually(() => expect(written('U0BOB')).toContain('did not take the answer'))
    expect(keysIn(written('U0BOB'))).toEqual([])
    const agent = await company.store.agent('nightly')
    expect(await company.store.keysOf(agent?.id ?? '')).toMatchObject([{ status: 'revoked' }])

    await answered('U0BOB', 'agents rotate nightly', 'has a new key')
    expect(await works(keyShown('U0BOB'))).toBe('nightly')
  })
})

describe('rotating', () => {
  test('ends the old key at once', async () => {
    await answered('U0LEE', 'agents rotate billing-agent', 'has a new key')

    expect(await works(company.world.agent.credential)).toBe('unauthenticated')
    expect(await works(keyShown('U0LEE'))).toBe('billing-agent')
    expect(entries('agent.rotated').at(-1)).toMatchObject({ data: { standing: 'confirmed' } })
  })

  test.each(['rotate billing-agent', 'revoke billing-agent', 'hand-over billing-agent @lee'])(
    'and %s: somebody else is told no more than of an agent that is not there',
    async (typed) => {
      await answered('U0BOB', `agents ${typed}`, 'There is no such agent')
      await answered(
        'U0PRIYA',
        `agents ${typed.replace('billing-agent', 'nobody')}`,
        'There is no such agent',
      )

      const said = (user: string) => company.local.as(user).messages(channelId).at(-1)
      expect(said('U0BOB')?.text).toBe(said('U0PRIYA')?.text)
      expect(company.local.as('U0BOB').modal()).toBeUndefined()
      expect(await works(company.world.agent.credential)).toBe('billing-agent')
    },
  )
})

describe('whose an agent is', () => {
  test('is judged when it takes effect: whoever gave it away before they sent the window ends nothing', async () => {
    await opens('U0LEE', 'agents revoke billing-agent')
    const by = { address: 'slack:U0LEE' }
    const unasked = { ...company.world.ports, confirms: false }
    await handOver(unasked, { name: 'billing-agent', to: { address: 'slack:U0PRIYA' }, by, via: 'test' })

    await send(company, 'U0LEE', {})

    expect(JSON.stringify(company.local.as('U0LEE').modal())).toContain('There is no such agent')
    expect(await company.store.agent('billing-agent')).toMatchObject({ status: 'active' })
  })

  test('is not changed by a link that is only claimed', async () => {
    await linkAccounts(company.world.ports, {
      account: { address: 'slack:U0LEE' },
      other: { address: 'slack:U0BOB' },
      via: 'cli',
    })

    await answered('U0BOB', 'agents rotate billing-agent', 'There is no such agent')
    await answered('U0BOB', 'agents', 'You have no agents')
    await answered('U0LEE', 'agents rotate billing-agent', 'has a new key')
  })
})

test('a link that everybody has confirmed makes their agents those of both accounts', async () => {
  const unasked = { ...company.world.ports, confirms: false }
  const [account, other] = ['slack:U0LEE', 'slack:U0BOB'].map((address) => ({ address }))
  if (account && other) await linkAccounts(unasked, { account, other, via: 'cli' })

  await answered('U0BOB', 'agents', 'billing-agent')
  await answered('U0BOB', 'agents rotate billing-agent', 'has a new key')
})

test('when the commit is lost, nobody is told that nothing was done', async () => {
  const commit = company.store.commit
  company.store.commit = async (change) => {
    const outcome = await commit(change)
    if (!change.agents) return outcome
    throw new StoreUnavailable({
      reason: 'away',
      message: 'the connection was lost',
      unknown: true,
      retryAfterSeconds: 1,
      cause: null,
    })
  }
  await answered('U0BOB', 'agents add nightly', 'not certain')

  company.store.commit = commit
  await answered('U0BOB', 'agents rotate nightly', 'has a new key')
})

describe('revoking', () => {
  test('says what it will cancel, and then does', async () => {
    const { id } = await ask(company.world, 'db.export')
    await opens('U0LEE', 'agents revoke billing-agent')

    const window = JSON.stringify(company.local.as('U0LEE').modal())
    expect(window).toContain('One request that waits is')
    expect(window).toContain('db.export')
    expect(await works(company.world.agent.credential)).toBe('billing-agent')

    await send(company, 'U0LEE', {})

    await eventually(async () => expect(await works(company.world.agent.credential)).toBe('unauthenticated'))
    expect([...company.store.jobs.values()]).toContainEqual({ task: 'cancel', request: id })
    expect(entries('agent.revoked')).toMatchObject([
      { actor: { account: 'slack:T0ACME:U0LEE', via: 'slack' }, data: { standing: 'confirmed' } },
    ])
  })
})

describe('handing over', () => {
  test('asks the new owner alone, who is told that its owner asked for it', async () => {
    await answered('U0LEE', 'agents hand-over billing-agent @priya', 'as soon as they have confirmed')

    const about = await company.store.confirmationsAbout(company.world.agent.agent.id)
    expect(about[0]).toMatchObject({
      state: 'waiting',
      asked: [
        { as: 'new_owner', answer: null },
        { as: 'agent_owner', answer: 'confirmed' },
      ],
    })
    expect(await works(company.world.agent.credential)).toBe('billing-agent')
  })

  test('to nobody is answered with how it is written', async () => {
    await answered('U0LEE', 'agents hand-over billing-agent priya', 'To whom?')
  })
})

describe('my agents', () => {
  test('stand there with their keys, what waits, and which is about to expire', async () => {
    await ask(company.world, 'db.export')
    await answered('U0LEE', 'agents rotate billing-agent for 5d', 'has a new key')
    await answered('U0LEE', 'agents', 'You have one agent')

    const [key] = await company.store.keysOf(company.world.agent.agent.id)
    expect(key?.status).toBe('revoked')
    for (const text of ['billing-agent', 'one request waits', 'It expires'])
      expect(heard('U0LEE'), text).toContain(text)
  })

  test('none: how to add one', async () => {
    await answered('U0BOB', 'agents', 'agents add')
  })

  test('are not shown to a guest', async () => {
    await answered('U0GWEN', 'agents', 'full members')
  })
})
