import { setTimeout as pause } from 'node:timers/promises'
import { isThisMachine } from '../lifetime/thisMachine.ts'
import { StartFault } from '../server/startFault.ts'

/** How an auditor reads a server. */
export interface AuditorCalls {
  /** What stands at an address below `/v1/ledger/`; null where the ledger has nothing. @throws StartFault when it cannot be had */
  get(path: string): Promise<Buffer | null>
  /** Lets so many milliseconds pass. */
  wait(ms: number): Promise<unknown>
}

export interface CallOptions {
  /** Of the server, as whoever runs it says. */
  readonly server: string
  readonly key: string
  /** Hears why a call is repeated, and in how many seconds. */
  readonly waits: (why: string, seconds: number) => void
  /** Milliseconds are awaited by it. */
  readonly wait?: (ms: number) => Promise<unknown>
}

/** Milliseconds in which one answer has to be here. */
const longestCall = 60_000

/** Seconds before each repetition: about two minutes in all, in which a server has restarted. */
const pauses = [1, 1, 2, 4, 8, 15, 30, 60] as const

/** Statuses after which the same call may be answered. */
const passing = [429, 500, 502, 503, 504]

/**
 * Reads from a server with an auditor's key. What may pass is tried again for a while, each time loudly: a restart half-way ends nothing.
 *
 * @throws StartFault when the address is none to send a key to
 */
export function auditorCalls(options: CallOptions): AuditorCalls {
  const base = baseOf(options.server)
  const { wait = pause } = options
  return {
    wait,
    async get(path) {
      for (const seconds of pauses) {
        const answer = await once(`${base}/v1/ledger/${path}`, options.key)
        if (!('why' in answer)) return answer.body
        if (!answer.passes) throw refused(answer.why)
        const later = Math.max(seconds, answer.after ?? 0)
        options.waits(answer.why, later)
        await wait(later * 1_000)
      }
      throw refused('it did not answer as it should for two minutes')
    },
  }
}

type Answered =
  | { readonly body: Buffer | null }
  | { readonly why: string; readonly passes: boolean; readonly after?: number }

async function once(url: string, key: string): Promise<Answered> {
  try {
    const signal = AbortSignal.timeout(longestCall)
    // Nobody sends the key on to another address.
    const answer = await fetch(url, {
      headers: { authorization: `Bearer ${key}` },
      redirect: 'error',
      signal,
    })
    const body = Buffer.from(await answer.arrayBuffer())
    if (answer.status === 200) return { body }
    if (answer.status === 404 && codeIn(body) === 'not_in_tree') return { body: null }
    const after = Number(answer.headers.get('retry-after') ?? 0)
    return {
      why: `it answered ${answer.status} ${codeIn(body)}`.trim(),
      passes: passing.includes(answer.status),
      after: Number.isFinite(after) ? Math.min(after, 60) : 0,
    }
  } catch (fault) {
    const cause = fault instanceof Error && fault.cause instanceof Error ? fault.cause : fault
    return {
      why: `it cannot be reached (${cause instanceof Error ? cause.message : 'no answer'})`,
      passes: true,
    }
  }
}

/** The code of a problem, or nothing. */
function codeIn(body: Buffer): string {
  return /"code":"([a-z_]{1,60})"/.exec(body.toString('latin1'))?.[1] ?? ''
}

function baseOf(server: string): string {
  const url = URL.canParse(server) ? new URL(server) : null
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isThisMachine(url.hostname)))
    return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
  throw new StartFault({
    problem:
      'What was given as --server is not an https address, and the key of an auditor is not sent in clear.',
    fix: 'Name it as in https://countersign.acme.com; http will do for this machine only.',
  })
}

function refused(why: string): StartFault {
  return new StartFault({
    problem: `The server could not be read: ${why}.`,
    fix: 'docs/errors.md says what the code means. For 401, look at the key in COUNTERSIGN_AUDITOR_KEY ("countersign auditors list"); for not_an_auditor, its person has to confirm it in the direct message that they got, and the policy has to name them under "auditors".',
  })
}
