import type { Account, PersonId } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import { whyNotStaff } from '../../core/staff.ts'
import type { Change } from '../change.ts'
import type { Ports } from '../ports.ts'
import type { Agent, AgentKey, OperatorKey } from '../records.ts'
import { orRefuse } from './askDirectory.ts'
import { asking, newConfirmation, type ToAsk } from './askToConfirm.ts'
import { ownAccountsOf } from './currentPeople.ts'
import { accountOrNobody } from './humans.ts'
import { personOf } from './identify.ts'
import { inReach, used } from './operatorKeys.ts'
import type { Stands, Word } from './word.ts'

/** Who has to confirm a key of an agent before it works, and what speaks for it already. */
export interface WhoConfirms {
  readonly asked: readonly ToAsk[]
  readonly operatorKey: OperatorKey | null
  readonly status: 'unconfirmed' | 'active'
}

/**
 * A key gives whoever has it the agent's voice, and puts its owner and its maker behind whatever is asked for with it: so
 * both are asked, except a person whose own key came with the command, for an agent of theirs. Whoever does it in person is both,
 * and makes it for an agent of theirs (`livingAgent`).
 */
export async function whoConfirms(
  ports: Ports,
  about: {
    readonly owner: PersonId
    /** Where the owner can be asked, when they have to be. */
    readonly ownerAccount: () => Promise<Account>
    readonly creator: Account
    readonly word: Word
  },
): Promise<WhoConfirms> {
  const { owner: person, creator, word } = about
  const operatorKey = await inReach(ports, word.operatorKey ?? null, person)
  if (!ports.confirms || word.themselves) return { asked: [], operatorKey, status: 'active' }
  const owner = await about.ownerAccount()
  const speaksFor = operatorKey ? (await ownAccountsOf(ports, operatorKey.person)).map(({ id }) => id) : []
  const isOne = owner.key === creator.key
  const all: ToAsk[] = [
    { person, account: owner, as: isOne ? 'owner_and_creator' : 'agent_owner' },
    ...(isOne
      ? []
      : [{ person: await personOf(ports, creator), account: creator, as: 'key_creator' as const }]),
  ]
  const asked = all.filter(({ account }) => !speaksFor.includes(account.key))
  return { asked, operatorKey, status: asked.length > 0 ? 'unconfirmed' : 'active' }
}

/** What is written with a new key beside it: the question, if there is one, and the use of an operator's key. */
export function keyClaim(
  ports: Ports,
  about: {
    readonly agent: Agent
    readonly key: AgentKey
    readonly first: boolean
    readonly who: WhoConfirms
    readonly word: Word
  },
): Stands & { readonly change: Change } {
  const { agent, key, first, who, word } = about
  const { asked, operatorKey } = who
  const what = { kind: 'key', agent: agent.id, name: agent.name, key: key.id, first } as const
  const confirmation = asked.length > 0 ? newConfirmation(ports, what, { word, asked }) : null
  const use = used(ports, operatorKey, { command: first ? 'agents add' : 'agents rotate', agent: agent.id })
  const question = confirmation ? asking(ports, confirmation) : { entries: [] }
  return {
    confirmation,
    operatorKey,
    change: { ...use, ...question, entries: [...use.entries, ...question.entries] },
  }
}

/**
 * The account at which an agent's owner can be asked about a key.
 *
 * @throws Refusal `unknown_person` when they have none any more, `directory_unavailable`
 */
export async function accountOfOwner(
  ports: Ports,
  agent: Agent,
  preferred: Account | null,
): Promise<Account> {
  const account = await activeAccountOf(ports, agent.owner, preferred)
  if (account) return account
  throw new Refusal('unknown_person', 'the owner of the agent has no active account', [
    {
      pointer: '/owner',
      detail:
        'The owner of the agent has no active account any more, so nobody can confirm it: give it another owner.',
    },
  ])
}

/**
 * The account at which somebody can be asked: the preferred one if it is theirs, else one of their own that is active.
 *
 * @throws Refusal `directory_unavailable`
 */
export async function activeAccountOf(
  ports: Ports,
  person: PersonId,
  preferred: Account | null,
): Promise<Account | null> {
  const own = await ownAccountsOf(ports, person)
  if (preferred && own.some(({ id }) => id === preferred.key)) return preferred
  for (const { id } of own) {
    const account = await orRefuse('directory_unavailable', () => accountOrNobody(ports.directory, id))
    if (account && whyNotStaff(account) === null) return account
  }
  return null
}
