import type { Store } from '../../approvals/ports.ts'
import type { PolicyVersion } from '../../approvals/records.ts'
import { type Ask, factsOf } from '../../policy/ask.ts'
import type { Bundle } from '../../policy/bundle.ts'
import { firstNumbers } from '../../policy/counted.ts'
import { storedFacts } from '../../policy/facts.ts'
import { type ReadText, readOutside } from '../../policy/readers/outside.ts'
import { type Explanation, explain } from '../../policyTools/explain/explain.ts'
import { explanationText } from '../../policyTools/explain/explanationText.ts'
import {
  type RecordedVerdict,
  recordedText,
  recordedVerdict,
} from '../../policyTools/explain/recordedVerdict.ts'
import { withStore } from '../../server/compose.ts'
import { readConfig } from '../../server/config.ts'
import { StartFault } from '../../server/startFault.ts'
import { bundleIn, bundleOf } from './bundleIn.ts'
import { type Format, type Printed, printed } from './printed.ts'
import { readRequest } from './requestFile.ts'

/**
 * Explains a request: `explain DIR REQUEST.json` asks the bundle in a directory, `explain req_…` shows again why a
 * recorded request was judged as it was.
 */
export function explainCommand(
  bundleOrRequest: string,
  file: string | undefined,
  { format, readText }: { readonly format: Format; readonly readText?: ReadText | undefined },
): Promise<Printed> {
  if (file !== undefined)
    return Promise.resolve(explanationPrinted(explainFile(bundleOrRequest, file, readText), format))
  if (!bundleOrRequest.startsWith('req_'))
    throw new StartFault({
      problem: 'There is nothing to explain yet.',
      fix: 'Give a bundle and a request (countersign policy explain policies request.json), or a recorded request (countersign policy explain req_…).',
    })
  return withStore(readConfig(), async (store) =>
    explanationPrinted(await explainRecorded(store, bundleOrRequest), format),
  )
}

/** An explanation, and the name of the agent, which is not among the facts. */
interface Explained {
  readonly explanation: Explanation
  readonly agent: string
  /** What was recorded, where that is something else; null also where nothing was. */
  readonly recorded: RecordedVerdict | null
}

function explainFile(directory: string, file: string, readText: ReadText | undefined): Explained {
  const bundle = bundleIn(directory)
  const { ask } = readRequest(file, new Date().toISOString())
  const explanation = explain(
    bundle,
    ask.action,
    factsOf(bundle, {
      ...{ ...ask, ...readOutside(bundle, ask.action, readText) },
      // A request that says nothing of it is the first that is counted.
      ...withBudgets(
        ask.budget ??
          firstNumbers(bundle, {
            action: ask.action,
            agent: ask.agent.id,
            initiator: ask.initiator ?? null,
          }),
      ),
    }),
  )
  return { explanation, agent: ask.agent.name, recorded: null }
}

function withBudgets(budget: Ask['budget']): Pick<Ask, 'budget'> {
  return budget ? { budget } : {}
}

/** From the facts that were stored and the bundle that judged: the verdict again, and what was recorded where that differs. */
export async function explainRecorded(
  store: Pick<Store, 'request' | 'policyVersion'>,
  id: string,
): Promise<Explained> {
  const request = await store.request(id)
  if (!request)
    throw new StartFault({ problem: `There is no request ${id}.`, fix: 'Take the id from its card.' })
  const { action, agent, verdict } = request
  const facts = storedFacts(verdict.facts)
  const version = verdict.policy && (await store.policyVersion(verdict.policy))
  if (!facts || !version)
    throw new StartFault({
      problem: verdict.policy
        ? 'The facts of this request have a form that this version does not know.'
        : 'No policy was active when this was asked, so it was denied.',
      fix: 'Ask for the same again, and explain that request.',
    })
  const explanation = explain(judgedBy(version), action, facts)
  return { explanation, agent: agent.name, recorded: recordedVerdict(request, explanation.evaluation) }
}

function judgedBy(version: PolicyVersion): Bundle {
  const what = `The bundle ${version.name}, which judged this request,`
  return bundleOf(new Map(Object.entries(version.files)), {
    what,
    fix: 'the version of Countersign that activated it',
  })
}

/** An explanation in a format. Exit code 0 whatever the verdict is. */
export function explanationPrinted(explained: Explained, format: Format): Printed {
  const { explanation, agent, recorded } = explained
  const text = () => explanationText(explanation, agent) + (recorded ? recordedText(recorded) : '')
  const { verdict } = explanation.evaluation
  const stood = recorded?.verdict
  const title = stood
    ? `${stood.kind} (${stood.code})`
    : `${verdict.kind} (${verdict.rules.join(' + ') || verdict.code})`
  const github = () => [{ level: 'notice', title, message: text() } as const]
  return printed(format, { text, json: () => ({ ...explanation, recorded }), github }, 0)
}
