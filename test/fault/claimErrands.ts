import { showConfirmation } from '../../src/approvals/cards/showConfirmation.ts'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { type AnswerAttempt, type Answered, confirm, disown } from '../../src/approvals/people/confirm.ts'
import { handOver } from '../../src/approvals/people/handOver.ts'
import { lapse } from '../../src/approvals/people/lapse.ts'
import { enterLinkCode, linkCodeOf, sendLinkCode } from '../../src/approvals/people/linkByCode.ts'
import type { Ports } from '../../src/approvals/ports.ts'
import { keyOf } from '../support/testDirectory.ts'
import { type Errand, register } from './errand.ts'
import { drain, type Stage } from './stage.ts'

const owner = { email: 'lee@acme.test' }

/** The ports of a server where people can be asked. */
const asking = <T extends { readonly ports: Ports }>(outside: T): Ports => ({
  ...outside.ports,
  confirms: true,
})

const claim = (ports: Ports) => addAgent(ports, { name: 'nightly', owner, by: owner, via: 'cli' })

/** A claim in Lee's name; asked about when the jobs have run. */
async function claimed({ world }: Stage): Promise<string> {
  const { confirmation } = await claim(asking(world))
  return confirmation?.id ?? ''
}

/** Lee presses a button of the message that asks. */
function pressing(answer: (ports: Ports, attempt: AnswerAttempt) => Promise<Answered>): Errand['arrange'] {
  return async (stage) => {
    const confirmation = await claimed(stage)
    await drain(stage)
    const message = (await stage.store.confirmation(confirmation))?.asked[0]?.message ?? ''
    const attempt = { confirmation, account: keyOf('U0LEE'), via: 'slack', message, delivery: 'press' }
    return ({ ports }) => answer(ports, attempt)
  }
}

/** The agent of the world is to be Noor's, and Lee has confirmed it. */
async function handedOver(stage: Stage): Promise<AnswerAttempt> {
  const ports = asking(stage.world)
  const to = { email: 'noor@acme.test' }
  const { confirmation } = await handOver(ports, { name: 'billing-agent', to, by: owner, via: 'cli' })
  const id = confirmation?.id ?? ''
  await drain(stage)
  const press = async (user: string): Promise<AnswerAttempt> => {
    const asked = (await stage.store.confirmation(id))?.asked ?? []
    const message = asked.find(({ account }) => account === keyOf(user))?.message ?? ''
    return { confirmation: id, account: keyOf(user), via: 'slack', message, delivery: `press of ${user}` }
  }
  await confirm(ports, await press('U0LEE'))
  return press('U0NOOR')
}

/** Whose the agent is, and what was recorded. */
async function ownership(stage: Stage): Promise<readonly string[]> {
  const now = (await stage.store.agent('billing-agent'))?.owner
  const person = (user: string) => stage.store.account(keyOf(user))
  const isNoor = now === (await person('U0NOOR'))?.person
  return [...new Set(await register(stage)), isNoor ? 'of Noor' : 'of somebody else']
}

/** What became of the claims: their entries, their state, and whether a message asks. */
async function result(stage: Stage): Promise<readonly string[]> {
  const agent = await stage.store.agent('nightly')
  const all = await stage.store.confirmationsAbout(agent?.id ?? '')
  const states = all.map(({ state, asked }) => `${state}: ${asked.every(({ message }) => message !== null)}`)
  return [...new Set(await register(stage)), ...states, `agent ${agent?.status}`]
}

const linkAct = (delivery: string) => ({ account: keyOf('U0ALICE'), via: 'slack', delivery })

/** Alice says that Bob's account is hers, too. */
const linking = (ports: Ports) =>
  sendLinkCode(ports, { ...linkAct('link'), other: { email: 'bob@acme.test' } })

/** What became of that: its entries, and how much of it is only claimed. */
async function linked(stage: Stage): Promise<readonly string[]> {
  const bob = await stage.store.account(keyOf('U0BOB'))
  const is = bob?.joined.length ? (bob.claimedFrom === null ? 'confirmed' : 'claimed') : 'apart'
  const all = bob ? await stage.store.confirmationsAbout(bob.person) : []
  return [...new Set(await register(stage)), is, ...all.map(({ state }) => state)]
}

const askedAbout = ['agent.added', 'confirmation.asked'] as const

export const claimErrands: Readonly<Record<string, Errand>> = {
  'saying that another account is mine': {
    arrange: async () => (outside) => linking(asking(outside)),
    result: linked,
    expected: ['person.linked', 'confirmation.asked', 'claimed', 'waiting'],
  },
  'entering the code that it was sent': {
    arrange: async ({ world }) => {
      const { confirmation } = await linking(asking(world))
      const code = linkCodeOf(world.ports, confirmation)
      return ({ ports }) => enterLinkCode(ports, { ...linkAct('code'), code })
    },
    result: linked,
    expected: ['person.linked', 'confirmation.asked', 'confirmation.given', 'confirmed', 'confirmed'],
  },
  'adding an agent that has to be confirmed': {
    arrange: async () => (outside) => claim(asking(outside)),
    result,
    expected: [...askedAbout, 'waiting: true', 'agent unconfirmed'],
  },
  'asking somebody to confirm': {
    arrange: async (stage) => {
      const id = await claimed(stage)
      return ({ ports, channel }) => showConfirmation(ports, channel, id)
    },
    result,
    expected: [...askedAbout, 'waiting: true', 'agent unconfirmed'],
  },
  'confirming that an agent is mine': {
    arrange: pressing(confirm),
    result,
    expected: [...askedAbout, 'confirmation.given', 'confirmed: true', 'agent active'],
  },
  'asking whether an agent is handed over': {
    arrange: async () => (outside) =>
      handOver(asking(outside), {
        name: 'billing-agent',
        to: { email: 'noor@acme.test' },
        by: owner,
        via: 'cli',
      }),
    result: ownership,
    expected: ['confirmation.asked', 'of somebody else'],
  },
  'confirming that an agent is handed over to me': {
    arrange: async (stage) => {
      const attempt = await handedOver(stage)
      return ({ ports }) => confirm(ports, attempt)
    },
    result: ownership,
    expected: ['confirmation.asked', 'confirmation.given', 'agent.transferred', 'of Noor'],
  },
  'saying that it was not me': {
    arrange: pressing(disown),
    result,
    expected: [
      ...askedAbout,
      'confirmation.disowned',
      'agent.revoked',
      'alarm.sent',
      'disowned: true',
      'agent revoked',
    ],
  },
  'the end of the time to confirm': {
    arrange: async (stage) => {
      const id = await claimed(stage)
      await drain(stage)
      stage.world.clock.advance(25 * 3_600)
      return ({ ports }) => lapse(ports, id)
    },
    result,
    expected: [...askedAbout, 'confirmation.lapsed', 'lapsed: true', 'agent unconfirmed'],
  },
}
