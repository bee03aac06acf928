import { within } from '../../lifetime/limit.ts'
import { oneAtATime } from '../../lifetime/oneAtATime.ts'
import type { PolicyVersion } from '../records.ts'
import type { Shadow, ShadowBatch } from './records.ts'
import type { ShadowStore } from './shadowStore.ts'
import { type Found, foundNothing } from './tally.ts'

/** What was found on one replica, until it is written. */
export interface Writing {
  add(more: (found: Found) => Found): void
  /** How this replica stands is written with the next batch, also where nothing was found. */
  sayAgain(): void
  /** Writes now. Never rejects. */
  now(): Promise<void>
  /** Writes the rest, and no more. Never rejects. */
  end(): Promise<void>
}

/** Whose finding it is, and where it is written. */
export interface WrittenFor {
  readonly shadow: Shadow
  readonly base: PolicyVersion
  readonly store: Pick<ShadowStore, 'addToShadow'>
  readonly replica: { readonly id: string; readonly name: string }
  /** The number of the next batch of this replica; it only grows. */
  readonly nth: () => number
}

export interface WritingOptions extends WrittenFor {
  readonly log: { warn(fields: object, message: string): void }
  /** Whether this replica judges, and what is wrong where it does not. */
  readonly standing: () => Pick<ShadowBatch, 'judges' | 'problem'>
  /** Milliseconds: how often it is written, how often a replica says that it lives, and what one writing may take. */
  readonly times: Readonly<Record<'write' | 'say' | 'limit', number>>
}

/** Writes every now and then, and once more at the end. A batch is frozen until it is written: what was not answered is sent again as it was. */
export function writeFound({ shadow, base, store, log, standing, times, ...of }: WritingOptions): Writing {
  let found = foundNothing()
  let sending: ShadowBatch | null = null
  let saidAt = Number.NEGATIVE_INFINITY

  const batch = (): ShadowBatch | null => {
    const now = performance.now()
    if (found.isNothing && now - saidAt < times.say) return null
    saidAt = now
    const { totals, kinds } = found
    found = foundNothing()
    const here = { ...of.replica, ...totals, ...standing() }
    return { ...here, shadow: shadow.id, nth: of.nth(), base: base.digest, found: kinds }
  }
  const write = oneAtATime(async () => {
    sending ??= batch()
    if (!sending) return
    const now = sending
    await within(times.limit, 'writing what the shadow found', () => store.addToShadow(now))
    sending = null
  })
  const writeCarefully = () =>
    write().catch((fault: unknown) => {
      log.warn({ shadow: shadow.id, err: fault }, 'what the shadow found could not be written; trying again')
    })
  const timer = setInterval(() => void writeCarefully(), times.write)
  timer.unref()
  return {
    add: (more) => {
      found = more(found)
    },
    sayAgain: () => {
      saidAt = Number.NEGATIVE_INFINITY
    },
    now: writeCarefully,
    async end() {
      clearInterval(timer)
      saidAt = Number.NEGATIVE_INFINITY
      // Once what was on its way, once the rest.
      if (sending) await writeCarefully()
      await writeCarefully()
    },
  }
}
