import { typeid } from 'typeid-js'
import { randomIds } from '../approvals/randomIds.ts'
import type { StopPorts } from '../approvals/stops/make.ts'
import { createAgeClock } from '../lifetime/ageClock.ts'
import { untilAborted } from '../lifetime/keepTrying.ts'
import { installationSecret } from '../store/secretFile.ts'
import { asCommand } from './compose.ts'
import { type Config, isSandbox } from './config.ts'
import { openDataDirectory } from './dataDirectory.ts'
import { openDatabase } from './openDatabase.ts'

/**
 * For the command that has to work when everything else does not: no policy is loaded and no channel is asked for anything; only
 * the database is needed.
 */
export function withStopPorts<T>(config: Config, work: (ports: StopPorts) => Promise<T>): Promise<T> {
  return asCommand(async (opening) => {
    openDataDirectory(config.dataDir)
    const secret = installationSecret(config.dataDir, config.secret)
    const { store } = await openDatabase(config, { ...opening, beside: true, ages: createAgeClock() })
    const { id: workspace } = await store.installation({
      kind: isSandbox(config) ? 'sandbox' : 'production',
      secretFingerprint: secret.fingerprint,
      newId: () => typeid('wsp').toString(),
    })
    const ports = { store: store.store, clock: store.clock, ids: randomIds, workspace }
    return untilAborted(work(ports), opening.start.signal)
  })
}
