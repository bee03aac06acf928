import { createHash } from 'node:crypto'
import type { Anchored } from '../ledger/anchored.ts'

/**
 * Where the checkpoints of a ledger stand in a directory or a bucket: `<ledger>/<name>/<ten thousands>/<entries>.checkpoint`, all in digits
 * of one width, so that the last in order is the newest, and no folder has more than ten thousand.
 */
export function placeOf(first: string, { checkpoint, generation }: Anchored): string {
  const { size } = checkpoint
  return `${folderOf(first)}/${digits(generation, 4)}/${digits(Math.floor(size / perFolder), 12)}/${digits(size, 16)}.checkpoint`
}

/** A name for a folder that anybody can read, and that no two ledgers share. */
export function folderOf(first: string): string {
  const readable = first.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 60)
  return `${readable}-${createHash('sha256').update(first).digest('hex').slice(0, 16)}`
}

export const isGeneration = (name: string): boolean => /^\d{4}$/.test(name)
export const isFolder = (name: string): boolean => /^\d{12}$/.test(name)
export const isCheckpoint = (name: string): boolean => /^\d{16}\.checkpoint$/.test(name)

/** So many entries the checkpoint at a place is for, by its name. */
export const sizeOf = (place: string): number => Number(/(\d{16})\.checkpoint$/.exec(place)?.[1] ?? 0)

/** Checkpoints are short; whoever puts something long there has not put one. Bytes. */
export const longest = 16_384

const perFolder = 10_000

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0')
}
