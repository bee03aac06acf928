/**
 * The names of one ledger: the one that it began with, and one more for each time that it went on from a restored backup: `acme/ledger`,
 * `acme/ledger/2`, `acme/ledger/3`.
 */
export interface LedgerNames {
  /** The name that it began with. */
  readonly first: string
}

/** How often the ledger had been given a name by then, from 1; null when the name is not one of this ledger's. */
export function generationOf({ first }: LedgerNames, origin: string): number | null {
  if (origin === first) return 1
  const digits = origin.startsWith(`${first}/`) ? origin.slice(first.length + 1) : ''
  return /^([2-9]|[1-9]\d{1,3})$/.test(digits) ? Number(digits) : null
}

/** @throws RangeError when the ledger went on from backups so often that no name is left */
export function originAfter(names: LedgerNames, origin: string): string {
  const generation = generationOf(names, origin)
  if (generation === null || generation >= 9_999)
    throw new RangeError(`no name follows ${origin} in the ledger ${names.first}`)
  return `${names.first}/${generation + 1}`
}

/** Whether a ledger can begin with a name: one that ends like a later name has to have its entry. */
export function canBeFirst(origin: string): boolean {
  return firstNameOf(origin) === origin
}

/** Before anything of a ledger is read: whether a name could be an earlier or a later one of it. */
export function couldBeOneLedger(one: string, other: string): boolean {
  return firstNameOf(one) === firstNameOf(other)
}

/** The name that a ledger began with, by any of its names: none can begin with a number at its end. */
export function firstNameOf(origin: string): string {
  return origin.replace(/\/([2-9]|[1-9]\d{1,3})$/, '')
}
