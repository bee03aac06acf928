import { createHash, timingSafeEqual } from 'node:crypto'
import { Refusal } from '../core/refusal.ts'
import { type Answer, headerOf, type ReadApi, type ReceivedCall } from './call.ts'

/** `GET /metrics`, in the text format of Prometheus. */
export async function getMetrics({ metrics }: Pick<ReadApi, 'metrics'>): Promise<Answer> {
  const { contentType, text } = metrics
  return {
    status: 200,
    headers: { 'content-type': contentType, 'cache-control': 'no-store' },
    body: await text(),
  }
}

/**
 * Whoever sends the token; without one, whoever calls from this machine, by the address of the connection. What a proxy
 * on this machine hands on comes from it too, so a call that says that it was handed on, or that it is meant for another
 * name, needs the token. A wrong token never counts as none.
 *
 * (threats: metrics-leak) @throws Refusal `operator_only`
 */
export function admitOperator(token: string | null, call: ReceivedCall): void {
  const credential = headerOf(call, 'authorization')
  const isOperator =
    credential === undefined ? isFromHere(call) : token !== null && isBearer(credential, token)
  if (!isOperator) throw new Refusal('operator_only', 'neither from this machine nor with the token')
}

function isBearer(credential: string, token: string): boolean {
  const [, sent = ''] = /^Bearer +([\x21-\x7e]{1,200}) *$/i.exec(credential) ?? []
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(sent), digest(token))
}

/** `::ffff:127.0.0.1` is how a socket that listens on both families writes an address of the older one. */
const loopback = /^(::1|(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/
/** Another name is one that somebody made point here, for a web page of theirs to call. */
const ourNames = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d+)?$/i
const handedOn = /^(forwarded|via|x-forwarded-.*|x-real-ip|x-client-ip|true-client-ip|cf-connecting-ip)$/

function isFromHere({ remoteAddress, headers }: ReceivedCall): boolean {
  return (
    loopback.test(remoteAddress ?? '') &&
    ourNames.test(headers.host ?? '') &&
    !Object.keys(headers).some((name) => handedOn.test(name))
  )
}
