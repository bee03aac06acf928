import { hash } from 'node:crypto'
import { canonical } from './canonical.ts'

/** `sha256:` and 64 hex digits. */
export type Digest = `sha256:${string}`

export const digestPrefix = 'sha256:'

/** SHA-256 over the canonical form with the type inside, so that two kinds of thing can never share a digest. */
export function digestOf(type: `countersign/${string}`, value: object): Digest {
  return `sha256:${hash('sha256', canonical({ '@type': type, ...value }), 'hex')}`
}

/** A digest a person can compare by eye: its first 12 hex digits in groups of four. */
export function shortDigest(digest: Digest): string {
  return digest.slice(7, 19).replace(/(.{4})(?=.)/g, '$1 ')
}
