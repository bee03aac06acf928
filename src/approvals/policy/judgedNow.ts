import type { Digest } from '../../core/digest.ts'
import { outcomeOf } from '../../core/outcome.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest, Verdict } from '../../core/request.ts'
import type { NewEntry } from '../../ledger/entry.ts'
import { factsOf } from '../../policy/ask.ts'
import { evaluateWithFacts } from '../../policy/evaluate.ts'
import { surelyDenies } from '../../policy/surely.ts'
import { recordedOf } from '../../policyTools/simulation/recorded.ts'
import type { BudgetRead } from '../change.ts'
import { type EntryPorts, requestEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import { settled } from '../settle.ts'
import { countedNow } from './budgets.ts'
import { runRead } from './runRead.ts'

/** What the active policy says of a request at the moment at which people would release it. */
export interface JudgedNow {
  /** Present where it denies it now; null where it may be released. */
  readonly denial: Verdict | null
  /** Whatever it says now, for whoever has to know more than whether it denies it. */
  readonly verdict: Verdict
  /** For the commit, which is conditional on it. */
  readonly judgedBy: Digest
  /** Up to where that holds, by what budgets have counted: for the commit that releases it. */
  readonly budgetReads: readonly BudgetRead[]
}

/**
 * At the moment of release: what was asked, with the facts that were recorded of its people, is judged again by the policy
 * that is active now, at the time that it is now, with what the run has read and budgets have counted by now. Later policy can stop, never loosen: a denial ends the request, and
 * whoever else would be asked now is not (threats: drift). A glass may be broken past a denial that allows it. Only a
 * definite answer takes away: what cannot be judged is refused for the moment, and stays as it is.
 *
 * @throws Refusal `not_ready`
 */
export async function judgedNow(
  ports: Pick<Ports, 'policy' | 'clock' | 'store'>,
  request: ActionRequest,
  by: 'approval' | 'broken_glass',
): Promise<JudgedNow> {
  const bundle = ports.policy()
  if (!bundle) throw new Refusal('not_ready', 'no policy that this process can judge by is active')
  const counted = await countedNow(ports, request)
  const { budgetReads } = counted
  const recorded = recordedOf(counted.request)
  if (!recorded) throw new Refusal('not_ready', 'the facts of the request are of a form that is not known')
  const { id, action, agent, run } = request
  const ran = await runRead(ports, bundle, { agent: agent.id, run, action: action.action, except: id })
  const { run: _then, ...asked } = recorded.ask
  const facts = factsOf(bundle, { ...asked, ...ran, at: ports.clock().toISOString() })
  const { verdict } = evaluateWithFacts(bundle, action, facts)
  const judgedBy = bundle.digest
  if (verdict.kind !== 'deny') return { denial: null, verdict, judgedBy, budgetReads }
  if (by === 'broken_glass' && verdict.breakGlass) return { denial: null, verdict, judgedBy, budgetReads }
  // Past a denial a glass may be broken; whether this one allows it is not known where anything could not be evaluated.
  const sure =
    by === 'broken_glass' ? verdict.errors.length === 0 : surelyDenies({ bundle, action, facts }, verdict)
  if (!sure) throw new Refusal('not_ready', 'whether the active policy denies it could not be evaluated')
  return { denial: verdict, verdict, judgedBy, budgetReads }
}

/** The request as a denial ends it that came after the asking, and the entry of it. Nobody decided it: policy did. */
export function overruled(
  ports: EntryPorts,
  request: ActionRequest,
  { code, rules, message, policy }: Verdict,
): { readonly next: ActionRequest; readonly entry: NewEntry } {
  const outcome = `${saidOf(rules)}${message === null ? '' : ` ${message}`}`
  const next: ActionRequest = { ...settled(ports, request, { move: 'deny', outcome }), overruled: true }
  const entry = requestEntry(ports, next, {
    type: 'request.denied',
    actor: { kind: 'policy', id: policy ?? 'none', via: 'release' },
    data: { outcome: outcomeOf(next), code, rules: [...rules], overruled: true },
  })
  return { next, entry }
}

/** Which rule it is, and that it came after the asking. */
function saidOf(rules: readonly string[]): string {
  const which = rules.length === 0 ? '' : ` (rule ${rules.join(', ')})`
  return `Policy has come to deny this since it was asked${which}, so it was not released.`
}
