import { Refusal } from '../../core/refusal.ts'
import type { Word } from '../people/word.ts'
import type { Ports } from '../ports.ts'
import { byOperator, changeKeys, keyChange, keySteps, opens } from './keyChange.ts'
import { ripeAt, standingOf } from './keyTimes.ts'
import { makeSigningKey } from './makeSigningKey.ts'
import type { SigningKey } from './records.ts'

export interface Rotating extends Word {
  /** Why the next key has to sign before verifiers have had the time to fetch it; null: it does not have to. */
  readonly early: string | null
  /** The key that is meant to sign from now on; without it, whichever is the next one. */
  readonly expects?: string
}

/** Which key signs from now on, and which did until now. */
export interface Rotated {
  readonly active: string
  readonly retired: string
}

/**
 * The next key signs from now on, the active one signs nothing new, and another next one is made. What the old one has signed is
 * believed until it has ended.
 *
 * @throws Refusal `not_applicable` when there is no next key, it does not open, or verifiers have not had a day to fetch it and
 *   `early` does not say why not to wait; `reason_needed` when that is empty; `busy`, also when another key than the expected one is
 *   the next one by now: nothing is changed then
 */
export async function rotateKeys(ports: Ports, ask: Rotating): Promise<Rotated> {
  if (ask.early?.trim() === '') throw new Refusal('reason_needed', 'an early rotation without a reason')
  const steps = keySteps(ports, byOperator(ask, ask.early))
  return changeKeys(ports, async (keys) => {
    const { active, next } = standingOf(keys)
    if (!active || !next) throw refusal('There are no keys yet: the first start of the server makes them.')
    if (ask.expects !== undefined && next.id !== ask.expects)
      throw new Refusal('busy', 'another key has become the next one meanwhile')
    if (!(await opens(ports, next)))
      throw refusal(`The next key does not open. Replace it: countersign keys retire ${next.id} --reason "…"`)
    if (ask.early === null) refuseEarly(next, ports.clock())
    const made = [
      steps.retired(active),
      steps.activated(next),
      steps.created(await makeSigningKey(ports, 'next')),
    ]
    return { change: keyChange(ports, made, { keys }), done: { active: next.id, retired: active.id } }
  })
}

function refuseEarly(next: SigningKey, now: Date): void {
  const ripe = new Date(ripeAt(next))
  if (now < ripe)
    throw refusal(
      `The next key is published since ${next.createdAt} only, and verifiers that keep keys for up to a day refuse what it signs until they fetch it. Wait until ${ripe.toISOString()}, or say why not: --now --reason "…"`,
    )
}

function refusal(detail: string): Refusal {
  return new Refusal('not_applicable', 'the keys cannot be rotated now', [{ pointer: '/next', detail }])
}
