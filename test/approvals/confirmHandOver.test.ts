import { beforeEach, describe, expect, test } from 'vitest'
import { revokeAgent } from '../../src/approvals/people/agents.ts'
import { handOver } from '../../src/approvals/people/handOver.ts'
import { DirectoryFault, type Ports } from '../../src/approvals/ports.ts'
import { claimsWorld, keptWith, pressConfirm, shell, told } from '../support/claims.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, click } from '../support/world.ts'

let house: Awaited<ReturnType<typeof claimsWorld>>
let lee = ''
beforeEach(async () => {
  house = await claimsWorld()
  lee = house.world.agent.agent.owner
})

const named = (name: string) => ({ email: `${name}@acme.test` })
const typed = { via: 'cli', shell } as const
const by = named('sam')
const name = 'billing-agent'

/** Somebody with a shell gives Lee's agent to somebody else; the question that it waits for. */
async function claimed(to = 'noor', ports: Ports = house.ports): Promise<string> {
  const { confirmation } = await handOver(ports, { name, to: named(to), by, ...typed })
  await house.runDue()
  if (!confirmation) throw new Error('nobody was asked')
  return confirmation.id
}

const owner = async () => (await house.store.agent(name))?.owner
const idOf = async (user: string) => (await house.store.account(keyOf(user)))?.person
const asked = () =>
  house.channel.said.filter((said) => said.startsWith('ask ')).map((said) => said.split(' ')[1])
const transfers = () => house.store.ledger.filter(({ type }) => type === 'agent.transferred')
const leaves = (user: string) => house.world.directory.changeAccount(user, { active: false })
const isOver = { code: 'confirmation_over' }

describe('claimed-administrator: an agent handed over on somebody’s word', () => {
  test.each([
    ['U0NOOR', 'U0LEE'],
    ['U0LEE', 'U0NOOR'],
  ])(
    'keeps its owner until the new one and the present one have confirmed it: first %s',
    async (...users) => {
      const question = await claimed()
      expect([...asked()].sort()).toEqual([keyOf('U0LEE'), keyOf('U0NOOR')])
      expect(await owner()).toBe(lee)

      await pressConfirm(house, question, users[0])
      expect(await owner()).toBe(lee)
      expect(transfers()).toEqual([])

      await pressConfirm(house, question, users[1])
      await house.runDue()
      expect(await owner()).toBe(await idOf('U0NOOR'))
      expect(house.channel.said.slice(-2).sort()).toEqual([
        `show ${keyOf('U0LEE')} confirmed`,
        `show ${keyOf('U0NOOR')} confirmed`,
      ])
      expect([...house.store.jobs.keys()].filter((key) => key.includes('cnf_'))).toEqual([])
    },
  )

  test('control: where no channel is, it happens at once, and the entry says claimed', async () => {
    const ports = { ...house.ports, confirms: false }

    const { agent, confirmation } = await handOver(ports, { name, to: named('noor'), by, ...typed })

    expect(confirmation).toBeNull()
    expect(await owner()).toBe(agent.owner)
    expect(agent.owner).not.toBe(lee)
    expect(transfers()[0]?.data).toMatchObject({ standing: 'claimed', confirmation: null })
  })

  test('is recorded with who was asked and who is said to ask, and as confirmed when it happens', async () => {
    const question = await claimed()
    await pressConfirm(house, question, 'U0LEE')
    await pressConfirm(house, question, 'U0NOOR')

    const [noor, sam] = [await idOf('U0NOOR'), await idOf('U0SAM')]
    const subject = { kind: 'agent', id: house.world.agent.agent.id }
    expect(house.store.ledger.find(({ type }) => type === 'confirmation.asked')).toMatchObject({
      subject,
      data: { kind: 'owner', about: { name, from: lee, to: noor, by: sam }, standing: 'claimed' },
    })
    expect(transfers()).toMatchObject([
      {
        actor: { kind: 'person', id: noor, via: 'confirmation' },
        subject,
        data: { name, from: lee, owner: noor, standing: 'confirmed', confirmation: question },
      },
    ])
    expect(keptWith(house, 'agent.transferred')).toContain(`shell ${JSON.stringify(shell)}`)
  })

  test('happens once when both confirm in the same instant', async () => {
    const question = await claimed()

    await Promise.all(['U0LEE', 'U0NOOR'].map((user) => pressConfirm(house, question, user)))

    expect(transfers()).toHaveLength(1)
    expect(told(house)).toEqual(['confirmation.asked', 'confirmation.given', 'confirmation.given'])
  })

  test('changes who can decide on what it asks only then', async () => {
    const question = await claimed()
    const [before, open] = [await ask(house.world, 'node.drain'), await ask(house.world, 'node.drain')]
    await pressConfirm(house, question, 'U0LEE')
    expect((await click(house.world, before.id, 'U0NOOR')).request.state).toBe('approved')

    await pressConfirm(house, question, 'U0NOOR')

    await expect(click(house.world, open.id, 'U0NOOR')).rejects.toMatchObject({ code: 'own_request' })
  })
})

describe('whom the hand-over waits for, judged when it takes effect', () => {
  test('not an owner who has left', async () => {
    leaves('U0LEE')
    const question = await claimed()
    expect(asked()).toEqual([keyOf('U0NOOR')])

    await pressConfirm(house, question, 'U0NOOR')

    expect(await owner()).toBe(await idOf('U0NOOR'))
  })

  test.each([
    [
      'is a guest by now',
      () => house.world.directory.changeAccount('U0LEE', { guest: true }),
      'unknown_person',
    ],
    ['nobody knows', () => house.world.directory.accounts.delete('U0LEE'), 'unknown_person'],
    ['cannot be looked up', () => silentAbout('U0LEE'), 'directory_unavailable'],
  ])('an owner who %s has not left: nobody else takes the agent', async (_, happens, code) => {
    happens()

    await expect(claimed()).rejects.toMatchObject({ code })

    expect(asked()).toEqual([])
    expect(await owner()).toBe(lee)
  })

  test('an owner who had left and is back has to be asked after all', async () => {
    leaves('U0LEE')
    const question = await claimed()
    house.world.directory.changeAccount('U0LEE', { active: true })

    await expect(pressConfirm(house, question, 'U0NOOR')).rejects.toMatchObject(isOver)
    expect(await owner()).toBe(lee)

    await claimed()
    expect(asked().at(-1)).toBe(keyOf('U0LEE'))
  })

  test('while nobody knows whether an owner is still gone, the press is not spent', async () => {
    leaves('U0LEE')
    const question = await claimed()
    const press = () => pressConfirm(house, question, 'U0NOOR', { delivery: 'the press' })
    const speaksAgain = silentAbout('U0LEE')
    await expect(press()).rejects.toMatchObject({ code: 'identity_unknown' })
    expect(await owner()).toBe(lee)

    speaksAgain()
    await press()

    expect(await owner()).toBe(await idOf('U0NOOR'))
  })

  test('the new owner has to be there still; whoever gave the agent away need not', async () => {
    const first = await claimed()
    await pressConfirm(house, first, 'U0NOOR')
    leaves('U0NOOR')
    await expect(pressConfirm(house, first, 'U0LEE')).rejects.toMatchObject(isOver)
    expect(await owner()).toBe(lee)

    const second = await claimed('omar')
    await pressConfirm(house, second, 'U0LEE')
    leaves('U0LEE')
    await pressConfirm(house, second, 'U0OMAR')
    expect(await owner()).toBe(await idOf('U0OMAR'))
  })

  test.each([
    ['that is revoked meanwhile', () => revokeAgent(house.ports, { name, by, ...typed })],
    ['that is handed over meanwhile', () => claimedAtOnce('omar')],
  ])('an agent %s is not handed over: the question is dropped', async (_, happens) => {
    const question = await claimed()
    await pressConfirm(house, question, 'U0LEE')
    await happens()
    const now = await owner()
    await house.runDue()

    await expect(pressConfirm(house, question, 'U0NOOR')).rejects.toMatchObject(isOver)

    expect(house.channel.said).toContain(`show ${keyOf('U0NOOR')} dropped`)
    expect(await owner()).toBe(now)
  })

  test('of two questions about it at once the one that is confirmed first counts', async () => {
    const { commit } = house.store
    let other = ''
    const racing = {
      ...house.store,
      commit: async (change: Parameters<typeof commit>[0]) => {
        if (other === '' && change.confirmations) {
          other = 'under way'
          other = await claimed('omar')
        }
        return commit(change)
      },
    }
    const one = await claimed('noor', { ...house.ports, store: racing })
    for (const question of [one, other]) await pressConfirm(house, question, 'U0LEE')

    await pressConfirm(house, other, 'U0OMAR')

    await expect(pressConfirm(house, one, 'U0NOOR')).rejects.toMatchObject(isOver)
    expect(await owner()).toBe(await idOf('U0OMAR'))
  })

  test('race: whoever is handed the agent between the judgement and the commit of their decision is judged again', async () => {
    const question = await claimed()
    await pressConfirm(house, question, 'U0LEE')
    const { id } = await ask(house.world, 'node.drain')
    let handed = false
    const racing = {
      ...house.store,
      commit: async (change: Parameters<typeof house.store.commit>[0]) => {
        if (!handed && change.request) {
          handed = true
          await pressConfirm(house, question, 'U0NOOR')
        }
        return house.store.commit(change)
      },
    }

    const decided = click({ ...house.world, ports: { ...house.ports, store: racing } }, id, 'U0NOOR')

    await expect(decided).rejects.toMatchObject({ code: 'own_request' })
  })

  test('race: an agent that is revoked between the judgement and the commit stays with its owner', async () => {
    const question = await claimed()
    await pressConfirm(house, question, 'U0LEE')
    let revoked = false
    const commit: typeof house.store.commit = async (change) => {
      if (!revoked && change.agents) {
        revoked = true
        await revokeAgent(house.ports, { name, by, ...typed })
      }
      return house.store.commit(change)
    }
    const world = { ...house.world, ports: { ...house.ports, store: { ...house.store, commit } } }

    await expect(pressConfirm({ ...house, world }, question, 'U0NOOR')).rejects.toMatchObject(isOver)

    expect(await house.store.agent(name)).toMatchObject({ owner: lee, status: 'revoked' })
  })
})

/** Handed over by a server without a channel. */
async function claimedAtOnce(to: string): Promise<void> {
  await handOver({ ...house.ports, confirms: false }, { name, to: named(to), by, ...typed })
}

/** The directory does not answer about one account; the answer makes it speak again. */
function silentAbout(user: string): () => void {
  const { directory } = house.world
  const { account } = directory
  directory.account = async (address) =>
    address.endsWith(user) ? Promise.reject(new DirectoryFault('cannot know')) : account(address)
  return () => {
    directory.account = account
  }
}
