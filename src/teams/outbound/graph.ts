import { z } from 'zod'
import { DirectoryFault, NobodyThere } from '../../approvals/ports.ts'
import type { AgeClock } from '../../lifetime/ageClock.ts'
import { retryAfterIn } from './retryAfter.ts'

/** What gives us tokens. */
export interface GraphTokens {
  tokenFor(scope: 'graph'): Promise<string>
  /** `refused`: only when it is still that one. */
  forget(scope: 'graph', refused: string): void
}

export interface GraphOptions {
  /** Where Microsoft Graph is, without a trailing slash. */
  readonly base: string
  readonly tokens: GraphTokens
  readonly ages: Pick<AgeClock, 'elapsed'>
}

/** Questions to Microsoft Graph. Each rejects with a `DirectoryFault` for anything but the expected answer: nobody is anybody by accident. */
export interface Graph {
  /** @throws NobodyThere for 404: an answer, not a failure to answer */
  get<T>(question: Question, shape: z.ZodType<T>): Promise<T>
  /** Items of all pages. */
  pages<T>(question: Question, item: z.ZodType<T>): Promise<readonly T[]>
}

interface Question {
  /** For the log: no id and no address is in it. */
  readonly what: string
  /** Below the version, with its query. */
  readonly path: string
  readonly body?: unknown
}

const answersWithinMs = 10_000
/** Of a thousand each. A group beyond that is not read at all rather than in part. */
const mostPages = 200
/** While Graph wants calls to be fewer and says no time. */
const usualPauseSeconds = 10

export function createGraph({ base, tokens, ages }: GraphOptions): Graph {
  /** In the milliseconds of `ages.elapsed`: nobody asks anything before. */
  let pausedUntil = 0
  const asking: Asking = {
    tokens,
    mayAsk: () => {
      const left = pausedUntil - ages.elapsed()
      if (left > 0) throw new DirectoryFault(`Graph wants fewer calls for ${Math.ceil(left / 1_000)} s more`)
    },
    pause: (seconds) => {
      pausedUntil = Math.max(pausedUntil, ages.elapsed() + seconds * 1_000)
    },
  }
  const urlOf = (path: string) => `${base}/v1.0/${path}`
  return {
    get: (question, shape) => ask(asking, { ...question, url: urlOf(question.path), shape }),
    pages: async (question, item) => {
      const page = z.object({ value: z.array(item), '@odata.nextLink': z.string().optional() })
      const items: z.infer<typeof item>[] = []
      let url: string | undefined = urlOf(question.path)
      for (let nth = 0; url !== undefined; nth += 1) {
        if (nth === mostPages) throw new DirectoryFault(`${question.what}: more than ${mostPages} pages`)
        const read: z.infer<typeof page> = await ask(asking, { ...question, url, shape: page })
        items.push(...read.value)
        url = read['@odata.nextLink']
        // Our token goes nowhere else, whatever an answer says.
        if (url !== undefined && !isAt(base, url))
          throw new DirectoryFault(`${question.what}: the next page is elsewhere`)
      }
      return items
    },
  }
}

interface Asking {
  readonly tokens: GraphTokens
  readonly mayAsk: () => void
  readonly pause: (seconds: number) => void
}

interface Asked<T> {
  readonly what: string
  readonly url: string
  readonly body?: unknown
  readonly shape: z.ZodType<T>
}

function isAt(base: string, url: string): boolean {
  return URL.canParse(url) && new URL(url).origin === new URL(base).origin
}

async function ask<T>(asking: Asking, asked: Asked<T>): Promise<T> {
  const first = await send(asking, asked)
  if (first.status !== 401) return readAnswer(asking, asked, first)
  // A token may be refused before its time; another one is asked for once.
  asking.tokens.forget('graph', first.token)
  return readAnswer(asking, asked, await send(asking, asked))
}

interface Answer {
  readonly status: number
  readonly retryAfter: string | null
  readonly text: string
  /** The token with which it was asked. */
  readonly token: string
}

async function send({ tokens, mayAsk }: Asking, { what, url, body }: Asked<unknown>): Promise<Answer> {
  mayAsk()
  const token = await tokens.tokenFor('graph').catch((cause: unknown) => {
    throw new DirectoryFault(`${what}: no token`, { cause })
  })
  mayAsk()
  try {
    const answer = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        // Graph wants it of questions for people only, among the members of a group.
        consistencylevel: 'eventual',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(answersWithinMs),
    })
    return {
      status: answer.status,
      retryAfter: answer.headers.get('retry-after'),
      text: await answer.text(),
      token,
    }
  } catch (cause) {
    const isLate = cause instanceof Error && cause.name === 'TimeoutError'
    throw new DirectoryFault(`${what}: ${isLate ? 'no answer in time' : 'unreachable'}`, { cause })
  }
}

function readAnswer<T>(
  { pause }: Asking,
  { what, shape }: Asked<T>,
  { status, retryAfter, text }: Answer,
): T {
  if (status === 404) throw new NobodyThere(`${what}: not found`)
  if (status === 429 || (status === 503 && retryAfter !== null))
    pause(Math.max(1, retryAfterIn(retryAfter) ?? usualPauseSeconds))
  if (status < 200 || status > 299) throw new DirectoryFault(`${what}: ${status} ${codeIn(text)}`.trim())
  const read = shape.safeParse(jsonOf(text))
  if (!read.success) throw new DirectoryFault(`${what}: the answer lacks what identifies somebody`)
  return read.data
}

const refusal = z.object({ error: z.object({ code: z.string().regex(/^\w{1,80}$/) }) })

/** Graph's own word for what is wrong; its sentence may name somebody. */
function codeIn(text: string): string {
  const read = refusal.safeParse(jsonOf(text))
  return read.success ? read.data.error.code : ''
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
