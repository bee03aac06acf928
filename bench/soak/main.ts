import { setTimeout as delay } from 'node:timers/promises'
import { createClosers } from '../../src/lifetime/closers.ts'
import { untilInterrupted } from '../untilInterrupted.ts'
import type { Options } from './options.ts'
import { run } from './run.ts'

/** A whole run. Resolves to the exit code; whatever was started has ended by then, however it came to an end. */
export async function soak(options: Options): Promise<number> {
  const began = Date.now()
  const say = (text: string) => process.stdout.write(`${clock(Date.now() - began)}  ${text}\n`)
  const closers = createClosers({ error: (fields, message) => say(`${message} ${JSON.stringify(fields)}`) })
  const stopping = new AbortController()
  const interrupted = untilInterrupted('soak', { say, bugCode: 2 })
  say(`soak of ${options.minutes} minutes; to make the same choices again: --seed ${options.seed}`)
  const running = run(options, { closers, stopping: stopping.signal, say })
  try {
    const ended = await Promise.race([running, interrupted])
    return typeof ended === 'boolean' ? (ended ? 0 : 1) : ended
  } catch (error) {
    say(`The soak itself failed: ${error instanceof Error ? error.stack : error}`)
    return 2
  } finally {
    stopping.abort()
    await closers.close()
    // What was just being started when everything ended is ended as soon as it stands.
    await Promise.race([running.catch(() => {}), delay(20_000)])
    await closers.close()
  }
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1_000)
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
}
