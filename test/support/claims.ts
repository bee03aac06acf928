import { type AnswerAttempt, confirm, disown } from '../../src/approvals/people/confirm.ts'
import { type TestChannel, testChannel } from './channel.ts'
import { jobsAtWork } from './jobsAtWork.ts'
import { type MemoryStore, memoryStore } from './memoryStore.ts'
import { keyOf } from './testDirectory.ts'
import { testWorld, type World } from './world.ts'

/** Whoever has a shell, as the machine says. */
export const shell = { user: 'root', host: 'prod-1' }

/** A world in which people are asked to confirm what is claimed in their names, with the jobs at work. */
export async function claimsWorld() {
  const store = memoryStore()
  const world = await testWorld({ store, confirms: true })
  const channel = testChannel()
  const { runDue, pass } = jobsAtWork({ ports: world.ports, store, channel, clock: world.clock })
  return { world, store, channel, runDue, pass, ports: world.ports }
}

export interface Claims {
  readonly world: World
  readonly store: MemoryStore
  readonly channel: TestChannel
}

let presses = 0

/** One press of *Confirm*, by the account that was asked, on the message that asked it. */
export async function pressConfirm(
  claims: Claims,
  id: string,
  user: string,
  change: Partial<AnswerAttempt> = {},
) {
  return confirm(claims.world.ports, await attempt(claims, { id, user, change }))
}

/** The same of *This was not me*. */
export async function pressDisown(
  claims: Claims,
  id: string,
  user: string,
  change: Partial<AnswerAttempt> = {},
) {
  return disown(claims.world.ports, await attempt(claims, { id, user, change }))
}

async function attempt(
  { store }: Claims,
  press: { readonly id: string; readonly user: string; readonly change: Partial<AnswerAttempt> },
): Promise<AnswerAttempt> {
  presses += 1
  const delivery = `press-${presses}`
  const account = keyOf(press.user)
  const mine = (await store.confirmation(press.id))?.asked.find((one) => one.account === account)
  return {
    confirmation: press.id,
    account,
    via: 'slack',
    message: mine?.message ?? 'another message',
    delivery,
    ...press.change,
  }
}

/** The entries about claims, in order, as what each says. */
export function told({ store }: Claims): readonly string[] {
  return store.ledger.filter(({ type }) => type.startsWith('confirmation.')).map(({ type }) => type)
}

/** Which values stand beside the entries of a type. */
export function keptWith({ store }: Claims, type: string): readonly string[] {
  const ids = store.ledger.filter((entry) => entry.type === type).map(({ id }) => id)
  return store.blobs.filter(({ entry }) => ids.includes(entry)).map(({ name, text }) => `${name} ${text}`)
}
