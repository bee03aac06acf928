import type { Action } from '../core/action.ts'
import type { Account, CurrentPerson, PersonId } from '../core/identity.ts'
import type { Counted } from '../core/request.ts'
import type { Ask } from '../policy/ask.ts'
import { earlierReadings, outsideIn } from '../policy/readers/outside.ts'
import type { EarlierRead } from '../policy/runFacts.ts'
import type { PeopleBehind } from './people/peopleBehind.ts'
import { ownerPrincipal, principalOf } from './people/principal.ts'
import { type Judged, judge } from './policy/judge.ts'
import { refuseLookalikes } from './policy/lookalikes.ts'
import { runRead } from './policy/runRead.ts'
import type { Ports } from './ports.ts'
import type { Agent } from './records.ts'
import type { Submission, SubmissionEnvelope } from './submission.ts'

/** What is asked, and who is behind it. */
export interface AskedBy {
  readonly submission: Submission
  readonly people: PeopleBehind
  /** What is let through before it in the same commit. */
  readonly earlier?: readonly Counted[]
  /** What is asked for with it, as if it had been read already. */
  readonly beside?: readonly EarlierRead[]
}

/**
 * What policy says of what one agent asks for.
 *
 * @throws Refusal `lookalike_name`, `nobody_reachable`
 */
export async function judgedAsk(
  ports: Ports,
  envelope: SubmissionEnvelope,
  { submission, people, earlier = [], beside = [] }: AskedBy,
): Promise<Judged> {
  const bundle = ports.policy()
  const { agent, via } = envelope
  if (bundle) refuseLookalikes(bundle, submission.action)
  const ask = await askOf(ports, agent, {
    ...submission,
    ...{ owner: people.owner, initiator: people.initiator.person, known: people.claimed ?? agent.owner },
    attested: people.signIn !== null,
    ...{ source: via === 'api' || via === 'webhook' ? via : 'cli', beside },
  })
  return judge(ports, ask, {
    behind: people.behind,
    expiresInSeconds: submission.expiresInSeconds,
    earlier,
  })
}

/** What is asked, for whom, and by which way it came. */
interface Asked extends Pick<Submission, 'action' | 'reason' | 'run'> {
  readonly owner: CurrentPerson
  readonly initiator: CurrentPerson
  /** An account of the initiator's, or the id that they are on record by. */
  readonly known: Account | PersonId
  /** An identity provider says that it is they. */
  readonly attested: boolean
  readonly source: NonNullable<Ask['request']>['source']
  readonly beside?: readonly EarlierRead[]
}

/** The ask as policy wants it: what is asked, by whom, for whom, and what the directory knows of them. */
export async function askOf(ports: Ports, agent: Agent, asked: Asked): Promise<Ask> {
  const { action, reason, run, source, beside = [] } = asked
  const [read, ran, owner, initiator] = await Promise.all([
    readOutside(ports, action),
    runRead(ports, ports.policy(), { agent: agent.id, run, action: action.action, beside }),
    ownerPrincipal(ports, agent, asked.owner),
    principalOf(ports, asked.initiator, asked.known),
  ])
  return {
    action,
    agent: { id: agent.id, name: agent.name, tags: agent.tags, model: run?.model ?? null, owner },
    initiator: { ...initiator, kind: 'human', ...(asked.attested && { attested: true as const }) },
    request: { reason, source },
    at: ports.clock().toISOString(),
    ...ran,
    ...read,
  }
}

/** What the bundle wants read by a parser beside us, before it judges. Mostly nothing. */
async function readOutside(ports: Ports, action: Action): Promise<Pick<Ask, 'read'>> {
  const texts = outsideIn(ports.policy(), action)
  const read = texts.map(async ([name, text]) => [name, await ports.statements.read(text)] as const)
  return earlierReadings(await Promise.all(read))
}
