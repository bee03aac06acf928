import { blobRef, entryText, type NewEntry } from '../ledger/entry.ts'
import type { Row } from './rows.ts'

export function entryRow({ entry }: NewEntry, i: number): Row {
  return {
    i,
    id: entry.id,
    ts: entry.ts,
    type: entry.type,
    subject_kind: entry.subject.kind,
    subject_id: entry.subject.id,
    request_id: entry.request,
    text: entryText(entry),
  }
}

export function blobRows({ entry, blobs }: NewEntry): readonly Row[] {
  if (blobs.length !== entry.blobs.length)
    throw new RangeError('an entry has to name exactly the blobs that come with it')
  return blobs.map((blob) => {
    const ref = blobRef(blob)
    const named = entry.blobs.find((one) => one.name === ref.name)
    if (blob.entry !== entry.id || named?.sha256_salted !== ref.sha256_salted || named.bytes !== ref.bytes)
      throw new RangeError('a blob is not the one its entry names')
    const text = Buffer.from(blob.text).toString('base64')
    return {
      entry_id: entry.id,
      name: ref.name,
      sha256_salted: ref.sha256_salted,
      bytes: ref.bytes,
      salt: blob.salt,
      text,
    }
  })
}
