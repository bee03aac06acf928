import type { Ports } from '../ports.ts'
import { byItself, changeKeys, type KeyStep, keyChange, keySteps, opens } from './keyChange.ts'
import { isOver, rotationAt, standingOf } from './keyTimes.ts'
import { makeSigningKey } from './makeSigningKey.ts'
import type { SigningKey } from './records.ts'

/**
 * Looks after the keys when it is time: rotates them, makes what is missing, and erases the private part of what is over. The same
 * commit says when to look again, so a crash anywhere leaves either the old job or the next one. Whoever loses a race against
 * another replica or an operator looks again, and mostly finds nothing left to do.
 *
 * @param round of the job that calls it: the next one has the other, because the queue keeps one row for a key (`jobKey`)
 * @throws Refusal `busy`, StoreUnavailable
 */
export async function tendKeys(ports: Ports, { round }: { readonly round: 0 | 1 }): Promise<void> {
  await changeKeys(ports, async (keys) => {
    const steps = [...(await dueSteps(ports, keys)), ...overSteps(ports, keys)]
    return { change: keyChange(ports, steps, { keys, round: round === 0 ? 1 : 0 }), done: undefined }
  })
}

async function dueSteps(ports: Ports, keys: readonly SigningKey[]): Promise<readonly KeyStep[]> {
  const steps = keySteps(ports, byItself('clock'))
  const made = async (status: 'active' | 'next') => steps.created(await makeSigningKey(ports, status))
  const { active, next } = standingOf(keys)
  if (!active || !next)
    return [...(active ? [] : [await made('active')]), ...(next ? [] : [await made('next')])]
  if (ports.clock().getTime() < rotationAt({ active, next }, ports.keyDays)) return []
  // One that nobody can open must not sign. Another is published in its place, and signs when verifiers have had their day.
  if (!(await opens(ports, next))) return [steps.withdrawn(next), await made('next')]
  return [steps.retired(active), steps.activated(next), await made('next')]
}

function overSteps(ports: Ports, keys: readonly SigningKey[]): readonly KeyStep[] {
  const steps = keySteps(ports, byItself('clock'))
  return keys.filter((key) => isOver(key, ports.clock())).map((key) => steps.erased(key))
}
