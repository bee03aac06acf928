import type { LedgerReader } from '../approvals/ledger/ledgerReader.ts'
import type { LedgerHead } from '../approvals/ledger/ledgerStore.ts'
import { type Problem, Refusal } from '../core/refusal.ts'
import type { ReceivedCall } from './call.ts'

/** The newest head. @throws Refusal `not_ready` before the ledger has begun */
export async function headOf(ledger: LedgerReader): Promise<LedgerHead> {
  return (await known(ledger)).head
}

/** The same, with the key. */
export async function known(
  ledger: LedgerReader,
): Promise<NonNullable<Awaited<ReturnType<LedgerReader['head']>>>> {
  const found = await ledger.head()
  if (!found) throw new Refusal('not_ready', 'the ledger has not begun')
  return found
}

/**
 * Whole numbers of an address, by name; null where one is left out. Strict: what is not understood is refused.
 *
 * @throws Refusal `invalid_request`
 */
export function numbersIn<N extends string>(
  { query }: Pick<ReceivedCall, 'query'>,
  bounds: Readonly<Record<N, readonly [least: number, most: number]>>,
): Readonly<Record<N, number | null>> {
  const names = Object.keys(bounds) as N[] // keys of a const table
  const problems: Problem[] = []
  const wrong = (name: string, detail: string) =>
    void problems.push({ pointer: '', detail: `${name}: ${detail}` })
  for (const name of new Set(query.keys())) {
    if (!names.some((one) => one === name))
      wrong(name, `There is no such parameter: these are ${names.join(', ')}.`)
    else if (query.getAll(name).length > 1) wrong(name, 'This may stand here once.')
  }
  const found = names.map((name): [N, number | null] => {
    const [least, most] = bounds[name]
    const text = query.get(name)
    if (text === null) return [name, null]
    if (!/^(0|[1-9]\d{0,15})$/.test(text) || Number(text) < least || Number(text) > most)
      wrong(name, `This must be a whole number from ${least} to ${most}.`)
    return [name, Number(text)]
  })
  if (problems.length > 0) throw new Refusal('invalid_request', 'parameters of another shape', problems)
  return Object.fromEntries(found) as Record<N, number | null> // one for each name
}
