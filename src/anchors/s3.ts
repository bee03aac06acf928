import type * as S3 from '@aws-sdk/client-s3'
import { z } from 'zod'
import {
  type Anchor,
  AnchorDispute,
  AnchorFault,
  type AnchorFinding,
} from '../approvals/ledger/anchors/anchor.ts'
import type { Anchored } from '../ledger/anchored.ts'
import { Overdue, within } from '../lifetime/limit.ts'
import { properties, text } from '../policy/format/shape.ts'
import { folderOf, isCheckpoint, isFolder, isGeneration, longest, placeOf } from './layout.ts'
import { type AtPlace, newestOf } from './newestOf.ts'
import { addressSchema, everyIn, ofEveryAnchor } from './ofEveryAnchor.ts'

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

type S3Config = Omit<z.infer<typeof s3Schema>, 'kind'>

/** Milliseconds. A call is tried twice, and what an anchor does is a few calls. */
const limits = { connect: 2_000, request: 4_000, all: 25_000 } as const
const usualRetainDays = 400
const dayMs = 86_400_000

/** What calls a bucket, and how it is told. */
interface Bucket {
  readonly client: S3.S3Client
  readonly s3: typeof S3
  readonly config: S3Config
}

/**
 * Checkpoints as objects under an object lock in compliance mode, which nobody takes away before its time, made only where none is.
 * A lock does not keep a second version from being put above: what was put is read by its version, and a second one is said.
 *
 * @param now the time that the lock is reckoned from
 */
export function s3Anchor(config: S3Config, now: () => Date): Anchor {
  const where = `the bucket ${config.bucket}`
  const shown: Shown = { locks: false, refuses: false }
  const told = <T>(work: (bucket: Bucket) => Promise<T>, limitMs: number = limits.all) =>
    within(limitMs, where, () => withBucket(config, work)).catch((error: unknown) => {
      throw faultOf(where, error)
    })
  return {
    name: config.name,
    kind: 's3',
    ...everyIn(config.every, 3_600),
    put: (anchored, first) => told((bucket) => put(bucket, anchored, { first, now: now(), shown })),
    newest: (first, reading, how) =>
      told((bucket) => {
        const keys = keysIn(bucket, `${config.prefix ?? ''}${folderOf(first)}/`)
        return newestOf(keys, { read: (key) => readOrSay(bucket, key), reading, how })
      }, how?.limitMs),
    check: () =>
      told(checked).catch((fault: unknown) => ({ ok: false, detail: saidOf(fault), fix: fixOfBucket })),
  }
}

/** What the bucket has shown to this process: no store is believed to lock, or to refuse a second write, because it says nothing. */
interface Shown {
  locks: boolean
  refuses: boolean
}

async function put(
  bucket: Bucket,
  anchored: Anchored,
  { first, now, shown }: { readonly first: string; readonly now: Date; readonly shown: Shown },
) {
  const { client, s3, config } = bucket
  const key = `${config.prefix ?? ''}${placeOf(first, anchored)}`
  const until = new Date(now.getTime() + (config.retain_days ?? usualRetainDays) * dayMs)
  const onlyIfNone = () =>
    client.send(
      new s3.PutObjectCommand({
        Bucket: config.bucket,
        Key: key,
        Body: anchored.text,
        ContentType: 'text/plain; charset=utf-8',
        IfNoneMatch: '*',
        ChecksumAlgorithm: 'SHA256',
        ObjectLockMode: 'COMPLIANCE',
        ObjectLockRetainUntilDate: until,
      }),
    )
  shown.locks ||= await locks(bucket)
  if (!shown.locks) throw new AnchorFault(doesNotLock(config))
  try {
    const { VersionId: version } = await onlyIfNone()
    if (!version)
      throw new AnchorFault(`the bucket ${config.bucket} keeps no versions, so its objects are not locked`)
    shown.refuses ||= await onlyIfNone().then(() => false, isThereAlready)
    if (!shown.refuses)
      throw new AnchorFault(
        `the bucket ${config.bucket} took ${key} a second time, which it was told to refuse: what it has can be covered`,
      )
    return { key, version, until: until.toISOString() }
  } catch (error) {
    if (!isThereAlready(error)) throw error
    shown.refuses = true
    const { version, text, strange } = await firstVersion(bucket, key)
    if (strange !== null) throw new AnchorDispute(strange)
    if (text !== anchored.text)
      throw new AnchorDispute(`${key} has another text than the checkpoint that was to be put there`)
    return { key, version }
  }
}

/** 412, and 409 where two put it at the same moment: then it is tried again later. */
function isThereAlready(error: unknown): boolean {
  return error instanceof Error && error.name === 'PreconditionFailed'
}

/** An object that the bucket does not give hides nothing of the others; a bucket that does not answer has said nothing. */
async function readOrSay(bucket: Bucket, key: string): Promise<AtPlace> {
  try {
    return await firstVersion(bucket, key)
  } catch (error) {
    const { $metadata: answer, name } = error as Partial<S3.S3ServiceException>
    const status = answer?.httpStatusCode ?? 0
    if (!(error instanceof AnchorFault) && (status < 400 || status >= 500)) throw error
    return { text: null, strange: `${key} cannot be read (${name})` }
  }
}

/** The oldest version: what was put above it since, or hides it, is said and not believed. */
async function firstVersion(bucket: Bucket, key: string): Promise<AtPlace & { readonly version: string }> {
  const { client, s3, config } = bucket
  let [first, count]: [S3.ObjectVersion | null, number] = [null, 0]
  for await (const { Versions = [], DeleteMarkers = [] } of pagesOf(bucket, key)) {
    const its = Versions.filter(({ Key }) => Key === key)
    first = its.at(-1) ?? first // the newest come first
    count += its.length + DeleteMarkers.filter(({ Key }) => Key === key).length
  }
  if (!first?.VersionId) throw new AnchorFault(`${key} has no version`)
  const version = first.VersionId
  const strange = count === 1 ? null : `above ${key} stands a second version, or a mark of deletion`
  if ((first.Size ?? 0) > longest) return { version, text: null, strange }
  const found = await client.send(
    new s3.GetObjectCommand({ Bucket: config.bucket, Key: key, VersionId: version }),
  )
  return { version, text: (await found.Body?.transformToString()) ?? null, strange }
}

/** Keys of versions, not of objects: a mark of deletion hides an object from the other list. */
async function* keysIn(bucket: Bucket, prefix: string): AsyncGenerator<string> {
  for (const generation of await folders(bucket, prefix, isGeneration))
    for (const part of await folders(bucket, generation, isFolder)) {
      const keys: string[] = []
      for await (const page of pagesOf(bucket, part))
        keys.push(...[...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key }) => Key ?? ''))
      const sound = [...new Set(keys)].filter((key) => isCheckpoint(key.slice(part.length)))
      yield* sound.sort().reverse()
    }
}

async function folders(
  bucket: Bucket,
  prefix: string,
  fits: (name: string) => boolean,
): Promise<readonly string[]> {
  const found: string[] = []
  for await (const { CommonPrefixes = [] } of pagesOf(bucket, prefix))
    found.push(...CommonPrefixes.map(({ Prefix }) => Prefix ?? ''))
  return found
    .filter((one) => fits(one.slice(prefix.length, -1)))
    .sort()
    .reverse()
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

/** Whether the bucket locks: without that nothing in it is kept from being removed. */
async function locks({ client, s3, config }: Bucket): Promise<boolean> {
  try {
    const { ObjectLockConfiguration: lock } = await client.send(
      new s3.GetObjectLockConfigurationCommand({ Bucket: config.bucket }),
    )
    return lock?.ObjectLockEnabled === 'Enabled'
  } catch (error) {
    if (error instanceof Error && error.name === 'ObjectLockConfigurationNotFoundError') return false
    throw error
  }
}

function doesNotLock({ bucket }: S3Config): string {
  return `the bucket ${bucket} does not lock its objects`
}

/** Nothing is put: a store that takes a key twice shows it by what the server has put, which makes sure of it each time that it starts. */
async function checked(bucket: Bucket): Promise<AnchorFinding> {
  const { config } = bucket
  if (!(await locks(bucket))) return { ok: false, detail: doesNotLock(config), fix: fixOfBucket }
  for (const ledger of await folders(bucket, config.prefix ?? '', () => true))
    for await (const key of keysIn(bucket, ledger)) {
      const { strange } = await firstVersion(bucket, key)
      if (strange !== null)
        return {
          ok: false,
          detail: `${strange}: it takes a key twice, or somebody else writes to it`,
          fix: fixOfBucket,
        }
      break // the newest of a ledger: whatever takes it twice has taken this one twice
    }
  return { ok: true, detail: `the bucket ${config.bucket} locks its objects`, fix: null }
}

const fixOfBucket =
  'Make the bucket with object lock, and let the server put, list and read versions in it: docs/operations.md, "Anchors".'

async function withBucket<T>(config: S3Config, work: (bucket: Bucket) => Promise<T>): Promise<T> {
  const s3 = await import('@aws-sdk/client-s3').catch(() => {
    throw new AnchorFault('the package @aws-sdk/client-s3 is not installed')
  })
  const client = new s3.S3Client({
    region: config.region,
    ...(config.endpoint !== undefined && { endpoint: config.endpoint }),
    forcePathStyle: config.path_style ?? false,
    maxAttempts: 2,
    requestHandler: {
      connectionTimeout: limits.connect,
      requestTimeout: limits.request,
      throwOnRequestTimeout: true,
    },
  })
  try {
    return await work({ client, s3, config })
  } finally {
    client.destroy()
  }
}

/** Only its name: what it says may repeat what was sent. */
function faultOf(where: string, error: unknown): Error {
  if (error instanceof AnchorFault || error instanceof AnchorDispute) return error
  const why = error instanceof Overdue || !(error instanceof Error) ? 'no answer in time' : error.name
  return new AnchorFault(`${where} could not be used (${why})`)
}

function saidOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault)
}
