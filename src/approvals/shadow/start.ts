import { type Problem, Refusal } from '../../core/refusal.ts'
import type { Bundle } from '../../policy/bundle.ts'
import { type EntryPorts, newEntry } from '../newEntry.ts'
import { onlyClaimed, saidBy, type Word } from '../people/word.ts'
import { type NewPolicy, versionOf } from '../policy/activatePolicy.ts'
import type { Ports } from '../ports.ts'
import type { Shadow } from './records.ts'

/** What shadows are started and stopped with: no policy is loaded and no channel is asked for anything. */
export type ShadowPorts = EntryPorts & Pick<Ports, 'store'>

/** The least and the most seconds that a shadow judges: nobody forgets one for a year. */
const shadowSeconds = { least: 60, most: 90 * 86_400 } as const

/**
 * From now on a bundle judges what is asked beside the active one, at every replica, and only reports. It gives nothing to anybody and
 * changes no answer, so nobody has to confirm it: it begins on the word of whoever has the shell, and is recorded as claimed.
 *
 * @throws Refusal `not_applicable` when no policy is active or this is the active one, or another shadow runs; `invalid_request` for the
 * time; `busy` when another policy was activated meanwhile
 */
export async function startShadow(
  ports: ShadowPorts,
  ask: NewPolicy & Word & { readonly seconds: number; readonly reason: string | null },
): Promise<Shadow> {
  refuseTime(ask.seconds)
  const active = await refuseUseless(ports, ask.bundle)
  const version = versionOf(ask)
  const now = ports.clock()
  const shadow: Shadow = {
    id: ports.ids.next('shd'),
    version: 1,
    filesDigest: version.filesDigest,
    digest: version.digest,
    name: version.name,
    startedAt: now.toISOString(),
    endsAt: new Date(now.getTime() + ask.seconds * 1_000).toISOString(),
    ended: null,
  }
  const said = saidBy(ask, onlyClaimed)
  const committed = await ports.store.commit({
    shadows: [{ expected: null, next: shadow }],
    policy: { version, activation: null, expected: active.filesDigest, at: shadow.startedAt },
    entries: [
      newEntry(ports, {
        type: 'shadow.started',
        actor: { kind: 'system', id: 'operator', via: ask.via },
        subject: { kind: 'policy', id: shadow.digest },
        data: {
          shadow: shadow.id,
          name: shadow.name,
          files_digest: shadow.filesDigest,
          ends_at: shadow.endsAt,
          base: active.digest,
          ...said.data,
        },
        kept: { reason: ask.reason ?? undefined, ...said.kept },
      }),
    ],
    jobs: [{ task: 'endShadow', shadow: shadow.id, at: shadow.endsAt }],
  })
  if (committed === 'applied') return shadow
  await refuseUseless(ports, ask.bundle)
  throw new Refusal('busy', 'another policy was activated meanwhile')
}

function refuseTime(seconds: number): void {
  const { least, most } = shadowSeconds
  if (Number.isInteger(seconds) && seconds >= least && seconds <= most) return
  refuse('invalid_request', '/for', `A shadow judges for ${least / 60} minute to ${most / 86_400} days.`)
}

/** Nothing is compared with itself, or with nothing. Resolves to what is active. */
async function refuseUseless({ store }: ShadowPorts, { digest }: Pick<Bundle, 'digest'>) {
  const [active, running] = await Promise.all([store.activePolicy(), store.runningShadow()])
  if (!active) refuse('not_applicable', '', 'No policy is active yet, so there is nothing to judge beside.')
  if (active.digest === digest)
    refuse('not_applicable', '', 'That is the active policy: both would always say the same.')
  if (running)
    refuse(
      'not_applicable',
      '',
      `${running.name} judges beside the active policy already (${running.id}). Stop it first: countersign policy shadow stop.`,
    )
  return active
}

function refuse(code: 'invalid_request' | 'not_applicable', pointer: string, detail: string): never {
  const problems: readonly Problem[] = [{ pointer, detail }]
  throw new Refusal(code, detail, problems)
}
