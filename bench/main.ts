import { setTimeout as delay } from 'node:timers/promises'
import { type Closers, createClosers } from '../src/lifetime/closers.ts'
import type { Bench } from './figure.ts'
import { list } from './list.ts'
import { measure } from './measure.ts'
import type { Options } from './options.ts'
import { profile } from './profile/profile.ts'
import { sectionText } from './table.ts'
import { untilInterrupted } from './untilInterrupted.ts'

/** A whole run. Resolves to the exit code; whatever was started has ended by then, however it came to an end. */
export async function bench(options: Options): Promise<number> {
  const say = (text: string) => process.stderr.write(`${text}\n`)
  const open = new Set<Closers>()
  const stopping = new AbortController()
  const interrupted = untilInterrupted('bench', { say, bugCode: 1 })
  const running = runAll(options, { stopping: stopping.signal, say, open })
  try {
    return await Promise.race([running, interrupted])
  } finally {
    stopping.abort()
    await endAll(open)
    // What was just being started when everything ended is ended as soon as it stands.
    await Promise.race([running.catch(() => {}), delay(20_000)])
    await endAll(open)
  }
}

const endAll = (open: ReadonlySet<Closers>) => Promise.all([...open].map((one) => one.close()))

interface Run extends Omit<Bench, 'options' | 'closers'> {
  readonly open: Set<Closers>
}

/** Every figure that was asked for, one after the other. One that cannot be measured says why, and the next follows. */
async function runAll(options: Options, { stopping, say, open }: Run): Promise<number> {
  const tasks: (readonly [string, (bench: Bench) => Promise<string>])[] = options.figures.map((name) => [
    name,
    async (one: Bench) => sectionText(await measure[name](one)),
  ])
  if (options.profile) tasks.push(['profile', profile])
  let failed = 0
  for (const [name, task] of tasks) {
    if (stopping.aborted) break
    const closers = createClosers({ error: (fields, message) => say(`${message} ${JSON.stringify(fields)}`) })
    open.add(closers)
    say(
      `\n${name}: ${name in list ? list[name as keyof typeof list].about : 'where the processor time goes'}`,
    )
    try {
      process.stdout.write(`\n${await task({ options, closers, stopping, say })}`)
    } catch (error) {
      if (stopping.aborted) break
      failed += 1
      process.stdout.write(
        `\n${name}: not measured\n  ${error instanceof Error ? error.stack : String(error)}\n`,
      )
    } finally {
      await closers.close()
      open.delete(closers)
    }
  }
  return failed === 0 ? 0 : 1
}
