import { pino } from 'pino'
import type { Config } from '../server/config.ts'
import { readRunning } from '../server/running.ts'
import { startEmbedded } from '../store/embedded.ts'

const silent = pino({ level: 'silent' })

/** Our own database is looked at beside the server that runs it; none is started for this: null. */
export async function lookedAt<T>(
  config: Config,
  look: (databaseUrl: string, log: typeof silent) => Promise<T>,
): Promise<T | null> {
  if (config.databaseUrl) return look(config.databaseUrl, silent)
  if (!readRunning(config.dataDir)) return null
  const database = await startEmbedded({ dataDir: config.dataDir, log: silent, beside: true })
  try {
    return await look(database.url, silent)
  } finally {
    await database.stop()
  }
}
