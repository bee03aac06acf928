import { Worker } from 'node:worker_threads'
import {
  CannotJudge,
  type Compared,
  type ShadowJudge,
  type StartShadowJudge,
} from '../approvals/shadow/judge.ts'
import type { Pair, Question, Says } from './wire.ts'

/** Milliseconds in which it has to have loaded both bundles, and in which it has to answer. */
const usualPatience = { start: 60_000, answer: 10_000 }

/**
 * A candidate judges in a thread of its own: one that throws, never ends or takes all its memory ends that thread and nothing else. What it is
 * sent is copied; it has no store, and nobody waits for it with an answer.
 *
 * @param program where the program of the thread stands, compiled
 */
export function shadowThread(program: URL, patience = usualPatience): StartShadowJudge {
  return async (pair: Pair, signal) => {
    const worker = new Worker(program, {
      workerData: pair,
      // Nothing of ours is there to be read.
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    })
    worker.unref()
    const leave = () => void worker.terminate()
    signal.addEventListener('abort', leave)
    const thread = talkingWith(worker)
    try {
      const first = await thread.hear(patience.start)
      if (first.kind === 'unloadable') throw new CannotJudge(first.why)
      return judgeOn(thread, worker, patience.answer)
    } catch (fault) {
      await worker.terminate()
      throw fault
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }
}

function judgeOn(thread: Thread, worker: Worker, limitMs: number): ShadowJudge {
  let last = 0
  return {
    async compare(requests) {
      last += 1
      const question: Question = { nth: last, requests }
      worker.postMessage(question)
      try {
        return await answerTo(last, thread, limitMs)
      } catch (fault) {
        await worker.terminate()
        throw fault
      }
    },
    async end() {
      await worker.terminate()
    },
  }
}

async function answerTo(nth: number, thread: Thread, limitMs: number): Promise<Compared> {
  const said = await thread.hear(limitMs)
  if (said.kind !== 'compared' || said.nth !== nth) throw new Error('The thread answered something else.')
  return said.compared
}

interface Thread {
  /** The next thing that it says. @throws when it has ended, or says nothing for so long */
  hear(limitMs: number): Promise<Says>
}

/** One question at a time, so one listener. */
function talkingWith(worker: Worker): Thread {
  const heard: Says[] = []
  let over: Error | null = null
  let wake = (): void => undefined
  const end = (why: Error): void => {
    over ??= why
    wake()
  }
  worker.on('message', (said: Says) => {
    heard.push(said)
    wake()
  })
  worker.on('error', (fault) => end(new Error(`Its thread ended: ${fault.message}`, { cause: fault })))
  worker.on('exit', () => end(new Error('Its thread ended.')))
  return {
    async hear(limitMs) {
      const timer = setTimeout(
        () => end(new Error(`It said nothing for ${limitMs / 1_000} seconds.`)),
        limitMs,
      )
      try {
        while (heard.length === 0 && !over) await new Promise<void>((resolve) => (wake = resolve))
      } finally {
        clearTimeout(timer)
      }
      const said = heard.shift()
      if (said) return said
      throw over ?? new Error('Its thread ended.')
    },
  }
}
