import type { Entry } from './entry.ts'
import { textHash } from './hashes.ts'
import { leafText } from './leaf.ts'
import type { Wrong } from './wrong.ts'

/** A leaf as it is kept, with its entry and what is kept beside that. */
export interface KeptEntry {
  readonly index: number
  readonly entry: string
  /** In hexadecimal digits. */
  readonly hash: string
  /** Null when the entry is gone. */
  readonly text: string | null
  /** What the columns beside the text say: they repeat it for queries. `ts` in milliseconds. Null outside a database, where there are none. */
  readonly columns:
    | (Readonly<Record<'type' | 'subjectKind' | 'subject' | 'request', string | null>> & {
        readonly ts: number
      })
    | null
  readonly blobs: readonly KeptBlob[]
}

interface KeptBlob {
  readonly name: string
  readonly sha256_salted: string
  readonly bytes: number
  /** Computed of what is kept, with its length; null when it was erased. Erased are both salt and text: of one alone there is no hash. */
  readonly found: { readonly hash: string | null; readonly bytes: number | null } | null
}

/** What is wrong with one, at the index that follows the one before; null when it is what was sealed. */
export function wrongWith(kept: KeptEntry, index: number): Wrong | null {
  const of = { index, entry: kept.entry }
  if (kept.index !== index)
    return {
      ...of,
      entry: null,
      what: 'An index is missing from the tree.',
      expected: `an entry at index ${index}`,
      stands: `after index ${index - 1} comes ${kept.index}, ${kept.entry}`,
    }
  if (kept.text === null)
    return { ...of, what: 'An entry is gone.', expected: leafOf(kept.hash), stands: 'nothing' }
  return wrongText(kept, kept.text) ?? wrongEntry(kept, kept.text)
}

/** The text is what the leaf's hash was made of. */
function wrongText({ index, entry, hash }: KeptEntry, text: string): Wrong | null {
  const found = hashOf(text, index)
  if (found === hash) return null
  return {
    index,
    entry,
    what: 'An entry is not what was sealed.',
    expected: leafOf(hash),
    stands: `${found ? leafOf(found) : 'no leaf'}: ${text}`,
  }
}

/** What was sealed is an entry, and what stands beside it fits. */
function wrongEntry(kept: KeptEntry, text: string): Wrong | null {
  try {
    return wrongBeside(kept, JSON.parse(text) as Entry) // whatever it is: what does not fit is caught
  } catch {
    const { index, entry } = kept
    return { index, entry, what: 'What was sealed is not an entry.', expected: 'an entry', stands: text }
  }
}

/** The columns and values beside an entry are what the entry says. */
function wrongBeside({ index, entry, columns, blobs }: KeptEntry, said: Entry): Wrong | null {
  const wrong = (what: string, expected: unknown, stands: unknown): Wrong => ({
    index,
    entry,
    what,
    expected: String(expected),
    stands: String(stands),
  })
  if (said.id !== entry) return wrong('The column id is not what its entry says.', said.id, entry)
  const column = columns && wrongColumn(columns, said)
  if (column)
    return wrong(`The column ${column.name} is not what its entry says.`, column.expected, column.stands)
  for (const { name, sha256_salted, bytes } of said.blobs) {
    const blob = blobs.find((one) => one.name === name)
    if (!blob)
      return wrong(
        `The value ${name} of an entry is gone.`,
        sha256_salted,
        'nothing, not even that it was erased',
      )
    if (blob.sha256_salted !== sha256_salted || blob.bytes !== bytes)
      return wrong(`The value ${name} of an entry is recorded as another.`, sha256_salted, blob.sha256_salted)
    if (blob.found && (blob.found.hash !== sha256_salted || blob.found.bytes !== bytes))
      return wrong(
        `The value ${name} of an entry was changed.`,
        sha256_salted,
        blob.found.hash ?? 'one of its salt and its text, and not the other',
      )
  }
  if (blobs.length === said.blobs.length) return null
  const twice = blobs.find(({ name }, nth) => blobs.findIndex((one) => one.name === name) !== nth)
  if (twice) return wrong('A value stands beside an entry twice.', 'once', twice.name)
  const more = blobs.find(({ name }) => said.blobs.every((one) => one.name !== name))
  return more ? wrong('A value stands beside an entry that does not name it.', 'none', more.name) : null
}

/** Written out, because every entry of a ledger comes through here. */
function wrongColumn(
  { ts, type, subjectKind, subject, request }: NonNullable<KeptEntry['columns']>,
  said: Entry,
): { readonly name: string; readonly expected: unknown; readonly stands: unknown } | null {
  const time = Date.parse(said.ts)
  if (time !== ts) return { name: 'ts', expected: time, stands: ts }
  if (said.type !== type) return { name: 'type', expected: said.type, stands: type }
  const { kind, id } = said.subject
  if (kind !== subjectKind) return { name: 'subject_kind', expected: kind, stands: subjectKind }
  if (id !== subject) return { name: 'subject_id', expected: id, stands: subject }
  return said.request === request ? null : { name: 'request_id', expected: said.request, stands: request }
}

function hashOf(text: string, index: number): string | null {
  try {
    return textHash(leafText(text, index))
  } catch {
    return null
  }
}

function leafOf(hash: string): string {
  return `the leaf with the hash ${hash}`
}
