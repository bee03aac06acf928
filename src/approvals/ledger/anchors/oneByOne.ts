import { Overdue, within } from '../../../lifetime/limit.ts'
import { type Anchor, AnchorFault } from './anchor.ts'

/** Milliseconds. Together less than the half minute in which each method of an anchor ends. */
const usual = {
  /** For a call before to return. */
  before: 4_000,
  /** For a call itself. */
  call: 25_000,
}

/** What an adapter does at its place. It need not end in time: it is not waited for longer. */
type AtItsPlace = Pick<Anchor, 'put' | 'newest' | 'ledgers' | 'check'>

/**
 * One call at a place after the other. Whatever hangs there (a network file system, a service that takes what is sent and says nothing)
 * keeps what the call needed: so nothing new is begun while the last call has not returned, however long ago it was given up.
 *
 * @param by.where the place, for the operator
 */
export function oneByOne(
  place: AtItsPlace,
  { where, limits = usual }: { readonly where: string; readonly limits?: typeof usual },
): AtItsPlace {
  let last: Promise<void> | null = null
  const inTurn = async <T>(work: () => Promise<T>, callMs: number = limits.call): Promise<T> => {
    for (let before = last; before !== null; before = last) await waitFor(before, { where, limits })
    const begun = work()
    const ended = () => {
      last = null
    }
    last = begun.then(ended, ended)
    return within(callMs, where, () => begun).catch((error: unknown) => {
      throw error instanceof Overdue
        ? new AnchorFault(`${where} could not be used (no answer in time)`)
        : error
    })
  }
  const { newest, ledgers } = place
  return {
    put: (...asked) => inTurn(() => place.put(...asked)),
    newest: newest && ((first, reading, how) => inTurn(() => newest(first, reading, how), how?.limitMs)),
    ledgers: ledgers && (() => inTurn(ledgers)),
    check: () =>
      inTurn(() => place.check()).catch((fault: unknown) => {
        if (!(fault instanceof AnchorFault)) throw fault
        return { ok: false, detail: fault.message, fix: 'Find out what hangs there, and end it.' }
      }),
  }
}

async function waitFor(
  before: Promise<void>,
  { where, limits }: { readonly where: string; readonly limits: typeof usual },
): Promise<void> {
  await within(limits.before, where, () => before).catch(() => {
    throw new AnchorFault(`${where} has not answered an earlier call yet, and is not asked again before that`)
  })
}
