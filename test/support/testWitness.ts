import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { readCheckpoint } from '../../src/ledger/checkpoint.ts'
import { witnessKeyId } from '../../src/ledger/cosignature.ts'
import { isConsistent } from '../../src/ledger/verifyProof.ts'

/** A witness as c2sp.org/tlog-witness has it, in memory. */
export interface TestWitness {
  readonly address: string
  /** Its verifier key. */
  readonly key: string
  /** What it has seen, by the name of the ledger; whoever changes it has another witness. */
  readonly seen: Map<string, { size: number; root: Buffer }>
  /** What it answers in place of what it should; null: nothing of the sort. */
  instead: { readonly status: number; readonly body?: string } | null
  readonly asked: string[]
}

export async function testWitness(name = 'witness.test/w1'): Promise<TestWitness> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const raw = Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url')
  const id = witnessKeyId({ name, publicKey: raw })
  const witness = {
    address: '',
    key: `${name}+${id.toString('hex')}+${Buffer.concat([Uint8Array.of(4), raw]).toString('base64')}`,
    seen: new Map<string, { size: number; root: Buffer }>(),
    instead: null as TestWitness['instead'],
    asked: [] as string[],
  }
  const server = createServer((request, response) => void answer(request, response))
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const body = Buffer.concat(parts).toString()
    witness.asked.push(body)
    if (witness.instead) {
      response.writeHead(witness.instead.status).end(witness.instead.body ?? '')
      return
    }
    const { status, text, type } = judged(witness, body, (signed) =>
      cosignature(signed, { name, id, privateKey }),
    )
    response.writeHead(status, { 'content-type': type ?? 'text/plain' }).end(text)
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  witness.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/log`
  return witness
}

interface Judged {
  readonly status: number
  readonly text: string
  readonly type?: string
}

function judged({ seen }: Pick<TestWitness, 'seen'>, body: string, cosign: (text: string) => string): Judged {
  const end = body.indexOf('\n\n')
  const [first = '', ...hashes] = body.slice(0, Math.max(0, end)).split('\n')
  const checkpoint = readCheckpoint(body.slice(end + 2))
  if (!checkpoint || !/^old \d+$/.test(first)) return { status: 400, text: '' }
  const older = seen.get(checkpoint.origin) ?? { size: 0, root: Buffer.alloc(0) }
  if (Number(first.slice(4)) !== older.size)
    return { status: 409, text: `${older.size}\n`, type: 'text/x.tlog.size' }
  const path = hashes.map((hash) => Buffer.from(hash, 'base64'))
  const goesOn = older.size === 0 ? path.length === 0 : isConsistent(older, checkpoint, path)
  if (!goesOn) return { status: 422, text: '' }
  seen.set(checkpoint.origin, { size: checkpoint.size, root: checkpoint.root })
  return { status: 200, text: cosign(checkpoint.note.text) }
}

function cosignature(
  text: string,
  { name, id, privateKey }: { readonly name: string; readonly id: Buffer; readonly privateKey: KeyObject },
): string {
  const time = 1_764_500_000n
  const stamp = Buffer.alloc(8)
  stamp.writeBigUInt64BE(time)
  const signed = sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`), privateKey)
  return `— ${name} ${Buffer.concat([id, stamp, signed]).toString('base64')}\n`
}
