import { z } from 'zod'
import { publicServices, type TeamsServices } from '../teams/access.ts'

export interface TeamsConfig {
  /** The app's (client) id. */
  readonly appId: string
  /** The one tenant whose people are ours. */
  readonly tenant: string
  /** How the app proves who it is: by a client secret, or by the certificate in a file, with its key. */
  readonly proof: { readonly secret: string } | { readonly certificateFile: string }
  readonly services: TeamsServices
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** As Entra shows ids, in whatever case: addresses and keys are made of them, and are compared as they are written. */
const id = (what: string) =>
  z
    .string()
    .toLowerCase()
    .regex(guid, `is not ${what}: those look like 00000000-0000-0000-0000-000000000000.`)
    .optional()

const address = z.url({ protocol: /^https?$/, error: 'is not an https address.' }).optional()

/** Every key about Teams, described once. */
export const teamsKeys = {
  TEAMS_APP_ID: id('the id of an app'),
  TEAMS_TENANT_ID: id('the id of a tenant'),
  TEAMS_APP_PASSWORD: z
    .string()
    .regex(/^[\x21-\x7e]{16,255}$/, 'is no client secret: those have at least 16 characters and no spaces.')
    .refine((text) => !guid.test(text.toLowerCase()), 'is the id of a client secret, and not its value.')
    .optional(),
  TEAMS_CERTIFICATE_FILE: z.string().optional(),
  TEAMS_SERVICE_URL: address,
  TEAMS_LOGIN_URL: address,
  TEAMS_GRAPH_URL: address,
  TEAMS_KEYS_URL: address,
  TEAMS_ISSUER: address,
}

/** Null: not with Teams. `teamsProblems` has refused what is half said. */
export function teamsOf(values: z.infer<z.ZodObject<typeof teamsKeys>>): TeamsConfig | null {
  const { TEAMS_APP_ID: appId, TEAMS_TENANT_ID: tenant } = values
  const proof = proofOf(values)
  if (!appId || !tenant || !proof) return null
  return { appId, tenant, proof, services: servicesOf(values) }
}

function proofOf({
  TEAMS_APP_PASSWORD: secret,
  TEAMS_CERTIFICATE_FILE: certificateFile,
}: z.infer<z.ZodObject<typeof teamsKeys>>): TeamsConfig['proof'] | null {
  if (certificateFile) return { certificateFile }
  return secret ? { secret } : null
}

function servicesOf(values: z.infer<z.ZodObject<typeof teamsKeys>>): TeamsServices {
  const of = (key: keyof typeof teamsKeys, name: keyof TeamsServices) =>
    (values[key] ?? publicServices[name]).replace(/\/+$/, '')
  return {
    connector: of('TEAMS_SERVICE_URL', 'connector'),
    login: of('TEAMS_LOGIN_URL', 'login'),
    graph: of('TEAMS_GRAPH_URL', 'graph'),
    keys: of('TEAMS_KEYS_URL', 'keys'),
    issuer: of('TEAMS_ISSUER', 'issuer'),
  }
}
