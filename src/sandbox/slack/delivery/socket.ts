/** Socket Mode: the app connects to us, and everything travels in envelopes that it acknowledges. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { isFields } from '../blocks/shape.ts'
import type { Ack, Courier, Parcel } from './courier.ts'

const connectionsLimit = 10
const ticketMs = 30_000

export interface Sockets extends Courier {
  /** A ticket for one connection, good for thirty seconds. */
  issueTicket(): string
  /** Takes over an HTTP upgrade that brings a ticket; anything else is refused. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** How many connections are open. */
  readonly connected: number
  /** Asks every client to connect again, as Slack does now and then. */
  disconnectAll(reason: 'warning' | 'refresh_requested' | 'link_disabled'): void
  /** From now on each new connection hears hello and is ended at once, with this word or none; null: no more of that. */
  endAtOnce(how: { readonly reason: string | null } | null): void
  close(): void
}

/** Socket Mode for one app. `ackMs` is how long the app may take with an envelope. */
export function createSockets(options: {
  readonly appId: string
  readonly ackMs: number
  readonly now: () => number
}): Sockets {
  const server = new WebSocketServer({ noServer: true })
  const tickets = createTickets(options.now)
  const acks = createAcks(options.ackMs)
  const open = new Set<WebSocket>()
  let turn = 0
  let ending: { readonly reason: string | null } | null = null

  /** Each envelope goes to any one of the connections. */
  function deliver(envelope: { readonly envelope_id: string }): Promise<Ack> {
    const ready = [...open].filter((connection) => connection.readyState === connection.OPEN)
    turn += 1
    const connection = ready[turn % Math.max(1, ready.length)]
    if (connection === undefined) return Promise.resolve({ kind: 'unreachable', ms: 0 })
    send(connection, envelope)
    return acks.expect(envelope.envelope_id)
  }

  return {
    issueTicket: tickets.issue,
    get connected() {
      return open.size
    },
    upgrade(request, socket, head) {
      const ticket = new URL(request.url ?? '/', 'http://localhost').searchParams.get('ticket') ?? ''
      if (!tickets.redeem(ticket)) return reject(socket)
      const to = { open, appId: options.appId, onMessage: acks.receive }
      server.handleUpgrade(request, socket, head, (connection) => {
        welcome(connection, to)
        if (ending) dismiss(connection, ending.reason)
      })
    },
    seal: (parcel) => {
      const envelope = envelopeOf(parcel)
      return { send: () => deliver(envelope) }
    },
    disconnectAll(reason) {
      for (const connection of open) send(connection, { type: 'disconnect', reason })
    },
    endAtOnce(how) {
      ending = how
    },
    close() {
      for (const connection of open) connection.terminate()
      server.close()
    },
  }
}

function welcome(
  connection: WebSocket,
  to: { open: Set<WebSocket>; appId: string; onMessage: (text: string) => void },
): void {
  const { open, appId, onMessage } = to
  connection.on('error', () => connection.terminate())
  connection.on('close', () => open.delete(connection))
  connection.on('message', (text) => onMessage(String(text)))
  if (open.size >= connectionsLimit) {
    send(connection, { type: 'disconnect', reason: 'too_many_websockets' })
    connection.close()
    return
  }
  open.add(connection)
  const connection_info = { app_id: appId }
  send(connection, {
    type: 'hello',
    num_connections: open.size,
    connection_info,
    debug_info: { host: 'sandbox' },
  })
}

function dismiss(connection: WebSocket, reason: string | null): void {
  if (reason === null) connection.close()
  else send(connection, { type: 'disconnect', reason })
}

/** Tickets for one connection each. */
function createTickets(now: () => number) {
  const validUntil = new Map<string, number>()
  return {
    issue() {
      const ticket = randomBytes(16).toString('hex')
      validUntil.set(ticket, now() + ticketMs)
      return ticket
    },
    redeem(ticket: string): boolean {
      const until = validUntil.get(ticket)
      validUntil.delete(ticket)
      return until !== undefined && until >= now()
    },
  }
}

/** Acknowledgements that envelopes wait for; of one that is under way several times, the oldest waits first. */
function createAcks(ackMs: number) {
  const waiting = new Map<string, readonly ((body: unknown) => void)[]>()
  const keep = (id: string, left: readonly ((body: unknown) => void)[]) =>
    left.length > 0 ? waiting.set(id, left) : waiting.delete(id)
  return {
    expect(envelopeId: string): Promise<Ack> {
      const startedAt = performance.now()
      const ms = () => Math.round(performance.now() - startedAt)
      return new Promise((resolve) => {
        const late = setTimeout(() => {
          keep(
            envelopeId,
            (waiting.get(envelopeId) ?? []).filter((one) => one !== settle),
          )
          resolve({ kind: 'timeout', ms: ms() })
        }, ackMs)
        const settle = (body: unknown) => {
          clearTimeout(late)
          resolve({ kind: 'acked', body, ms: ms() })
        }
        waiting.set(envelopeId, [...(waiting.get(envelopeId) ?? []), settle])
      })
    },
    receive(text: string): void {
      const message = parse(text)
      if (!isFields(message) || typeof message.envelope_id !== 'string') return
      const [settle, ...left] = waiting.get(message.envelope_id) ?? []
      keep(message.envelope_id, left)
      settle?.(bodyOf(message.payload))
    },
  }
}

function envelopeOf(parcel: Parcel): { readonly envelope_id: string } {
  const { kind, payload, retry } = parcel
  const retried = retry && { retry_attempt: retry.number, retry_reason: retry.reason }
  const accepts_response_payload = kind !== 'events_api'
  const envelope = { envelope_id: randomUUID(), type: kind, payload, accepts_response_payload, ...retried }
  return envelope
}

/** Bolt wraps a plain text acknowledgement as `{ text }`; an empty one is `{}`. */
function bodyOf(payload: unknown): unknown {
  return isFields(payload) && Object.keys(payload).length > 0 ? payload : ''
}

function send(connection: WebSocket, message: unknown): void {
  connection.send(JSON.stringify(message))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function reject(socket: Duplex): void {
  socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
}
