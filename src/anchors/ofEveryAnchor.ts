import { z } from 'zod'
import { isThisMachine } from '../lifetime/thisMachine.ts'
import { duration } from '../policy/format/shape.ts'

/** What every anchor in the operator's file has. */
export const ofEveryAnchor = {
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and -, at most 40'),
  every: duration
    .refine((seconds) => seconds >= 10 && seconds <= 86_400, 'must be between 10s and 1d')
    .optional(),
}

const day = 86_400

/** In seconds. What the same checkpoint is put again after is a day: silence would look like an end. */
export function everyIn(every: number | undefined, usual: number) {
  return { everySeconds: every ?? usual, againSeconds: day }
}

/** Where a service is asked: nothing goes to it unencrypted. */
export const addressSchema = z.string().refine(isSafe, 'must be https, or http on this machine')

function isSafe(written: string): boolean {
  if (!URL.canParse(written)) return false
  const { protocol, hostname, username, search, hash } = new URL(written)
  const isEncrypted = protocol === 'https:' || (protocol === 'http:' && isThisMachine(hostname))
  return !username && !search && !hash && isEncrypted
}
