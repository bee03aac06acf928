import type { ClientBase } from 'pg'
import type { StoreFault } from './fault.ts'
import { otherSecret } from './installation.ts'
import { SessionFault } from './watchedSession.ts'

/**
 * For each new session of a process that serves: the database still has the secret that this process has. Replacing it is refused while a
 * session of Countersign is open, and holds the row meanwhile (`rotateSecret.ts`), so no session works under the one of before.
 *
 * @param ended hears that the secret was replaced, so that the process ends
 */
export function underSecret(
  fingerprint: string,
  ended: (fault: StoreFault) => void,
): (session: ClientBase) => Promise<void> {
  return async (session) => {
    const { rows } = await session.query<{ fingerprint: string }>(
      'SELECT secret_fingerprint AS fingerprint FROM installation',
    )
    if (rows[0]?.fingerprint === fingerprint) return
    const fault = otherSecret()
    ended(fault)
    throw new SessionFault('VN003', 'the database is used with another secret by now', fault)
  }
}
