import { pino } from 'pino'
import { startEmbedded } from '../../src/store/embedded.ts'

/** A server process for a test to kill: starts its database, says so, and stays. */
const [dataDir = ''] = process.argv.slice(2)
const { pid } = await startEmbedded({ dataDir, log: pino({ level: 'silent' }) })
process.stdout.write(`${pid}\n`)
setInterval(() => undefined, 60_000)
