import type { Action } from '../../core/action.ts'
import type { CurrentPerson } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest, Verdict } from '../../core/request.ts'
import type { Requirement } from '../../core/requirement.ts'
import type { Behind } from '../../core/separation.ts'
import type { Bundle } from '../../policy/bundle.ts'
import { evaluate } from '../../policy/evaluate.ts'
import { storedFacts } from '../../policy/facts.ts'
import { overLimits } from '../../policy/join.ts'
import { keptRequirement } from '../../policy/keptRequirement.ts'
import { markedIn } from '../../policy/narrowMarks.ts'
import { askOf } from '../judgedAsk.ts'
import { currentPerson } from '../people/currentPeople.ts'
import { staffing } from '../people/satisfiable.ts'
import { countedAsk } from '../policy/budgets.ts'
import type { Ports } from '../ports.ts'
import type { Agent } from '../records.ts'

/** What is asked instead of a request, and whoever is behind both. */
interface Narrowing {
  readonly request: ActionRequest
  readonly agent: Agent
  readonly action: Action
  readonly initiator: CurrentPerson
  readonly behind: readonly Behind<CurrentPerson>[]
  readonly bundle: Bundle
}

interface JudgedLess {
  readonly verdict: Verdict
  readonly requirement: Requirement
  readonly effect: string | null
}

/**
 * What policy says of the narrowed action, now and by itself: what it denies is not asked. What it asks about the new one is joined to what it asked
 * about the old one, and what it would allow is asked as the old one was: nobody gets rid of an approver by lowering a number. That somebody denied
 * exactly this a short while ago stands in nobody's way here: a person asks for it, not the agent once more.
 *
 * @throws Refusal `not_narrowable`
 */
export async function judgedLess(ports: Ports, narrowing: Narrowing): Promise<JudgedLess> {
  const { request, action, behind, bundle } = narrowing
  const { verdict: said, requirement: asked, effect } = await evaluated(ports, narrowing)
  if (said.kind === 'deny')
    throw refused(`The policy denies what would be left. ${said.message ?? ''}`.trim())
  if (!request.requirement) throw refused('Nobody is asked about it.')
  const requirement = keptRequirement(request.requirement, asked)
  const over = overLimits(requirement)
  if (over !== null) throw refused(`What both would ask for together is ${over}.`)
  const { hopeless } = await staffing(ports, requirement, behind)
  if (hopeless) throw refused(`Nobody who is not behind it could fill “${hopeless}”.`)
  const facts = { ...said.facts, narrowable: markedIn(bundle.catalogue.get(action.action), action.params) }
  if (requirement === asked) return { verdict: { ...said, facts }, requirement, effect }
  const keeps = `This asks less than ${request.id}, and keeps what that one required.`
  const message = [said.message, asked ? null : 'Policy would let this through by itself.', keeps]
  const verdict = {
    ...said,
    kind: 'require_approval',
    facts,
    message: message.filter(Boolean).join(' '),
  } as const
  return { verdict: asked ? verdict : { ...verdict, code: 'narrowed' }, requirement, effect }
}

async function evaluated(ports: Ports, narrowing: Narrowing) {
  const { request, agent, action, initiator, bundle } = narrowing
  const { reason, run } = request
  const ask = await askOf(ports, agent, {
    ...{ action, reason, run, initiator, known: request.initiator.person },
    attested: request.initiator.signedIn !== undefined,
    owner: await currentPerson(ports, agent.owner),
    // The way that the agent came by.
    source: storedFacts(request.verdict.facts)?.request?.source ?? 'api',
  })
  const { ask: counted, counts } = await countedAsk(ports, bundle, { ask, earlier: [] })
  const found = evaluate(bundle, counted)
  return counts.length === 0 ? found : { ...found, verdict: { ...found.verdict, counts } }
}

function refused(detail: string): Refusal {
  return new Refusal('not_narrowable', 'what would be left cannot be asked', [{ pointer: '', detail }])
}
