import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type { StatementReader } from '../approvals/statementReader.ts'
import { wrongWith } from '../policy/readers/sql/bounds.ts'
import { type Parsed, readingOf } from '../policy/readers/sql/sql.ts'

const usual = {
  /** The file of PostgreSQL's parser. */
  library: createRequire(import.meta.url).resolve('libpg-query'),
  /** Milliseconds in which a statement has to be parsed, the thread's start included. */
  patience: 3_000,
}

/** Statements that may wait for the thread at once. */
const mostWaiting = 200

/**
 * What the thread runs. A refusal of the parser's own is an answer; after anything else it may be broken for good, so it ends
 * itself, and whoever waits is told by its end.
 */
const program = `
const { parentPort, workerData } = require('node:worker_threads')
const { SqlError, loadModule, parseSync } = require(workerData)
loadModule().then(() => {
  parentPort.on('message', ({ nth, text }) => {
    try {
      parentPort.postMessage({ nth, tree: JSON.stringify(parseSync(text)) })
    } catch (fault) {
      if (!(fault instanceof SqlError)) process.exit(1)
      parentPort.postMessage({ nth, tree: null })
    }
  })
})
`

/** `tree` is JSON; null where the parser refuses the text. */
interface Answer {
  readonly nth: number
  readonly tree: string | null
}

/** It keeps nothing alive. */
function startWorker(library: string): Worker {
  const resourceLimits = { maxOldGenerationSizeMb: 128 }
  const worker = new Worker(program, { eval: true, workerData: library, resourceLimits })
  worker.unref()
  return worker
}

/** A thread with PostgreSQL's parser, which is started when it is first needed, and again after it ended. */
export function sqlThread(options: Partial<typeof usual> = {}): StatementReader & { end(): Promise<void> } {
  const { library, patience } = { ...usual, ...options }
  let worker: Worker | null = null
  let last = 0
  const waiting = new Map<number, (parsed: Parsed) => void>()

  /** Everybody who waits is told that nothing was understood; the next statement gets a thread of its own. */
  const give = (up: Worker): void => {
    if (worker !== up) return
    worker = null
    for (const answer of waiting.values()) answer(ended)
    waiting.clear()
    void up.terminate()
  }
  const started = (): Worker => {
    const made = startWorker(library)
    made.on('message', ({ nth, tree }: Answer) => {
      waiting.get(nth)?.(tree === null ? refused : { tree: JSON.parse(tree) })
      waiting.delete(nth)
    })
    made.on('error', () => give(made)).on('exit', () => give(made))
    return made
  }
  const parse = (text: string): Promise<Parsed> => {
    if (waiting.size >= mostWaiting)
      return Promise.resolve({ refused: 'Too many statements were to be read at once.' })
    worker ??= started()
    const asked = worker
    last += 1
    const nth = last
    return new Promise((resolve) => {
      const tooLong = setTimeout(() => give(asked), patience)
      waiting.set(nth, (parsed) => {
        clearTimeout(tooLong)
        resolve(parsed)
      })
      asked.postMessage({ nth, text })
    })
  }
  return {
    read: async (text) => {
      const wrong = wrongWith(text)
      return wrong === null ? readingOf(await parse(text)) : { understood: false, ...wrong }
    },
    end: async () => {
      if (worker !== null) give(worker)
    },
  }
}

const refused: Parsed = { refused: 'PostgreSQL does not take it for a statement.' }
const ended: Parsed = { refused: 'The parser ended before it had read it.' }
