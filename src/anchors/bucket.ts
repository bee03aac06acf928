import type * as S3 from '@aws-sdk/client-s3'
import { z } from 'zod'
import { AnchorFault } from '../approvals/ledger/anchors/anchor.ts'
import { properties, text } from '../policy/format/shape.ts'
import { isCheckpoint, isOfLedger, longest } from './layout.ts'
import type { AtPlace } from './newestOf.ts'
import { addressSchema, ofEveryAnchor } from './ofEveryAnchor.ts'
import { newestFirst, type Place, type Shelf } from './shelf.ts'

export const s3Schema = properties({
  ...ofEveryAnchor,
  kind: z.literal('s3'),
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket'),
  region: z.string().regex(/^[a-z0-9-]{2,40}$/, 'must be a region such as eu-central-1'),
  endpoint: addressSchema.optional(),
  path_style: z.boolean().optional(),
  prefix: text(200)
    .regex(/^[A-Za-z0-9!_.*'()/-]+\/$/, "must end with / and have letters, digits and !_.*'()/- only")
    .optional(),
  retain_days: z.number().int().min(1).max(36_500).optional(),
})

export type S3Config = Omit<z.infer<typeof s3Schema>, 'kind'>

/** What calls a bucket, and how it is told. */
export interface Bucket {
  readonly client: S3.S3Client
  readonly s3: typeof S3
  readonly config: S3Config
}

/** What stands under one key. */
export interface Kept extends Place {
  /** The oldest: what was put above it since, or hides it, is said and not believed. Null: nothing but marks of deletion. */
  readonly version: string | null
  readonly bytes: number
  /** With marks of deletion. */
  readonly versions: number
}

/** An object that the bucket does not give hides nothing of the others; a bucket that does not answer has said nothing. */
export async function readOrSay(bucket: Bucket, kept: Kept): Promise<AtPlace> {
  try {
    return await readKept(bucket, kept)
  } catch (error) {
    const { $metadata: answer, name } = error as Partial<S3.S3ServiceException>
    const status = answer?.httpStatusCode ?? 0
    if (!(error instanceof AnchorFault) && (status < 400 || status >= 500)) throw error
    return { text: null, strange: `${kept.name} cannot be read (${name})` }
  }
}

export async function readKept({ client, s3, config }: Bucket, kept: Kept): Promise<AtPlace> {
  const { name: key, version, bytes, versions } = kept
  if (version === null) throw new AnchorFault(`${key} has no version`)
  const strange = versions === 1 ? null : `above ${key} stands a second version, or a mark of deletion`
  if (bytes > longest) return { text: null, strange }
  const found = await client.send(
    new s3.GetObjectCommand({ Bucket: config.bucket, Key: key, VersionId: version }),
  )
  return { text: (await found.Body?.transformToString()) ?? null, strange }
}

export async function keptAt(bucket: Bucket, key: string): Promise<Kept> {
  return (await keptBelow(bucket, key)).get(key) ?? { name: key, version: null, bytes: 0, versions: 0 }
}

/** By versions, not by objects: a mark of deletion hides an object from the other list. Of one key, the newest version comes first. */
async function keptBelow(bucket: Bucket, prefix: string): Promise<ReadonlyMap<string, Kept>> {
  const found = new Map<string, Kept>()
  for await (const { Versions = [], DeleteMarkers = [] } of pagesOf(bucket, prefix)) {
    for (const { Key: name = '', VersionId: version = null, Size: bytes = 0 } of Versions)
      found.set(name, { name, version, bytes, versions: (found.get(name)?.versions ?? 0) + 1 })
    for (const { Key: name = '' } of DeleteMarkers) {
      const its = found.get(name) ?? { name, version: null, bytes: 0, versions: 0 }
      found.set(name, { ...its, versions: its.versions + 1 })
    }
  }
  return found
}

/** What was listed once for a look is not listed again for it. */
export function shelfIn(bucket: Bucket, ledger: string): Shelf<Kept> {
  const listed = new Map<string, Promise<readonly string[]>>()
  const prefixOf = (at: readonly string[]) => `${ledger}${at.map((folder) => `${folder}/`).join('')}`
  return {
    folders(at) {
      const prefix = prefixOf(at)
      const found = listed.get(prefix) ?? folders(bucket, prefix)
      listed.set(prefix, found)
      return found
    },
    async checkpoints(at) {
      const prefix = prefixOf(at)
      const found = await keptBelow(bucket, prefix)
      return [...found.values()].filter(({ name }) => isCheckpoint(name.slice(prefix.length)))
    },
  }
}

async function folders(bucket: Bucket, prefix: string): Promise<readonly string[]> {
  const found: string[] = []
  for await (const { CommonPrefixes = [] } of pagesOf(bucket, prefix))
    found.push(...CommonPrefixes.map(({ Prefix = '' }) => Prefix.slice(prefix.length, -1)))
  return found
}

/** Of so many at most: who looks wants to know that there are some. */
const mostLedgers = 10

/** The newest checkpoint of each ledger that has some there. */
export async function* newestOfEach(
  bucket: Bucket,
): AsyncGenerator<{ readonly folder: string; readonly kept: Kept }> {
  const prefix = bucket.config.prefix ?? ''
  for (const folder of (await folders(bucket, prefix)).filter(isOfLedger).slice(0, mostLedgers))
    for await (const kept of newestFirst(shelfIn(bucket, `${prefix}${folder}/`), Number.POSITIVE_INFINITY)) {
      yield { folder, kept }
      break
    }
}

async function* pagesOf({ client, s3, config }: Bucket, prefix: string) {
  let at: Pick<S3.ListObjectVersionsCommandInput, 'KeyMarker' | 'VersionIdMarker'> = {}
  for (;;) {
    const page = await client.send(
      new s3.ListObjectVersionsCommand({ Bucket: config.bucket, Prefix: prefix, Delimiter: '/', ...at }),
    )
    yield page
    if (!page.IsTruncated || page.NextKeyMarker === undefined) return
    at = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
  }
}
