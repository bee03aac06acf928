import { isUnfit } from '../core/health.ts'
import { Refusal } from '../core/refusal.ts'
import type { Answer, Call, ReadApi } from './call.ts'

/** `GET /healthz`: the process answers. */
export async function getHealth(): Promise<Answer> {
  return { status: 200, body: { status: 'ok' } }
}

/**
 * `GET /readyz`: it can also do its work. What is wrong for all replicas alike stands in `degraded` and is no reason to
 * take this one away, except with `?strict`, which is for the operator's alarms. @throws Refusal `not_ready`
 */
export async function getReadiness(
  api: Pick<ReadApi, 'conditions'>,
  call: Call<'operator if strict'>,
): Promise<Answer> {
  const isStrict = call.query.has('strict')
  const conditions = await api.conditions()
  const unfit = conditions.filter((condition) => isStrict || isUnfit(condition))
  if (unfit.length > 0)
    throw new Refusal('not_ready', unfit.map(({ code, detail }) => `${code}: ${detail}`).join('; '))
  const degraded = conditions.map(({ code }) => code)
  return { status: 200, body: { status: 'ready', ...(degraded.length > 0 && { degraded }) } }
}
