import { decodeProtectedHeader, errors, jwtVerify } from 'jose'
import { z } from 'zod'
import type { TeamsAccess } from '../access.ts'
import type { ConnectorKeys } from './keys.ts'

/** Why a delivery is not believed, in few words: for the log and for whoever counts. Nobody who sends one hears it. */
const distrusts = [
  'no_token',
  'other_algorithm',
  'unknown_key',
  'not_endorsed',
  'bad_signature',
  'other_issuer',
  'other_audience',
  'wrong_time',
  'bad_claims',
  'other_service',
  'other_channel',
  'other_tenant',
  'old_activity',
] as const
export type Distrust = (typeof distrusts)[number]

/** Teams did not send this. */
export class NotFromTeams extends Error {
  override readonly name = 'NotFromTeams'
  readonly why: Distrust

  constructor(why: Distrust) {
    super(why)
    this.why = why
  }
}

export interface Verifying {
  readonly access: Pick<TeamsAccess, 'appId' | 'tenant' | 'services'>
  readonly keys: ConnectorKeys
  /** The database's time. */
  readonly now: () => Date
}

/** Seconds by which the clocks of the connector and of the database may differ. */
const skew = 300

/** Milliseconds by which what somebody does may be older than now, or newer. */
export const mostAge = 10 * 60_000

/** What every activity of Teams says of itself, whatever it is about. */
const envelope = z.object({
  channelId: z.string(),
  serviceUrl: z.string(),
  timestamp: z.iso.datetime({ offset: true }),
  conversation: z.object({ tenantId: z.string() }),
  channelData: z.object({ tenant: z.object({ id: z.string() }) }),
})

/**
 * That Teams sent this, to us, about our tenant, lately (https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication).
 * Only tokens of the connector are believed: those that Entra issues are for anybody of any tenant who asks for one with our
 * app's id as their audience.
 *
 * @throws NotFromTeams, or KeysUnknown while nobody knows the keys
 */
export async function verify(
  sent: { readonly authorization: string | undefined; readonly activity: unknown },
  by: Verifying,
): Promise<void> {
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(sent.authorization ?? '')?.[1]
  if (token === undefined) throw new NotFromTeams('no_token')
  const serviceUrl = await serviceIn(token, by)
  const read = envelope.safeParse(sent.activity)
  if (!read.success) throw new NotFromTeams('bad_claims')
  const { data: activity } = read
  if (activity.channelId !== 'msteams') throw new NotFromTeams('other_channel')
  if (plain(activity.serviceUrl) !== plain(serviceUrl) || !isOurService(serviceUrl, by))
    throw new NotFromTeams('other_service')
  const { tenant } = by.access
  const tenants = [activity.conversation.tenantId, activity.channelData.tenant.id]
  if (tenants.some((id) => id.toLowerCase() !== tenant)) throw new NotFromTeams('other_tenant')
  const age = by.now().getTime() - Date.parse(activity.timestamp)
  if (!(Math.abs(age) <= mostAge)) throw new NotFromTeams('old_activity')
}

/** The service that the token is of, once all that it says of itself is believed. */
async function serviceIn(token: string, by: Verifying): Promise<string> {
  const { alg, kid } = headerOf(token)
  if (alg !== 'RS256') throw new NotFromTeams('other_algorithm')
  const key = typeof kid === 'string' && kid !== '' ? await by.keys.find(kid) : null
  if (!key) throw new NotFromTeams('unknown_key')
  if (!key.endorsements.includes('msteams')) throw new NotFromTeams('not_endorsed')
  const { payload } = await jwtVerify(token, key.key, {
    algorithms: ['RS256'],
    issuer: by.access.services.issuer,
    audience: by.access.appId,
    requiredClaims: ['exp', 'nbf'],
    clockTolerance: skew,
    currentDate: by.now(),
  }).catch((error: unknown) => {
    throw new NotFromTeams(distrustOf(error))
  })
  // One that is for several is not for us: whoever else it is for could send it on.
  if (payload.aud !== by.access.appId) throw new NotFromTeams('other_audience')
  const { serviceurl } = payload
  if (typeof serviceurl !== 'string' || serviceurl === '') throw new NotFromTeams('other_service')
  return serviceurl
}

function headerOf(token: string): { readonly alg?: unknown; readonly kid?: unknown } {
  try {
    return decodeProtectedHeader(token)
  } catch {
    throw new NotFromTeams('no_token')
  }
}

function distrustOf(error: unknown): Distrust {
  if (error instanceof errors.JWTExpired) return 'wrong_time'
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'iss') return 'other_issuer'
    if (error.claim === 'aud') return 'other_audience'
    return error.claim === 'nbf' && error.reason === 'check_failed' ? 'wrong_time' : 'bad_claims'
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'bad_signature'
  return 'bad_claims'
}

/** As the connector's own libraries compare them: without one last slash, in small letters. */
function plain(url: string): string {
  return url.replace(/\/$/, '').toLowerCase()
}

/** It is one that we could send to: at the connector's own host, whatever its region. */
function isOurService(url: string, { access }: Verifying): boolean {
  if (!URL.canParse(url)) return false
  const [theirs, ours] = [new URL(url), new URL(access.services.connector)]
  return theirs.origin === ours.origin && theirs.username === '' && theirs.password === ''
}
