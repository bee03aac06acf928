import { z } from 'zod'
import {
  type Anchor,
  AnchorDispute,
  AnchorFault,
  type AnchorFinding,
  type TreeProofs,
} from '../approvals/ledger/anchors/anchor.ts'
import { oneByOne } from '../approvals/ledger/anchors/oneByOne.ts'
import type { JsonObject } from '../core/json.ts'
import type { Anchored } from '../ledger/anchored.ts'
import { cosignedAt, readWitnessKey, type WitnessKey } from '../ledger/cosignature.ts'
import { readNote } from '../ledger/note.ts'
import { properties } from '../policy/format/shape.ts'
import { addressSchema, everyIn, ofEveryAnchor } from './ofEveryAnchor.ts'

export const witnessSchema = properties({
  ...ofEveryAnchor,
  kind: z.literal('witness'),
  address: addressSchema,
  key: z.string().refine((text) => readWitnessKey(text) !== null, 'must be a verifier key of type 0x04'),
})

/** Milliseconds for each call, and bytes of its answer. */
const limits = { call: 10_000, answer: 16_384 } as const

/** Where it last was, of each process; a witness that is further along says so. */
interface Remembered {
  size: number
  origin: string
}

/**
 * A witness that keeps the newest checkpoint it has seen and cosigns the next only when it goes on from that one
 * (c2sp.org/tlog-witness). What it keeps cannot be read; that it refuses to go on is what it shows.
 */
export function witnessAnchor({
  name,
  every,
  address,
  key: written,
}: Omit<z.infer<typeof witnessSchema>, 'kind'>): Anchor {
  const key = readWitnessKey(written)
  if (!key) throw new RangeError('the schema takes no other key')
  const url = `${address.replace(/\/+$/, '')}/add-checkpoint`
  const remembered: Remembered = { size: 0, origin: '' }
  const place: Parameters<typeof oneByOne>[0] = {
    put: (anchored, _, proofs) => add(anchored, { url, key, proofs, remembered }),
    newest: null,
    ledgers: null,
    check: () => check(url, key),
  }
  const where = `the witness ${key.name}`
  return { name, kind: 'witness', ...everyIn(every, 3_600), ...oneByOne(place, { where }) }
}

interface Adding {
  readonly url: string
  readonly key: WitnessKey
  readonly proofs: TreeProofs
  readonly remembered: Remembered
}

async function add(anchored: Anchored, by: Adding): Promise<JsonObject> {
  const { remembered } = by
  const { origin, size } = anchored.checkpoint
  if (remembered.origin !== origin) Object.assign(remembered, { origin, size: 0 })
  const first = await send(anchored, { ...by, older: Math.min(remembered.size, size) })
  const answer =
    first.status === 409
      ? await send(anchored, { ...by, older: theirs(first, { name: by.key.name, size }) })
      : first
  if (answer.status !== 200) throw refusalOf(answer.status, by.key.name)
  const at = cosigned(anchored, answer.body, by.key)
  remembered.size = size
  return {
    witness: by.key.name,
    cosigned_at: new Date(at * 1_000).toISOString(),
    cosignature: answer.body.trim(),
  }
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** The size that the witness has seen, which it says where it was told another. */
function theirs(
  { type, body }: Answer,
  { name, size }: { readonly name: string; readonly size: number },
): number {
  const digits = body.trim()
  if (!type.startsWith('text/x.tlog.size') || !/^\d{1,15}$/.test(digits))
    throw new AnchorFault(`the witness ${name} knows another size and does not say which`)
  if (Number(digits) > size)
    throw new AnchorDispute(
      `the witness ${name} has seen this ledger with ${digits} entries, and here are ${size}: the database may be older than what left the house`,
    )
  return Number(digits)
}

async function send(
  anchored: Anchored,
  { url, proofs, older }: Adding & { readonly older: number },
): Promise<Answer> {
  const hashes = await proofs.consistency(older, anchored.checkpoint.size)
  const lines = [`old ${older}`, ...hashes.map((hash) => hash.toString('base64'))]
  return post(url, `${lines.join('\n')}\n\n${anchored.text}`)
}

function refusalOf(status: number, name: string): Error {
  if (status === 422)
    return new AnchorDispute(
      `the witness ${name} does not find that this ledger goes on from the checkpoint that it has seen`,
    )
  const why = meanings[status] ?? `it answered ${status}`
  return new AnchorFault(`the witness ${name} took no checkpoint: ${why}`)
}

const meanings: Readonly<Record<number, string>> = {
  403: 'it does not know the key of this ledger',
  404: 'it does not know this ledger by its name',
  409: 'it has gone on meanwhile',
  429: 'it was asked too often',
}

/** @throws AnchorFault when what it answers is not its cosignature of exactly this text */
function cosigned({ text, checkpoint }: Anchored, lines: string, key: WitnessKey): number {
  const note = readNote(`${checkpoint.note.text}\n${lines.endsWith('\n') ? lines : `${lines}\n`}`)
  const at = note && cosignedAt(note, key)
  if (at === null || !text.startsWith(checkpoint.note.text))
    throw new AnchorFault(`the witness ${key.name} answered with something else than its cosignature`)
  return at
}

async function post(url: string, body: string): Promise<Answer> {
  try {
    const signal = AbortSignal.timeout(limits.call)
    const answer = await fetch(url, { method: 'POST', body, redirect: 'error', signal })
    return {
      status: answer.status,
      type: answer.headers.get('content-type') ?? '',
      body: await shortBody(answer),
    }
  } catch (error) {
    if (error instanceof AnchorFault) throw error
    throw new AnchorFault(`the witness at ${new URL(url).host} did not answer`)
  }
}

async function shortBody(answer: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of answer.body ?? []) {
    bytes += part.length
    if (bytes > limits.answer) throw new AnchorFault('the witness answered with more than a few lines')
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

/** An empty body is no checkpoint, and a witness says so. */
async function check(url: string, { name }: WitnessKey): Promise<AnchorFinding> {
  try {
    const { status } = await post(url, '')
    return {
      ok: status !== 404 && status < 500,
      detail: `the witness ${name} answers (${status})`,
      fix: null,
    }
  } catch {
    const fix = 'Let this machine reach its address.'
    return { ok: false, detail: `the witness ${name} does not answer`, fix }
  }
}
