import { type Confirmation, unanswered } from '../../core/confirmation.ts'
import { type Account, samePerson } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Ports } from '../ports.ts'
import type { Agent, OperatorKey } from '../records.ts'
import { doneBefore, livingAgent } from './agents.ts'
import { asking, dropped, newConfirmation, type ToAsk } from './askToConfirm.ts'
import { currentPerson, ownPerson, personLinked } from './currentPeople.ts'
import { accountsNow, hasLeft } from './hasLeft.ts'
import { linkOf, type PersonClaim, personOf, resolveClaim } from './identify.ts'
import { activeAccountOf } from './keyClaim.ts'
import { inReach, used } from './operatorKeys.ts'
import { transfer } from './transfer.ts'
import { asJudged, type Word } from './word.ts'

/** The agent, and who has to confirm it before it has another owner; null when it has one already. */
export interface HandedOver {
  readonly agent: Agent
  readonly confirmation: Confirmation | null
}

/**
 * Makes somebody else the owner of an agent. From then on they are behind whatever it asks, and behind what it asked
 * before and is open still (`currentPeople.ts`); the owner of before stays behind all that was asked until then, and
 * whoever created a key behind what is asked with it.
 *
 * Where people can be asked, nothing changes before the new owner and the present one have confirmed it; one who has left
 * is not asked (threats: claimed-administrator). Said again while they can still answer, it asks nobody twice; another
 * hand-over of the agent takes the place of one that waits.
 *
 * @throws Refusal `unknown_agent`, `wrong_state` for a revoked agent or one that is theirs already, `unknown_person`, also
 *   for an owner who has not left and has no account that could answer; `directory_unavailable`, `busy`
 */
export async function handOver(ports: Ports, ask: HandOver): Promise<HandedOver> {
  const agent = await livingAgent(ports, ask)
  const to = await resolveClaim(ports, ask.to, '/to')
  const by = await resolveClaim(ports, ask.by, '/by')
  const link = await linkOf(ports, to)
  if (samePerson(await currentPerson(ports, agent.owner), personLinked(link)))
    throw new Refusal('not_applicable', 'the agent belongs to this person already')
  if (ports.confirms || ask.themselves) return askBoth(ports, ask, { agent, to, by })

  const said = { agent, owner: personLinked(link), by: await personOf(ports, by), word: ask }
  const { agent: next, change } = await transfer(ports, said)
  if ((await ports.store.commit(change)) !== 'applied')
    throw new Refusal('busy', 'the agent changed while it was handed over')
  return { agent: next, confirmation: null }
}

type HandOver = Word & { readonly name: string; readonly to: PersonClaim; readonly by: PersonClaim }

interface Named {
  readonly agent: Agent
  readonly to: Account
  readonly by: Account
}

async function askBoth(ports: Ports, word: Word, named: Named): Promise<HandedOver> {
  const { agent } = named
  const operatorKey = await inReach(ports, word.operatorKey ?? null, agent.owner)
  const confirmation = await newQuestion(ports, word, { ...named, operatorKey })
  const waiting = (await ports.store.confirmationsAbout(agent.id)).filter(
    ({ what, state }) => what.kind === 'owner' && state === 'waiting',
  )
  const same = waiting.find((one) => asksTheSame(ports, one, confirmation))
  if (same) return { agent, confirmation: same }
  const use = used(ports, operatorKey, { command: 'agents hand-over', agent: agent.id })
  const [question, before] = [asking(ports, confirmation), dropped(waiting)]
  const committed = await ports.store.commit({
    ...asJudged(word),
    operatorKeys: use.operatorKeys,
    confirmations: [...before.confirmations, ...question.confirmations],
    entries: [...use.entries, ...question.entries],
    jobs: [...before.jobs, ...question.jobs],
    dropJobs: before.dropJobs,
  })
  if (committed === 'duplicate') throw doneBefore()
  if (committed !== 'applied') throw new Refusal('busy', 'another question about the agent changed meanwhile')
  return { agent, confirmation }
}

/** The present owner has answered by the key that came with it, or because it is they who want it. */
async function newQuestion(
  ports: Ports,
  word: Word,
  { agent, to, by, operatorKey }: Named & { readonly operatorKey: OperatorKey | null },
): Promise<Confirmation> {
  // An account that only a claim has joined to somebody is not theirs: the agent stays with whoever confirms it.
  const person = ownPerson(await linkOf(ports, to))
  const present = await presentOwner(ports, agent, by)
  const what = {
    kind: 'owner',
    agent: agent.id,
    name: agent.name,
    from: agent.owner,
    to: person,
    by: word.themselves?.person ?? (await personOf(ports, by)),
  } as const
  const confirmation = newConfirmation(ports, what, {
    word,
    asked: [{ person, account: to, as: 'new_owner' }, ...(present ? [present] : [])],
  })
  if (!operatorKey && !word.themselves) return confirmation
  const asked = confirmation.asked.map((one) =>
    one.as === 'agent_owner' ? { ...one, answer: 'confirmed' as const } : one,
  )
  return { ...confirmation, asked }
}

/** The owner whom it parts from the agent; null when the directory says that they have left, and only then. */
async function presentOwner(ports: Ports, agent: Agent, by: Account): Promise<ToAsk | null> {
  const accounts = await accountsNow(ports, agent.owner)
  if (hasLeft(accounts) === true) return null
  const account = await activeAccountOf(ports, agent.owner, by)
  if (account) return { person: agent.owner, account, as: 'agent_owner' }
  throw new Refusal('unknown_person', 'the owner of the agent has not left and cannot be asked', [
    {
      pointer: '/owner',
      detail:
        'The owner of the agent has no account that could confirm it, and the directory does not say that they have left: revoke the agent and register another one.',
    },
  ])
}

/** A question that can still be answered, about the same hand-over and to the same people, of whom none was answered for since. */
function asksTheSame(ports: Ports, waiting: Confirmation, anew: Confirmation): boolean {
  const essence = ({ what, asked }: Confirmation) =>
    JSON.stringify(what.kind === 'owner' ? [what.from, what.to, asked.map(({ account }) => account)] : null)
  const isOpen = ports.clock().toISOString() < waiting.until
  return isOpen && essence(waiting) === essence(anew) && unanswered(waiting).length <= unanswered(anew).length
}
