import { formatDuration } from '../../core/duration.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { Evaluation } from '../../policy/evaluate.ts'

/** What was recorded, where it is not what policy alone says again; null where nothing differs. */
export interface RecordedVerdict {
  /** Null where the kind, the code and the message are the same. */
  readonly verdict: Pick<ActionRequest['verdict'], 'kind' | 'code' | 'message'> | null
  /** How long the request could be decided about; null where that is the same, or nobody was asked. */
  readonly expiresInSeconds: number | null
  /** Whether it is a denial that waited for somebody to lift it. */
  readonly waitedToBeLifted: boolean
}

/**
 * Policy says who has to be asked. Whether those people exist was looked up when the request was made, and the request
 * may have asked to expire sooner: so what was recorded can be stricter than what explaining it again comes to.
 */
export function recordedVerdict(
  { verdict, requirement }: Pick<ActionRequest, 'verdict' | 'requirement'>,
  again: Evaluation,
): RecordedVerdict | null {
  const { kind, code, message } = verdict
  const judged = again.verdict
  const same = kind === judged.kind && code === judged.code && message === judged.message
  const seconds = requirement?.expiresInSeconds ?? null
  const differs = seconds !== null && seconds !== (again.requirement?.expiresInSeconds ?? null)
  if (same && !differs) return null
  return {
    verdict: same ? null : { kind, code, message },
    expiresInSeconds: differs ? seconds : null,
    waitedToBeLifted: differs && again.requirement === null,
  }
}

/** What the verdict came from besides policy. */
const because: Partial<Record<ActionRequest['verdict']['code'], string>> = {
  unsatisfiable: 'who could fill the legs was looked up then; policy alone cannot know',
  cooling_down: 'a person had denied the same shortly before; policy alone cannot know',
}

/** How it reads below an explanation. */
export function recordedText(recorded: RecordedVerdict): string {
  const { verdict, expiresInSeconds, waitedToBeLifted } = recorded
  const expiry = expiresInSeconds === null ? '' : formatDuration(expiresInSeconds)
  const lines = [
    ...(verdict
      ? [
          `recorded: ${verdict.kind}  (${verdict.code})`,
          ...(verdict.message === null ? [] : [row('message', verdict.message)]),
          ...(because[verdict.code] === undefined ? [] : [row('because', because[verdict.code] ?? '')]),
        ]
      : [`recorded: as above, except for`]),
    ...(expiry === ''
      ? []
      : [
          waitedToBeLifted
            ? row('waits', `${expiry} for somebody to break the glass`)
            : row('expires', `${expiry}   ← the request asked for less`),
        ]),
  ]
  return `${lines.join('\n')}\n`
}

function row(name: string, text: string): string {
  return `  ${name.padEnd(11)} ${text}`
}
