import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { acme, sandboxScopes } from '../../../src/sandbox/seed.ts'
import { createLocalSlack, type LocalSlack } from '../../../src/sandbox/slack/server.ts'
import type { Random } from '../random.ts'
import { count, type Tally } from '../tally.ts'
import { nextFault, type WayToFail, type Weather } from './slackFaults.ts'

/** Acme in a local Slack that fails as it is told to, and tells the soak what it carried. */
export interface Company {
  readonly slack: LocalSlack
  readonly environment: Readonly<Record<string, string>>
  /** Calls by how they went. */
  readonly calls: Tally
  weather(weather: Weather): void
  /** What is clicked from now on is carried to this server. */
  deliverTo(url: string): void
  /** `listener` hears of every text that was posted at a response address, with the id in that address. */
  onTold(listener: (responseId: string, text: string) => void): void
  /** `listener` hears of every message that was posted to a channel, in the moment it stands there. */
  onPosted(listener: (posted: Posted) => void): void
  close(): Promise<void>
}

export interface Posted {
  readonly conversation: string
  readonly ts: string
  /** Whether the server that posted it heard so. */
  readonly answered: boolean
}

interface Call {
  readonly method: string
  readonly responseId: string | null
  fault: WayToFail | null
  done: boolean
}

/** Listens on loopback. All calls pass through here, so that each one's fault and effect are known. */
export async function openCompany(random: Random): Promise<Company> {
  const calls: Tally = new Map()
  const told: ((responseId: string, text: string) => void)[] = []
  const posted: ((posted: Posted) => void)[] = []
  let weather: Weather = 'well'
  const current = new AsyncLocalStorage<Call>()

  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  const signingSecret = randomBytes(16).toString('hex')
  const botToken = `xoxb-${randomBytes(8).toString('hex')}`
  const slack = createLocalSlack({
    origin,
    delivery: { mode: 'http', url: 'http://127.0.0.1:1/', signingSecret },
    botToken,
    appToken: 'xapp-unused',
    scopes: sandboxScopes,
    seed: acme,
    now: Date.now,
    retryDelaysMs: [500, 2_000, 5_000],
    rateLimits: 'none', // its own 429s come at random; the pace of posting would only make everything slow
  })
  slack.faults.take = () => {
    const call = current.getStore()
    const met = nextFault(weather, random)
    count(calls, met?.way ?? 'answered')
    if (call) {
      call.fault = met?.way ?? null
      call.done = met === null || met.fault.kind === 'lost_answer'
    }
    return met?.fault
  }

  server.on('request', (request, response) => {
    void (async () => {
      const body = await bytesOf(request)
      const [, kind, name = ''] = /\/(api|response)\/([\w.-]+)$/.exec(request.url ?? '') ?? []
      const call: Call = {
        method: name,
        responseId: kind === 'response' ? name : null,
        fault: null,
        done: false,
      }
      const before = call.method === 'chat.postMessage' ? newest(slack, body) : null
      await current.run(call, () => slack.handle(replayed(request, body), response))
      if (!call.done) return
      if (call.responseId !== null) for (const one of told) one(call.responseId, textIn(body))
      const after = call.method === 'chat.postMessage' ? newest(slack, body) : null
      if (after && after.ts !== before?.ts && after.thread === null)
        for (const one of posted) one({ ...after, answered: call.fault === null })
    })().catch(() => response.destroy())
  })

  return {
    slack,
    environment: {
      SLACK_BOT_TOKEN: botToken,
      SLACK_SIGNING_SECRET: signingSecret,
      SLACK_API_URL: slack.apiUrl,
    },
    calls,
    weather: (next) => {
      weather = next
    },
    deliverTo: (url) => slack.deliverTo({ mode: 'http', url: `${url}/slack/events`, signingSecret }),
    onTold: (listener) => void told.push(listener),
    onPosted: (listener) => void posted.push(listener),
    async close() {
      await slack.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

/** The same request with its body unread; the local Slack reads nothing of it but these. */
function replayed({ method, url, headers }: IncomingMessage, body: Buffer): IncomingMessage {
  return Object.assign(Readable.from([body]), { method, url, headers }) as unknown as IncomingMessage
}

function textIn(body: Buffer): string {
  const text = body.toString('utf8')
  try {
    return String(JSON.parse(text).text ?? '')
  } catch {
    return new URLSearchParams(text).get('text') ?? ''
  }
}

/** The last message of the channel that a posting names. */
function newest(slack: LocalSlack, body: Buffer) {
  const text = body.toString('utf8')
  const channel = text.startsWith('{')
    ? String(JSON.parse(text).channel ?? '')
    : (new URLSearchParams(text).get('channel') ?? '')
  // Posting to a person opens the direct conversation with them.
  const conversation = channel.replace(/^U/, 'D')
  const message = slack.workspace.messages.get(conversation)?.at(-1)
  return message ? { conversation, ts: message.ts, thread: message.threadTs } : null
}
