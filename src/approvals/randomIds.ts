import { randomBytes } from 'node:crypto'
import { typeid } from 'typeid-js'
import type { Ids } from './ports.ts'

/** TypeIDs (prefix and UUIDv7: sortable by time) and secrets from the system's random source. */
export const randomIds: Ids = {
  next: (prefix) => typeid(prefix).toString(),
  salt: () => randomBytes(16).toString('base64'),
  secret: () => randomBytes(32).toString('base64url'),
}
