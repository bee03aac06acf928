import type { Confirmable, Confirmation } from '../../core/confirmation.ts'
import { samePerson } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Change, Put } from '../change.ts'
import type { Ports } from '../ports.ts'
import type { Agent, LinkedAccount, OperatorKey } from '../records.ts'
import { agentEntry, revokedKey } from './agents.ts'
import { dropped } from './askToConfirm.ts'
import { confirmedAuditorKey, disownedAuditorKey } from './auditorKeys.ts'
import { currentPerson, formerPerson } from './currentPeople.ts'
import { confirmedTransfer } from './transfer.ts'
import { onlyClaimed } from './word.ts'

/** What is written beside the answer. */
type Effect = Partial<Change>

type Kind = Confirmable['kind']

type Effects = {
  readonly [K in Kind]: (
    ports: Ports,
    what: Extract<Confirmable, { kind: K }>,
    confirmation: Confirmation,
  ) => Promise<Effect>
}

/** What takes effect when everybody has confirmed it. @throws Refusal `confirmation_over` when what it was about is gone */
export function onConfirmed(ports: Ports, what: Confirmable, confirmation: Confirmation): Promise<Effect> {
  return run(confirmed, ports, { what, confirmation })
}

/** What ends when somebody says that it was not them. What only takes away, a link, stays: parting is for others to decide. */
export function onDisowned(ports: Ports, what: Confirmable, confirmation: Confirmation): Promise<Effect> {
  return run(disowned, ports, { what, confirmation })
}

function run<K extends Kind>(
  effects: Effects,
  ports: Ports,
  about: { readonly what: Extract<Confirmable, { kind: K }>; readonly confirmation: Confirmation },
): Promise<Effect> {
  const effect: Effects[K] = effects[about.what.kind as K] // the kind of this very value
  return effect(ports, about.what, about.confirmation)
}

const confirmed: Effects = {
  key: async (ports, what, { asked }) => {
    const found = await ports.store.key(what.key)
    if (found?.key.status !== 'unconfirmed' || found.agent.status === 'revoked') throw gone()
    const { key, agent } = found
    // Whoever was asked as its owner has to be that still.
    const owner = asked.find(({ as }) => as !== 'key_creator')?.person ?? agent.owner
    if (!samePerson(await currentPerson(ports, owner), await currentPerson(ports, agent.owner))) throw gone()
    return {
      keys: [{ expected: key.version, next: { ...key, version: key.version + 1, status: 'active' } }],
      agents: agent.status === 'unconfirmed' ? [changed(agent, 'active')] : [],
    }
  },
  owner: confirmedTransfer,
  link: async ({ store }, { from, to }) => {
    const links = (await store.accountsOf(...(await idsOf(store, to)))).filter(
      ({ claimedFrom }) => claimedFrom === from,
    )
    if (links.length === 0) throw gone()
    const [kept] = await store.accounts([formerPerson(to)])
    return {
      // Whoever they were joined to may be joined to somebody else by a claim themselves.
      accounts: links.map((link) => joined(link, kept?.claimedFrom ?? null)),
      links: [{ id: formerPerson(to), version: kept?.version ?? null }],
    }
  },
  policy: async (_, __, { id }) => ({ jobs: [{ task: 'propose', confirmation: id }] }),
  unlink: async (_, __, { id }) => ({ jobs: [{ task: 'propose', confirmation: id }] }),
  resume: async (_, __, { id }) => ({ jobs: [{ task: 'propose', confirmation: id }] }),
  erase: async (_, __, { id }) => ({ jobs: [{ task: 'propose', confirmation: id }] }),
  operator_key: async ({ store }, { key: id }) => {
    const key = await store.operatorKey(id)
    if (key?.status !== 'unconfirmed') throw gone()
    return { operatorKeys: [turned(key, 'active')] }
  },
  auditor_key: confirmedAuditorKey,
}

const disowned: Effects = {
  key: async (ports, what, { id, asked }) => {
    const found = await ports.store.key(what.key)
    if (!found || found.key.status === 'revoked') return {}
    const { key, agent } = found
    const keys = [revokedKey(key)]
    if (agent.status !== 'unconfirmed') return { keys }
    const end = changed(agent, 'revoked')
    const by = asked.find(({ answer }) => answer === 'disowned')?.person ?? agent.owner
    const word = { via: 'confirmation', confirmation: id }
    const entry = agentEntry(ports, 'agent.revoked', {
      agent: end.next,
      by,
      key: null,
      word,
      stands: onlyClaimed,
    })
    const others = (await ports.store.confirmationsAbout(agent.id)).filter((one) => one.id !== id)
    return { ...dropped(others), keys, agents: [end], entries: [entry] }
  },
  owner: async () => ({}),
  link: async () => ({}),
  policy: async () => ({}),
  unlink: async () => ({}),
  resume: async () => ({}),
  erase: async () => ({}),
  operator_key: async ({ store }, { key: id }) => {
    const key = await store.operatorKey(id)
    return key && key.status !== 'revoked' ? { operatorKeys: [turned(key, 'revoked')] } : {}
  },
  auditor_key: disownedAuditorKey,
}

/** The id itself, and whoever it was joined to since. */
async function idsOf(store: Ports['store'], id: string): Promise<readonly string[]> {
  const [former] = await store.accounts([formerPerson(id)])
  return former ? [id, former.person] : [id]
}

function changed(agent: Agent, status: Agent['status']): Put<Agent> {
  return { expected: agent.version, next: { ...agent, version: agent.version + 1, status } }
}

function turned(key: OperatorKey, status: OperatorKey['status']): Put<OperatorKey> {
  return { expected: key.version, next: { ...key, version: key.version + 1, status } }
}

function joined(link: LinkedAccount, claimedFrom: LinkedAccount['claimedFrom']): Put<LinkedAccount> {
  return { expected: link.version, next: { ...link, version: link.version + 1, claimedFrom } }
}

function gone(): Refusal {
  return new Refusal('confirmation_over', 'what the claim was about is gone')
}
