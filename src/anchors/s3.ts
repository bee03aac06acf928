import {
  type Anchor,
  AnchorDispute,
  AnchorFault,
  type AnchorFinding,
  type HowToLook,
  type Reading,
} from '../approvals/ledger/anchors/anchor.ts'
import { oneByOne } from '../approvals/ledger/anchors/oneByOne.ts'
import type { Anchored } from '../ledger/anchored.ts'
import { type Bucket, keptAt, newestOfEach, readKept, readOrSay, type S3Config, shelfIn } from './bucket.ts'
import { folderOf, placeOf, saidName } from './layout.ts'
import { newestOf } from './newestOf.ts'
import { everyIn } from './ofEveryAnchor.ts'

/** Milliseconds. A call is tried twice, and what an anchor does is a few calls. */
const limits = { connect: 2_000, request: 4_000 } as const
const usualRetainDays = 400
const dayMs = 86_400_000

/**
 * Checkpoints as objects under an object lock in compliance mode, which nobody takes away before its time, made only where none is.
 * A lock does not keep a second version from being put above: what was put is read by its version, and a second one is said.
 *
 * @param now the time that the lock is reckoned from
 */
export function s3Anchor(config: S3Config, now: () => Date): Anchor {
  const where = `the bucket ${config.bucket}`
  const shown: Shown = { locks: false, refuses: false }
  const told = <T>(work: (bucket: Bucket) => Promise<T>) =>
    withBucket(config, work).catch((error: unknown) => {
      throw faultOf(where, error)
    })
  const prefix = config.prefix ?? ''
  const newest = (first: string, reading: Reading, how?: HowToLook) =>
    told((bucket) =>
      newestOf(shelfIn(bucket, `${prefix}${folderOf(first)}/`), {
        read: (kept) => readOrSay(bucket, kept),
        reading,
        how,
      }),
    )
  const place = {
    put: (anchored: Anchored, first: string) =>
      told((bucket) => put(bucket, anchored, { first, now: now(), shown })),
    newest: (...asked: Parameters<typeof newest>) => newest(...asked),
    ledgers: () => told(ledgersIn),
    check: () =>
      told(checked).catch((fault: unknown) => ({ ok: false, detail: saidOf(fault), fix: fixOfBucket })),
  }
  return { name: config.name, kind: 's3', ...everyIn(config.every, 3_600), ...oneByOne(place, { where }) }
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
    const kept = await keptAt(bucket, key)
    const { text, strange } = await readKept(bucket, kept)
    const { version } = kept
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

async function ledgersIn(bucket: Bucket): Promise<readonly string[]> {
  const found: string[] = []
  for await (const { folder, kept } of newestOfEach(bucket))
    found.push(saidName((await readOrSay(bucket, kept)).text, folder))
  return found
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
  // Whatever takes a key twice has taken the newest twice.
  for await (const { kept } of newestOfEach(bucket)) {
    const { strange } = await readKept(bucket, kept)
    if (strange !== null)
      return {
        ok: false,
        detail: `${strange}: it takes a key twice, or somebody else writes to it`,
        fix: fixOfBucket,
      }
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
  const why = error instanceof Error ? error.name : 'it did not say why'
  return new AnchorFault(`${where} could not be used (${why})`)
}

function saidOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault)
}
