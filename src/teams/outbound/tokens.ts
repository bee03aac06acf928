import { createHash, createPrivateKey, randomUUID, X509Certificate } from 'node:crypto'
import { SignJWT } from 'jose'
import { z } from 'zod'
import type { AgeClock } from '../../lifetime/ageClock.ts'
import type { TeamsAccess, TeamsCredential } from '../access.ts'
import { type Answered, call, jsonIn } from './call.ts'
import { ConnectorFault } from './fault.ts'

/** What the app may call with a token. */
export type Scope = 'connector' | 'graph'

/** The app's own tokens. */
export interface Tokens {
  /** @throws ConnectorFault, never one whose effect is unknown: nothing was done with a token that nobody got */
  tokenFor(scope: Scope): Promise<string>
  /** It was refused: it is not used again. What has taken its place since stays. */
  forget(scope: Scope, refused: string): void
}

/** These are fixed names, whatever cloud it is: where they are asked for is configured. */
const scopes: Readonly<Record<Scope, string>> = {
  connector: 'https://api.botframework.com/.default',
  graph: 'https://graph.microsoft.com/.default',
}

/** Milliseconds for one question. */
const limit = 8_000

/** Milliseconds before its end at which a token is asked for anew; of one that lives for less, half of its life. */
const before = 5 * 60_000

/** Seconds for which nobody is asked again: after 429 without a time, and after any other failure. */
const rest = { limited: 10, failed: 1 } as const

interface Kept {
  readonly token: string
  /** By the age clock. */
  readonly until: number
}

const given = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]{1,16384}$/),
  expires_in: z.coerce.number().positive().max(31_536_000),
})

const refusal = z.object({
  error: z.string().regex(/^\w{1,60}$/),
  error_codes: z.array(z.number().int()).optional(),
})

/** What the last question met, and until when that is the answer to the next. */
interface Failed {
  readonly fault: ConnectorFault
  /** In the milliseconds of `ages.elapsed`. */
  readonly until: number
}

/**
 * One question for all who want a token at once. While Entra wants to be left alone nobody is asked, and not for a moment after any other
 * failure either: each look-up wants a token, and a service that fails must not be asked by all of them in turn.
 */
export function createTokens(access: TeamsAccess, { ages }: { readonly ages: AgeClock }): Tokens {
  const kept = new Map<Scope, Kept>()
  const asking = new Map<Scope, Promise<string>>()
  const failed = new Map<Scope, Failed>()
  // Clocks that disagree make every age a guess.
  ages.onJump(() => kept.clear())

  const ask = async (scope: Scope): Promise<string> => {
    const at = ages.now()
    const { access_token: token, expires_in } = await askFor(scope, access).catch((fault: unknown) => {
      if (fault instanceof ConnectorFault)
        failed.set(scope, { fault, until: ages.elapsed() + restAfter(fault) * 1_000 })
      throw fault
    })
    failed.delete(scope)
    const life = expires_in * 1_000
    kept.set(scope, { token, until: at + Math.max(life - before, life / 2) })
    return token
  }
  return {
    async tokenFor(scope) {
      // First: it finds out when the clocks disagree.
      const now = ages.now()
      const known = kept.get(scope)
      if (known && now < known.until) return known.token
      const last = failed.get(scope)
      const left = last ? last.until - ages.elapsed() : 0
      if (last && left > 0) throw remembered(last.fault, left / 1_000)
      const asked = asking.get(scope) ?? ask(scope).finally(() => asking.delete(scope))
      asking.set(scope, asked)
      return asked
    },
    forget(scope, refused) {
      if (kept.get(scope)?.token === refused) kept.delete(scope)
    },
  }
}

function restAfter({ code, retryAfterSeconds }: ConnectorFault): number {
  return code === 'rate_limited' ? Math.max(1, retryAfterSeconds ?? rest.limited) : rest.failed
}

/** The same for whoever comes meanwhile, with what is left of the time. */
function remembered({ code, status, cause }: ConnectorFault, seconds: number): ConnectorFault {
  const retryAfterSeconds = Math.ceil(seconds)
  return new ConnectorFault({ code, status, unknown: false, retryAfterSeconds, isRemembered: true, cause })
}

/** The client credentials grant (RFC 6749, 4.4). */
async function askFor(scope: Scope, access: TeamsAccess): Promise<z.infer<typeof given>> {
  const endpoint = `${access.services.login}/${access.tenant}/oauth2/v2.0/token`
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: access.appId,
    scope: scopes[scope],
    ...(await proofOf(access, endpoint)),
  })
  try {
    const answer = await call({
      method: 'POST',
      url: endpoint,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: form.toString(),
      limit,
    })
    return tokenIn(answer)
  } catch (error) {
    if (!(error instanceof ConnectorFault) || !error.unknown) throw error
    throw new ConnectorFault({ code: error.code, status: error.status, unknown: false, cause: error.cause })
  }
}

function tokenIn(answer: Answered): z.infer<typeof given> {
  const { status, retryAfterSeconds } = answer
  const fault = (code: string) => new ConnectorFault({ code, status, unknown: false, retryAfterSeconds })
  if (status === 429) throw fault('rate_limited')
  if (status >= 500) throw fault(`http_${status}`)
  const body = jsonIn(answer)
  if (status !== 200) {
    const { data } = refusal.safeParse(body)
    const [number] = data?.error_codes ?? []
    throw fault(number === undefined ? (data?.error ?? `http_${status}`) : `AADSTS${number}`)
  }
  const read = given.safeParse(body)
  if (!read.success) throw fault('unexpected')
  return read.data
}

async function proofOf(
  { credential, appId }: TeamsAccess,
  endpoint: string,
): Promise<Readonly<Record<string, string>>> {
  if (credential.kind === 'secret') return { client_secret: credential.secret }
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await assertion(credential, { appId, endpoint }),
  }
}

/** Seconds: an assertion is made for one question, and the clocks of the two machines may differ. */
const assertionSkew = 60
const assertionLife = 300

/** Says who we are, signed (RFC 7523; https://learn.microsoft.com/entra/identity-platform/certificate-credentials). */
async function assertion(
  { privateKey, certificate }: Extract<TeamsCredential, { kind: 'certificate' }>,
  { appId, endpoint }: { readonly appId: string; readonly endpoint: string },
): Promise<string> {
  const thumbprint = createHash('sha256').update(new X509Certificate(certificate).raw).digest('base64url')
  const now = Math.floor(Date.now() / 1_000)
  return new SignJWT({
    iss: appId,
    sub: appId,
    aud: endpoint,
    jti: randomUUID(),
    iat: now - assertionSkew,
    nbf: now - assertionSkew,
    exp: now + assertionLife,
  })
    .setProtectedHeader({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint })
    .sign(createPrivateKey(privateKey))
}
