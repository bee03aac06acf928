import type { Action } from '../core/action.ts'
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
  if (bundle) refuseLookalikes(bundle, submission.action)
  return judge(ports, await askOf(ports, envelope, { submission, people, beside }), {
    behind: people.behind,
    expiresInSeconds: submission.expiresInSeconds,
    earlier,
  })
}

/** The ask as policy wants it: what is asked, by whom, for whom, and what the directory knows of them. */
async function askOf(
  ports: Ports,
  envelope: SubmissionEnvelope,
  { submission, people, beside = [] }: AskedBy,
): Promise<Ask> {
  const { agent } = envelope
  const { person } = people.initiator
  const { action, run } = submission
  const [read, ran, owner, initiator] = await Promise.all([
    readOutside(ports, action),
    runRead(ports, ports.policy(), { agent: agent.id, run, action: action.action, beside }),
    ownerPrincipal(ports, agent, people.owner),
    principalOf(ports, person, people.claimed ?? agent.owner),
  ])
  return {
    action: submission.action,
    agent: { id: agent.id, name: agent.name, tags: agent.tags, model: submission.run?.model ?? null, owner },
    initiator: { ...initiator, kind: 'human', ...(people.signIn && { attested: true as const }) },
    request: {
      reason: submission.reason,
      source: envelope.via === 'api' || envelope.via === 'webhook' ? envelope.via : 'cli',
    },
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
