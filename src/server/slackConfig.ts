import { z } from 'zod'
import type { AppCredentials } from '../slack/outbound/tokenExchange.ts'

export interface SlackConfig {
  /** Null where tokens rotate: the database has the one of now. */
  readonly botToken: string | null
  /** Who the app is when it asks for its next tokens; null where they do not rotate. */
  readonly credentials: AppCredentials | null
  /** HTTP mode checks signatures with it; null in Socket Mode. */
  readonly signingSecret: string | null
  /** The one before, believed too while it is being replaced; null: no other one. */
  readonly previousSecret: string | null
  /** Socket Mode connects with it; null in HTTP mode. */
  readonly appToken: string | null
  /** Of an organisation-wide install: the workspace whose user groups the policy names; null for an install in one workspace. */
  readonly teamId: string | null
  /** Workspaces beside the first one. */
  readonly others: readonly { readonly team: string; readonly botToken: string }[]
  readonly apiUrl: string
}

const optional = (schema: z.ZodString | z.ZodURL) => schema.optional()
const slackToken = (prefix: string, what: string) =>
  optional(z.string().startsWith(prefix, `is not ${what}: those start with ${prefix}.`))

const signingSecret = optional(
  z.string().regex(/^[0-9a-f]{32}$/, 'is not a signing secret: those are 32 hexadecimal digits.'),
)

/** Every key about Slack, described once. */
export const slackKeys = {
  SLACK_BOT_TOKEN: slackToken('xoxb-', 'a bot token'),
  SLACK_CLIENT_ID: optional(
    z.string().regex(/^[0-9.]{3,100}$/, 'is not a client id: those are two numbers with a dot between.'),
  ),
  SLACK_CLIENT_SECRET: optional(
    z.string().regex(/^[0-9a-f]{32}$/, 'is not a client secret: those are 32 hexadecimal digits.'),
  ),
  SLACK_SIGNING_SECRET: signingSecret,
  SLACK_SIGNING_SECRET_PREVIOUS: signingSecret,
  SLACK_APP_TOKEN: slackToken('xapp-', 'an app-level token'),
  SLACK_TEAM_ID: optional(
    z.string().regex(/^T[A-Z0-9]{2,}$/, 'is not the id of a workspace: those start with T.'),
  ),
  SLACK_OTHER_WORKSPACES: z
    .string()
    .transform((text) => text.split(',').map((one) => one.trim()))
    .refine(
      (all) => all.every((one) => /^T[A-Z0-9]{2,}=xoxb-\S+$/.test(one)),
      'is no list of workspaces with the token of the bot in each.',
    )
    .refine(
      (all) => new Set(all.map((one) => one.split('=')[0])).size === all.length,
      'names a workspace twice.',
    )
    .transform((all) =>
      all.map((one) => ({ team: one.slice(0, one.indexOf('=')), botToken: one.slice(one.indexOf('=') + 1) })),
    )
    .optional(),
  SLACK_API_URL: optional(z.url({ protocol: /^https?$/, error: 'is not an https address.' })),
}

/** Null: the sandbox. */
export function slackOf(values: z.infer<z.ZodObject<typeof slackKeys>>): SlackConfig | null {
  const credentials = credentialsOf(values)
  if (!values.SLACK_BOT_TOKEN && !credentials) return null
  return {
    botToken: values.SLACK_BOT_TOKEN ?? null,
    credentials,
    signingSecret: values.SLACK_SIGNING_SECRET ?? null,
    previousSecret: values.SLACK_SIGNING_SECRET_PREVIOUS ?? null,
    appToken: values.SLACK_APP_TOKEN ?? null,
    apiUrl: withSlash(values.SLACK_API_URL ?? 'https://slack.com/api/'),
    teamId: values.SLACK_TEAM_ID ?? null,
    others: values.SLACK_OTHER_WORKSPACES ?? [],
  }
}

function credentialsOf({
  SLACK_CLIENT_ID: clientId,
  SLACK_CLIENT_SECRET: clientSecret,
}: z.infer<z.ZodObject<typeof slackKeys>>): AppCredentials | null {
  return clientId && clientSecret ? { clientId, clientSecret } : null
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`
}
