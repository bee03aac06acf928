// What a thread of checkThreads.ts runs: it reads pages of one moment over connections of its own, verifies each entry by itself, and answers
// with what is known of the page. Whatever fails ends the thread, and whoever asked reads on without it.
import { parentPort, workerData } from 'node:worker_threads'
import type { PoolClient } from 'pg'
import { connect } from '../connect.ts'
import { patientLimits } from '../pool.ts'
import type { ThreadAnswer, ThreadMoment, ThreadQuestion } from './checkThreads.ts'
import { checkersOf, connectionsEach } from './pageCheckers.ts'

const quiet = { debug() {}, info() {}, warn() {}, error() {} }
const { databaseUrl, snapshot }: ThreadMoment = workerData
const pool = await connect(databaseUrl, quiet, { ...patientLimits, size: connectionsEach })
const clients: PoolClient[] = []
const checkers = await checkersOf({ pool, clients, snapshot })
const answer = (said: ThreadAnswer) => parentPort?.postMessage(said)

parentPort?.on('message', async ({ checker, nth }: ThreadQuestion) => {
  const page = await checkers[checker]?.page(nth)
  answer({ nth, page: page ?? null })
})
answer({ checkers: checkers.length })
