import type { Finding } from '../channels/finding.ts'
import type { OnCallSource } from '../core/requirement.ts'
import type { Bundle } from '../policy/bundle.ts'
import type { Config } from '../server/config.ts'
import { onCallService } from '../server/onCall.ts'

/** Each set of people on call that the policy has is asked for once: it shows that the token works and the ids are right. */
export async function onCallFindings(
  config: Pick<Config, 'pagerDuty'>,
  bundle: Pick<Bundle, 'people'>,
  now: Date,
): Promise<readonly Finding[]> {
  const sets = [...bundle.people.values()].filter((source) => source.kind === 'oncall')
  const service = onCallService(config)
  return Promise.all(
    sets.map(async (set) => findingOf(set, await service.people(set.list, now.toISOString()))),
  )
}

function findingOf(
  { ref, list: { id, level } }: OnCallSource,
  answer: Awaited<ReturnType<ReturnType<typeof onCallService>['people']>>,
): Finding {
  const name = `on call ${ref}`
  if (answer.is === 'unavailable')
    return {
      name,
      ok: false,
      detail: answer.why,
      fix: 'Set PAGERDUTY_TOKEN to a read-only key, and look at the id in bundle.yaml (docs/operations.md, "On call").',
    }
  if (answer.is === 'nobody')
    return {
      name,
      ok: true,
      look: true,
      detail: `nobody is on call in ${id} at level ${level} now`,
      fix: 'Look whether that id and level are meant: what asks only them is denied until somebody is.',
    }
  const { shifts } = answer
  const withoutAddress = shifts.filter(({ email }) => email === null).length
  return {
    name,
    ok: true,
    detail: `${shifts.length} ${shifts.length === 1 ? 'person is' : 'people are'} on call now`,
    ...(withoutAddress > 0 && { look: true as const }),
    fix:
      withoutAddress > 0
        ? 'The service does not say the address of some of them: those are nobody here.'
        : null,
  }
}
