/** `POST /:tenant/oauth2/v2.0/token`: the app proves who it is and gets a token, as at login.microsoftonline.com. */
import { randomBytes, timingSafeEqual, X509Certificate } from 'node:crypto'
import { jwtVerify } from 'jose'
import { TeamsError } from './teamsError.ts'

/** What a token is for. */
type Scope = 'connector' | 'graph'

export interface LoginOptions {
  readonly tenant: string
  readonly appId: string
  /** The client secret; null for an app that has only a certificate. */
  readonly secret: string | null
  /** The registered certificate in PEM; null for an app that has only a secret. */
  readonly certificate: string | null
  readonly now: () => number
  /** What it calls the scopes itself. */
  readonly scopes: () => Readonly<Record<Scope, string>>
  /** Entra's are about 3,599. */
  readonly lifeSeconds?: number
}

export interface Login {
  /** Answers a form. Throws a `TeamsError` with Entra's own words. `endpoint` is the address that was called. */
  token(
    form: URLSearchParams,
    at: { readonly tenant: string; readonly endpoint: string },
  ): Promise<TokenAnswer>
  /** Throws 401 unless the header bears a living token for this. */
  check(authorization: string | undefined, scope: Scope): void
  /** No token that was given until now is good any more. */
  revoke(): void
  /** Other secrets and certificates from now on. */
  register(proof: { readonly secret?: string | null; readonly certificate?: string | null }): void
}

interface TokenAnswer {
  readonly token_type: 'Bearer'
  readonly expires_in: number
  readonly ext_expires_in: number
  readonly access_token: string
}

/** As the public cloud names what a token is for; other clouds do it by their own addresses, as this one does too. */
const publicScopes = {
  connector: 'https://api.botframework.com/.default',
  graph: 'https://graph.microsoft.com/.default',
} as const

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export function createLogin(options: LoginOptions): Login {
  const { now, lifeSeconds = 3_599 } = options
  const tokens = new Map<string, { scope: Scope; until: number }>()
  let proof: Pick<Proving, 'secret' | 'certificate'> = options

  return {
    async token(form, { tenant, endpoint }) {
      checkForm(form, { tenant, known: options })
      await prove(form, { appId: options.appId, now, ...proof, endpoint })
      const scope = scopeIn(form, options.scopes())
      const token = `local.${scope}.${randomBytes(24).toString('base64url')}`
      tokens.set(token, { scope, until: now() + lifeSeconds * 1_000 })
      return {
        token_type: 'Bearer',
        expires_in: lifeSeconds,
        ext_expires_in: lifeSeconds,
        access_token: token,
      }
    },
    check(authorization, scope) {
      const token = tokens.get(/^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '')
      if (token === undefined || token.scope !== scope || now() >= token.until) {
        throw new TeamsError(401, scope === 'graph' ? 'InvalidAuthenticationToken' : 'Unauthorized', {
          message: 'Authorization has been denied for this request.',
        })
      }
    },
    revoke: () => tokens.clear(),
    register(next) {
      proof = { ...proof, ...next }
    },
  }
}

function checkForm(form: URLSearchParams, { tenant, known }: { tenant: string; known: LoginOptions }): void {
  if (tenant !== known.tenant)
    throw refused(400, 'invalid_request', `AADSTS90002: Tenant '${tenant}' not found.`)
  if (form.get('grant_type') !== 'client_credentials')
    throw refused(400, 'unsupported_grant_type', 'AADSTS70003: The grant type is not supported.')
  if (form.get('client_id') !== known.appId)
    throw refused(400, 'unauthorized_client', 'AADSTS700016: The application was not found in the directory.')
}

function scopeIn(form: URLSearchParams, own: Readonly<Record<Scope, string>>): Scope {
  const asked = form.get('scope') ?? ''
  const scope = (['connector', 'graph'] as const).find(
    (one) => asked === publicScopes[one] || asked === own[one],
  )
  if (scope !== undefined) return scope
  throw refused(400, 'invalid_scope', 'AADSTS1002012: The provided value for scope is not valid.')
}

interface Proving {
  readonly appId: string
  readonly secret: string | null
  readonly certificate: string | null
  readonly endpoint: string
  readonly now: () => number
}

async function prove(form: URLSearchParams, known: Proving): Promise<void> {
  const assertion = form.get('client_assertion')
  if (assertion !== null) return proveByCertificate(form, assertion, known)
  const given = form.get('client_secret')
  if (given === null || known.secret === null || !alike(given, known.secret)) {
    throw refused(401, 'invalid_client', 'AADSTS7000215: Invalid client secret provided.')
  }
}

/** RFC 7523, with the certificate named in the head as Entra wants it. */
async function proveByCertificate(form: URLSearchParams, assertion: string, known: Proving): Promise<void> {
  const bad = () =>
    refused(401, 'invalid_client', 'AADSTS700027: Client assertion failed signature validation.')
  if (form.get('client_assertion_type') !== assertionType || known.certificate === null) throw bad()
  const certificate = new X509Certificate(known.certificate)
  try {
    const { payload, protectedHeader } = await jwtVerify(assertion, certificate.publicKey, {
      algorithms: ['PS256', 'RS256'],
      audience: known.endpoint,
      issuer: known.appId,
      subject: known.appId,
      requiredClaims: ['exp', 'jti'],
      currentDate: new Date(known.now()),
    })
    const seconds = (payload.exp ?? 0) - known.now() / 1_000
    if (!names(protectedHeader, certificate) || seconds > 600) throw bad()
  } catch {
    throw bad()
  }
}

/** Base64url of the certificate's digest: SHA-1 in `x5t`, SHA-256 in `x5t#S256`. */
function names(head: Readonly<Record<string, unknown>>, certificate: X509Certificate): boolean {
  const digest = (hex: string) => Buffer.from(hex.replaceAll(':', ''), 'hex').toString('base64url')
  return (
    head.x5t === digest(certificate.fingerprint) || head['x5t#S256'] === digest(certificate.fingerprint256)
  )
}

function alike(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function refused(status: number, code: string, message: string): TeamsError {
  return new TeamsError(status, code, { message })
}
