import { hostname, userInfo } from 'node:os'
import type { Shell } from '../core/confirmation.ts'

/** Who runs this process, as the machine says: for people to read, never to be believed. */
export function thisShell(): Shell {
  return { user: userName(), host: hostname() }
}

/** In a container the user may have no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}
