import type { Ports } from '../ports.ts'
import { byItself, changeKeys, keyChange, keySteps } from './keyChange.ts'
import { standingOf } from './keyTimes.ts'
import { makeSigningKey } from './makeSigningKey.ts'

/**
 * Makes the first keys where there are none: one that signs, and the next one, which verifiers get to know meanwhile. Of several
 * replicas that start at once one makes them, and the others read what it made. Whatever is there already, the job that looks
 * after the keys is set to the time that the configuration of this start asks for.
 *
 * @throws Refusal `busy`, StoreUnavailable
 */
export async function firstKeys(ports: Ports): Promise<void> {
  const { created } = keySteps(ports, byItself('startup'))
  await changeKeys(ports, async (keys) => {
    const { active, next } = standingOf(keys)
    const missing = [...(active ? [] : (['active'] as const)), ...(next ? [] : (['next'] as const))]
    const made = await Promise.all(missing.map((status) => makeSigningKey(ports, status)))
    return { change: keyChange(ports, made.map(created), { keys }), done: undefined }
  })
}
