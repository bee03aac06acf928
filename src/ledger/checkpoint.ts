import { hashBytes } from './hashes.ts'
import { type Note, type NoteSigner, readNote, signedNote } from './note.ts'
import type { TreeHead } from './verifyProof.ts'

/** The head of a tree, signed (c2sp.org/tlog-checkpoint). */
export interface Checkpoint extends TreeHead {
  /** Which log it is: also the name of its key. */
  readonly origin: string
  readonly note: Note
}

export function signedCheckpoint({ size, root }: TreeHead, signer: NoteSigner): string {
  return signedNote(`${signer.name}\n${size}\n${root.toString('base64')}\n`, signer)
}

/** What a checkpoint says, or null when it is not one. Who signed it, `isSignedBy` says. */
export function readCheckpoint(text: string): Checkpoint | null {
  const note = readNote(text)
  const [origin, digits = '', encoded = '', ...rest] = note?.text.split('\n') ?? []
  const root = Buffer.from(encoded, 'base64')
  const size = Number(digits)
  if (!note || !origin || rest.length === 0 || root.length !== hashBytes) return null
  if (
    root.toString('base64') !== encoded ||
    !Number.isSafeInteger(size) ||
    size < 0 ||
    String(size) !== digits
  )
    return null
  return { origin, size, root, note }
}
