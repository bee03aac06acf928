import { z } from 'zod'
import { environmentName, text } from '../policy/format/shape.ts'

/** What every target in the operator's file has. */
export const ofEveryTarget = {
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and -, at most 40'),
  audience: text(255),
  environments: z.array(environmentName).min(1),
}

/** Where a service of the internet is asked, when not at its usual address: nothing secret goes to it unencrypted. */
export const endpointSchema = z.string().refine(isSafe, 'must be https, or http on this machine')

function isSafe(written: string): boolean {
  if (!URL.canParse(written)) return false
  const { protocol, hostname, username } = new URL(written)
  const local = hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname)
  return username === '' && (protocol === 'https:' || (protocol === 'http:' && local))
}
