import { parentPort, workerData } from 'node:worker_threads'
import { sqlFor } from '../parsing/here.ts'
import { compareAll, loadedPair } from '../shadow/compare.ts'
import type { Pair, Question, Says } from '../shadow/wire.ts'

// The program of the thread in which a candidate judges (`shadow/thread.ts`).

const pair: Pair = workerData
const say = (said: Says): void => parentPort?.postMessage(said)

const loaded = loadedPair(pair)
if (loaded.ok) {
  const readText = await sqlFor(new Map(Object.entries(pair.head.files)))
  parentPort?.on('message', ({ nth, requests }: Question) => {
    say({ kind: 'compared', nth, compared: compareAll(loaded, requests, readText) })
  })
  say({ kind: 'loaded' })
} else say({ kind: 'unloadable', why: loaded.why })
