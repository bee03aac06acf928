import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { CheckedPage } from '../../ledger/checkedPage.ts'
import type { PageChecker } from './ledgerPages.ts'

/** What a thread is told of the moment that it reads. */
export interface ThreadMoment {
  readonly databaseUrl: string
  readonly snapshot: string
}

/** First: how many checkers it has. Then a page for each question. */
export type ThreadAnswer =
  | { readonly checkers: number }
  | { readonly nth: number; readonly page: CheckedPage | null }

export interface ThreadQuestion {
  readonly checker: number
  readonly nth: number
}

export interface CheckThread {
  readonly checkers: readonly PageChecker[]
  end(): Promise<void>
}

// Where sources run as they are, it is not there: then there is no thread.
const program = new URL(`./checkThread${extname(import.meta.url)}`, import.meta.url)

/** A thread that reads pages of one moment and verifies their entries. Null when it ends before it is ready. */
export async function startCheckThread({ databaseUrl, snapshot }: ThreadMoment): Promise<CheckThread | null> {
  const worker = new Worker(program, { workerData: { databaseUrl, snapshot } satisfies ThreadMoment })
  const waiting = new Map<number, (page: CheckedPage | null) => void>()
  let hasEnded = false
  const checkers = await new Promise<number>((resolve) => {
    const ended = () => {
      hasEnded = true
      resolve(0)
      for (const give of waiting.values()) give(null)
      waiting.clear()
    }
    worker.on('error', ended).on('exit', ended)
    worker.on('message', (answer: ThreadAnswer) => {
      if ('checkers' in answer) return resolve(answer.checkers)
      waiting.get(answer.nth)?.(answer.page)
      waiting.delete(answer.nth)
    })
  })
  const page = (checker: number, nth: number): Promise<CheckedPage | null> =>
    new Promise((resolve) => {
      if (hasEnded) return resolve(null)
      waiting.set(nth, resolve)
      worker.postMessage({ checker, nth } satisfies ThreadQuestion)
    })
  if (checkers === 0) return null
  return {
    checkers: Array.from({ length: checkers }, (_, checker) => ({ page: (nth) => page(checker, nth) })),
    end: async () => {
      await worker.terminate()
    },
  }
}
