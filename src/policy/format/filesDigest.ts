import { type Digest, digestOf } from '../../core/digest.ts'

/**
 * Names the files of a bundle as they were read, tests, comments and layout included: SHA-256 over path to text. Where
 * the digest of a bundle says what it judges by, this says exactly which files somebody was shown.
 */
export function filesDigest(files: ReadonlyMap<string, string>): Digest {
  return digestOf('countersign/bundle-files/v1', { files: Object.fromEntries(files) })
}
