import { readFile } from 'node:fs/promises'
import { SinkFault, type StreamSink } from '../approvals/streams/streamSink.ts'
import { type Outgoing, type Posted, SendFault } from '../approvals/webhooks/outgoing.ts'
import type { Recorded } from '../evidence/recorded.ts'
import { type Telling, toldAs } from './told.ts'

export interface WebhookSinkOptions extends Telling, Pick<StreamSink, 'name' | 'begins' | 'atOnce'> {
  readonly url: string
  /** Holds a secret, or two while one follows the other, a line each. Read for each message, so that a new one needs no restart. */
  readonly secretFile: string
  readonly outgoing: Pick<Outgoing, 'post' | 'refuse'>
}

/** Bytes of a message, unless one entry has more: most receivers take at least so much. */
const mostBytes = 1_024 * 1_024

/** Sends entries to an address, as a JSON array of which the order is that of the ledger, signed as Standard Webhooks has it. */
export function webhookSink({ url, secretFile, outgoing, ...options }: WebhookSinkOptions): StreamSink {
  const { name, begins, atOnce } = options
  return {
    ...{ name, begins, atOnce },
    async take(batch, _signal, between) {
      const secrets = await secretsIn(secretFile)
      for (const [nth, { body, id }] of messagesOf(batch, options).entries()) {
        if (nth > 0) await between?.()
        const posted = await outgoing.post({ url, id, at: new Date(), body, secrets }).catch(refuse)
        if (posted.status < 200 || posted.status >= 300) throw faultOf(posted)
      }
    },
    async check() {
      const wrong = await outgoing.refuse(url)
      if (wrong !== null) return wrong
      return secretsIn(secretFile).then(
        () => null,
        ({ message }: Error) => message,
      )
    },
  }
}

interface OneMessage {
  readonly id: string
  readonly body: string
}

/** The id is that of what is in it: the same entries have the same one, however often they are sent. */
function messagesOf(batch: readonly Recorded[], { name, ...telling }: Telling & { readonly name: string }) {
  const messages: OneMessage[] = []
  let texts: string[] = []
  let first = batch[0]?.index ?? 0
  let bytes = 0
  const close = (last: Recorded) => {
    messages.push({ id: `${name}-${first}-${last.index}-${last.entry.id}`, body: `[${texts.join(',')}]` })
    texts = []
    bytes = 0
    first = last.index + 1
  }
  for (const [nth, one] of batch.entries()) {
    const text = toldAs(one, telling)
    const before = batch[nth - 1]
    if (before && texts.length > 0 && bytes + Buffer.byteLength(text) > mostBytes) close(before)
    texts.push(text)
    bytes += Buffer.byteLength(text) + 1
  }
  const last = batch.at(-1)
  if (last) close(last)
  return messages
}

function faultOf({ status, retryAfterSeconds }: Posted): SinkFault {
  const redirects = status >= 300 && status < 400
  return new SinkFault(`it answered ${status}${redirects ? ': redirects are not followed' : ''}`, {
    retryAfterSeconds,
    isTooMuch: status === 413,
  })
}

function refuse(fault: unknown): never {
  throw fault instanceof SendFault ? new SinkFault(fault.message, { cause: fault }) : fault
}

async function secretsIn(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SinkFault('the file of its secret cannot be read', { stands: true, cause })
  })
  const secrets = text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]))
  if (
    secrets.length === 0 ||
    secrets.length > 2 ||
    !secrets.every((one) => /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/.test(one))
  )
    throw new SinkFault('the file of its secret does not hold one or two lines whsec_…', { stands: true })
  return secrets
}
