import { createHash } from 'node:crypto'
import type { Anchored } from '../ledger/anchored.ts'
import { readCheckpoint } from '../ledger/checkpoint.ts'

/**
 * Where the checkpoints of a ledger stand in a directory or a bucket: `<ledger>/<name>/0/000/000/000/012/<entries>.checkpoint`, the entries in
 * 16 digits, of which each folder takes the next. So the last in order is the newest, no folder has more than a thousand, and whoever looks
 * for the newest lists as many folders as there are levels, however many checkpoints there are.
 */
export function placeOf(first: string, { checkpoint, generation }: Anchored): string {
  const size = digits(checkpoint.size, sizeDigits)
  let at = 0
  const folders = levels.map((width) => {
    at += width
    return size.slice(at - width, at)
  })
  return [folderOf(first), digits(generation, 4), ...folders, `${size}.checkpoint`].join('/')
}

/** A name for a folder that anybody can read, and that no two ledgers share. */
export function folderOf(first: string): string {
  const readable = first.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 60)
  return `${readable}-${createHash('sha256').update(first).digest('hex').slice(0, 16)}`
}

export const isOfLedger = (name: string): boolean => /-[0-9a-f]{16}$/.test(name)
export const isGeneration = (name: string): boolean => /^\d{4}$/.test(name)
export const isCheckpoint = (name: string): boolean => /^\d{16}\.checkpoint$/.test(name)

/** So many entries the checkpoint at a place is for, by its name. */
export const sizeOf = (place: string): number => Number(/(\d{16})\.checkpoint$/.exec(place)?.[1] ?? 0)

/** The name of the ledger that a text is a checkpoint of, as it says; that of the folder where it is none. */
export function saidName(text: string | null, folder: string): string {
  return (text === null ? null : readCheckpoint(text)?.origin) ?? folder
}

/** Checkpoints are short; whoever puts something long there has not put one. Bytes. */
export const longest = 16_384

export const sizeDigits = 16

/** So many digits of the entries each level of folders takes. */
export const levels: readonly number[] = [1, 3, 3, 3, 3]

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0')
}
