import { TargetFault } from '../../approvals/leases/issuer.ts'
import { Refusal } from '../../core/refusal.ts'
import { within } from '../../lifetime/limit.ts'

/** What the package is called, and which version a missing one is to have. */
export const octokit = { name: '@octokit/request', version: '10.0.14' } as const

/** Milliseconds for one call. Two of them are less than what a target may take. */
const patienceMs = 4_000

/** The longest that GitHub's word for when to ask again is repeated, in seconds. */
const mostWaitSeconds = 3_600

/** One call to GitHub. */
export interface GitHubCall {
  /** Such as `DELETE /installation/token`; what stands in braces comes from `values`. */
  readonly route: string
  /** What the header `Authorization` says: the App's token, or that of an installation. */
  readonly authorization: string
  /** How the call names itself. */
  readonly called: string
  readonly values?: Readonly<Record<string, unknown>>
}

export interface GitHubAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: unknown
}

/**
 * GitHub's answer, whatever its status; redirections are answers, too. Nothing is repeated: whoever asks knows what a second time would do.
 *
 * @param endpoint such as `https://api.github.com`
 * @throws TargetFault when there was no answer, or GitHub asks for less; Refusal `target_refused` where the package is not installed.
 *   Neither has anything in it that was sent
 */
export async function askGitHub(endpoint: string, call: GitHubCall): Promise<GitHubAnswer> {
  const { request } = await import('@octokit/request').catch(() => {
    throw new Refusal('target_refused', `the package ${octokit.name} is not installed`)
  })
  const ended = new AbortController()
  try {
    const answering = request(call.route, {
      ...call.values,
      baseUrl: endpoint.replace(/\/$/, ''),
      headers: {
        authorization: call.authorization,
        'user-agent': call.called,
        accept: 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
      },
      request: { signal: ended.signal, redirect: 'manual', log: silent },
    })
    const { status, headers, data } = await within(patienceMs, 'GitHub', () => answering)
    return { status, headers, body: data }
  } catch (fault) {
    const answer = answerIn(fault)
    if (!answer) throw new TargetFault('GitHub: no answer', isUnsent(fault) ? { made: 'nothing' } : {})
    refuseLimited(answer)
    return answer
  } finally {
    ended.abort()
  }
}

/** It would say that a call is to go, with its address, to whatever stands in for a log. */
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** Octokit throws what has a status of 400 or more, and gives one to what has no answer. */
function answerIn(fault: unknown): GitHubAnswer | null {
  if (!(fault instanceof Error) || !('response' in fault)) return null
  const { response } = fault
  if (typeof response !== 'object' || response === null || !('status' in response)) return null
  const { status, headers, data } = response as {
    status: number
    headers: Record<string, unknown>
    data: unknown
  } // @octokit/types, OctokitResponse
  return { status, headers, body: data }
}

/** Faults of a connection that never came about: GitHub has seen nothing of the call. */
const unsent = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]

function isUnsent(fault: unknown): boolean {
  for (let one = fault; one instanceof Error; one = one.cause) {
    if ('code' in one && unsent.includes(String(one.code))) return true
  }
  return false
}

/**
 * A call beyond what GitHub allows has no effect, and whoever goes on asking is shut out
 * (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit).
 */
function refuseLimited({ status, headers }: GitHubAnswer): void {
  if (status !== 403 && status !== 429) return
  const after = Number(headers['retry-after'])
  const isOver = headers['x-ratelimit-remaining'] === '0'
  const reset = Number(headers['x-ratelimit-reset']) - Date.now() / 1_000
  const seconds = after > 0 ? after : isOver && reset > 0 ? reset : status === 429 || isOver ? 60 : null
  if (seconds === null) return
  const retryAfterSeconds = Math.min(Math.ceil(seconds), mostWaitSeconds)
  throw new TargetFault('GitHub: asked more often than it allows', { made: 'nothing', retryAfterSeconds })
}
