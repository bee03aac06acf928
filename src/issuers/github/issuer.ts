import { z } from 'zod'
import { type CredentialIssuer, type IssuedCredential, TargetFault } from '../../approvals/leases/issuer.ts'
import type { Action } from '../../core/action.ts'
import { Refusal } from '../../core/refusal.ts'
import { glob } from '../../policy/glob.ts'
import { askGitHub, type GitHubAnswer } from './api.ts'
import { appToken } from './appToken.ts'
import { checkApp } from './check.ts'
import { type ActionAtGitHub, exactly, narrowedFor, plannedAs, plannedIn } from './permissions.ts'
import { type GitHubTarget, hourSeconds } from './target.ts'

/** The hour begins when GitHub answers: while the App's token counts, by a clock that may differ by as much again. */
const slackSeconds = 300
const usualLifeSeconds = 600

const usualEndpoint = 'https://api.github.com'

/**
 * Installation tokens of a GitHub App, each narrowed to one repository and to the permissions of its action. A token is ended with itself,
 * so it is kept sealed until then. GitHub lists none: one whose answer is lost is out for its hour.
 */
export function githubIssuer(config: GitHubTarget): CredentialIssuer {
  const { name, audience, environments, actions, owner } = config
  const endpoint = config.endpoint ?? usualEndpoint
  const seconds = config.life ?? usualLifeSeconds
  const longestSeconds = hourSeconds + slackSeconds
  const ruleFor = ({ action, environment, resource }: Action): ActionAtGitHub | null => {
    const rule = actions.get(action)
    return rule && environments.includes(environment) && glob(rule.resource).fits(resource.id) ? rule : null
  }
  return {
    target: name,
    issuer: 'github',
    audience,
    ends: 'at once',
    seconds,
    longestSeconds,
    doesNotBind: 'what it does with its permissions in that repository, or what its work there sets off',
    serves: (action) => ruleFor(action) !== null,
    plan(lease, action) {
      const rule = ruleFor(action)
      if (!rule) throw new Refusal('target_refused', 'the target does not serve this action')
      return plannedAs(lease, owner, narrowedFor(rule, owner, action))
    },
    async issue({ about }, until) {
      const at = Math.floor(Date.parse(until) / 1_000) - longestSeconds
      const token = await appToken({ app: config.app, keyFile: config.private_key_file, at })
      const planned = plannedIn(about)
      const answer = await askGitHub(endpoint, {
        route: 'POST /app/installations/{installation_id}/access_tokens',
        authorization: `Bearer ${token}`,
        called: planned.called,
        values: {
          installation_id: config.installation,
          repositories: [planned.repository],
          permissions: Object.fromEntries(planned.permissions),
        },
      })
      const end = (made: string) => endToken(endpoint, made, planned.called)
      return handedOver(answer, { planned: { ...planned, until }, endpoint, at, seconds, end })
    },
    async end({ about }, toEnd) {
      if (toEnd === null) return 'runs out'
      await endToken(endpoint, toEnd, plannedIn(about).called)
      return 'gone'
    },
    list: async () => null,
    check: () => checkApp({ ...config, endpoint }),
  }
}

const moved = 'it is to be asked at another address'

/**
 * Why GitHub refuses, in words of ours: what it says may repeat what was sent. These are the statuses that it documents for this call
 * (https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app), and its redirections, of which it says that
 * the call has to be sent again elsewhere (https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects).
 */
const refusing: Readonly<Record<number, string>> = {
  301: moved,
  302: moved,
  307: moved,
  401: 'it does not know the App by this key, or the clocks differ by more than a minute',
  403: 'the App may not do it: its installation may be suspended',
  404: 'it knows no such installation of this App',
  422: 'the installation has no such repository, or not these permissions',
}

async function handedOver(
  { status, body }: GitHubAnswer,
  by: {
    readonly planned: Parameters<typeof exactly>[0] & { readonly called: string }
    readonly endpoint: string
    readonly at: number
    readonly seconds: number
    readonly end: (token: string) => Promise<void>
  },
): Promise<IssuedCredential> {
  // Of these it is known that nothing was made. Any other says nothing: a fault of GitHub's own, somebody else's page, or a gate
  // between that gave up waiting (408, 499) for what GitHub has made meanwhile.
  const why = refusing[status]
  if (why !== undefined) throw new Refusal('target_refused', `GitHub answered ${status}: ${why}`)
  const token = tokenIn(body)
  if (status !== 201 || token === null) throw new TargetFault(`GitHub: an answer ${status} without a token`)
  const granted = exactly(by.planned, body)
  if (!granted) {
    await by.end(token)
    throw new Refusal(
      'target_refused',
      'GitHub gave something else than it was asked for, which has been ended',
    )
  }
  const ours = (by.at + by.seconds) * 1_000
  return {
    credential: { token, repository: granted.repositories[0].full_name, api: by.endpoint },
    toEnd: token,
    expiresAt: new Date(Math.min(ours, Date.parse(granted.expires_at))).toISOString(),
  }
}

function tokenIn(body: unknown): string | null {
  const read = z.object({ token: z.string().min(1) }).safeParse(body)
  return read.success ? read.data.token : null
}

/**
 * Resolves when the token opens nothing any more: GitHub has ended it now, or says that it knows no such token. That is its own answer
 * only in its own form; a gate before it says 401 as well.
 *
 * @throws TargetFault when that is not known
 */
async function endToken(endpoint: string, token: string, called: string): Promise<void> {
  const route = 'DELETE /installation/token'
  const { status, body } = await askGitHub(endpoint, { route, authorization: `token ${token}`, called })
  if (status === 204) return
  const isGitHubs = z.object({ message: z.string() }).safeParse(body).success
  if (status === 401 && isGitHubs) return
  throw new TargetFault(`GitHub: a token was to end, and the answer was ${status}`)
}
