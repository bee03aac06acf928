import type { Json, JsonObject } from '../../core/json.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Actor, EntryType, NewEntry } from '../../ledger/entry.ts'
import type { Change, Put } from '../change.ts'
import { newEntry } from '../newEntry.ts'
import { onlyClaimed, saidBy, type Word } from '../people/word.ts'
import type { Ports } from '../ports.ts'
import { SealFault } from '../sealer.ts'
import { endOf, tendedAt } from './keyTimes.ts'
import { openKey } from './openKey.ts'
import type { SigningKey } from './records.ts'

/** Who changes a key, as its entry says it. */
export interface KeyActor {
  readonly actor: Actor
  readonly data?: JsonObject
  readonly kept?: Readonly<Record<string, Json | undefined>>
}

/** The server by itself: at its start, or because it is time. */
export const byItself = (via: 'startup' | 'clock'): KeyActor => ({
  actor: { kind: 'system', id: 'issuer', via },
})

/** Whoever has the shell, with their reason if they had to give one. The key of an operator reaches agents, and no key of ours. */
export function byOperator(word: Word, reason: string | null): KeyActor {
  const { data, kept } = saidBy(word, onlyClaimed)
  return { actor: { kind: 'system', id: 'operator', via: word.via }, data, kept: { ...kept, reason } }
}

/** What one key becomes, and the entry that says so. */
export interface KeyStep {
  readonly put: Put<SigningKey>
  readonly entry: NewEntry
}

/** The steps of one change, by one actor at one time. */
export function keySteps(ports: Ports, by: KeyActor) {
  const at = ports.clock().toISOString()
  const step = (
    type: Extract<EntryType, `key.${string}`>,
    put: Put<SigningKey>,
    data: JsonObject = {},
  ): KeyStep => ({
    put,
    entry: newEntry(ports, {
      type,
      actor: by.actor,
      subject: { kind: 'key', id: put.next.id },
      data: { ...data, ...by.data },
      kept: by.kept ?? {},
    }),
  })
  const changed = (key: SigningKey, to: Partial<SigningKey>): Put<SigningKey> => ({
    expected: key.version,
    next: { ...key, ...to, version: key.version + 1 },
  })
  return {
    created: (key: SigningKey) => step('key.created', { expected: null, next: key }, { status: key.status }),
    /** The operator's own. */
    given: (key: SigningKey) =>
      step('key.created', { expected: null, next: key }, { status: key.status, given: true }),
    activated: (key: SigningKey) =>
      step('key.activated', changed(key, { status: 'active', since: at }), {
        published_since: key.createdAt,
      }),
    /** It signs nothing new; what it signed is believed until it has ended. */
    retired: (key: SigningKey) => {
      const put = changed(key, { status: 'retired', since: at })
      return step('key.retired', put, { believed_until: timeOf(endOf(put.next)) })
    },
    /** Nothing that it signed is believed any more. */
    withdrawn: (key: SigningKey) =>
      step('key.retired', changed(key, { status: 'retired', since: at, sealed: null }), {
        believed_until: null,
      }),
    /** Nothing that it signed is alive. */
    erased: (key: SigningKey) => step('key.erased', changed(key, { sealed: null })),
  }
}

function timeOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}

/** All steps in one change, with the job that looks after the keys next. `keys` are all that there are before it. */
export function keyChange(
  ports: Pick<Ports, 'clock' | 'keyDays'>,
  steps: readonly KeyStep[],
  { keys, round = 0 }: { readonly keys: readonly SigningKey[]; readonly round?: 0 | 1 },
): Change {
  const puts = steps.map(({ put }) => put)
  const untouched = keys.filter(({ id }) => !puts.some(({ next }) => next.id === id))
  const after = [...untouched, ...puts.map(({ next }) => next)]
  const at = tendedAt(after, { keyDays: ports.keyDays, now: ports.clock() })
  return {
    ...(puts.length > 0 && { signingKeys: puts }),
    entries: steps.map(({ entry }) => entry),
    jobs: [{ task: 'keys', round, at }],
  }
}

/** So often are the keys read again when somebody else has changed them meanwhile. */
const mostTries = 4

/**
 * Reads the keys, judges, and commits; again from the beginning when somebody was faster (another replica at its start, another
 * operator). `judge` resolves to no change when nothing has to be done any more.
 *
 * @throws Refusal `busy`, those of `judge`
 */
export async function changeKeys<Done>(
  ports: Pick<Ports, 'store'>,
  judge: (keys: readonly SigningKey[]) => Promise<{ readonly change: Change | null; readonly done: Done }>,
): Promise<Done> {
  for (let nth = 1; nth <= mostTries; nth += 1) {
    const { change, done } = await judge(await ports.store.signingKeys())
    if (change === null || (await ports.store.commit(change)) === 'applied') return done
  }
  throw new Refusal('busy', 'a change of the signing keys lost too many races')
}

/** Whether a key can be opened here: one that cannot must never be the one that signs. */
export async function opens({ sealer }: Pick<Ports, 'sealer'>, { id, sealed }: SigningKey): Promise<boolean> {
  if (sealed === null) return false
  try {
    await openKey({ id, sealed }, sealer)
    return true
  } catch (fault) {
    if (fault instanceof SealFault) return false
    throw fault
  }
}
