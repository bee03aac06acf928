import { existsSync, readFileSync } from 'node:fs'
import { parse } from 'dotenv'
import { z } from 'zod'
import { isNoteName } from '../ledger/note.ts'
import { canBeFirst } from '../ledger/origins.ts'
import { type Range, rangesIn } from '../outgoing/ranges.ts'
import { urlProblems } from '../store/databaseUrl.ts'
import { type ConfigProblem, fixes, slackProblems } from './configProblems.ts'
import { shippedPolicies } from './package.ts'
import { takeOutPostgres } from './postgresVariables.ts'
import { type SlackConfig, slackKeys, slackOf } from './slackConfig.ts'
import { type TeamsConfig, teamsKeys, teamsOf } from './teamsConfig.ts'
import { teamsProblems } from './teamsProblems.ts'
import { unknownKeys } from './unknownKeys.ts'

/** All problems at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(({ key, wrong, fix }) => `${key}: ${wrong} ${fix}`).join('\n'))
    this.problems = problems
  }
}

export interface Config {
  readonly port: number
  readonly host: string
  /** Where agents and people reach this server, without a trailing slash; null until the server knows its port. */
  readonly baseUrl: string | null
  /** Null: run our own PostgreSQL in the data directory. */
  readonly databaseUrl: string | null
  /** The same database, as the role that owns its tables; null: `databaseUrl` does both. */
  readonly migrateUrl: string | null
  readonly dataDir: string
  readonly policyDir: string
  /** Who is behind a change of `policyDir` that is found at start: an e-mail address, or a user id of Slack or Entra. */
  readonly policyOwner: string | null
  readonly logLevel: string
  /** Null: a generated one is kept in the data directory. */
  readonly secret: string | null
  /** Days after which the key that signs grants is followed by the next one. */
  readonly keyDays: number
  /** Days for which a webhook message that was delivered is kept. */
  readonly deliveryDays: number
  /** Days for which names of what took effect are remembered (`prunePassing.ts`). */
  readonly pruneDays: number
  /** Days for which what requests asked is kept, from their end on; null: for good. */
  readonly retentionDays: number | null
  /** The name of the ledger, for a first start; null: one that is made of the installation's id. */
  readonly ledgerOrigin: string | null
  /** Whoever sends it as a bearer may see metrics from elsewhere; null: only this machine. */
  readonly metricsToken: string | null
  /** A key that acts as its person in commands about that person's own agents; null: whoever is named is asked. */
  readonly operatorKey: string | null
  /** The key by which an auditor reads a server. */
  readonly auditorKey: string | null
  /** Ranges inside our network that webhooks may go to. */
  readonly webhookAllow: readonly Range[]
  /** The file that says where credentials are issued; null: nowhere. */
  readonly credentialsFile: string | null
  /** The file that says where entries are streamed to; null: nowhere. */
  readonly streamsFile: string | null
  /** The file that says where checkpoints of the ledger are put; null: beside our own database, or nowhere. */
  readonly anchorsFile: string | null
  /** The file that says whose ID tokens are believed; null: nobody's. */
  readonly oidcFile: string | null
  /** Where it is looked up who is on call; null: nowhere. The address is without a trailing slash. */
  readonly pagerDuty: { readonly token: string; readonly address: string } | null
  /** NODE_ENV=production. */
  readonly production: boolean
  /** Null: without Slack. With neither Slack nor Teams: the sandbox. */
  readonly slack: SlackConfig | null
  /** Null: without Teams. */
  readonly teams: TeamsConfig | null
  /** Names of the PG* variables that were set and have no effect: DATABASE_URL says everything. */
  readonly ignored: readonly string[]
}

const optional = (schema: z.ZodString | z.ZodURL) => schema.optional()
const databaseAddress = z.url({ protocol: /^postgres(ql)?$/, error: 'is not a postgresql:// address.' })

/** Every key, described once. `.env.example` explains them to people; a test compares the two. */
const keys = z.object({
  PORT: z.coerce
    .number('is not a number.')
    .int('is not a port.')
    .min(0)
    .max(65_535, 'is not a port.')
    .default(3000),
  HOST: optional(z.string()),
  BASE_URL: optional(z.url({ protocol: /^https?$/, error: 'is not an http(s) address.' })),
  DATABASE_URL: optional(databaseAddress),
  MIGRATE_DATABASE_URL: optional(databaseAddress),
  DATA_DIR: z.string().default('.countersign'),
  POLICY_DIR: optional(z.string()),
  POLICY_OWNER: optional(
    z
      .string()
      .regex(
        /^([^\s@]+@[^\s@]+|[UW][A-Z0-9]{2,}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$/,
        'is neither an e-mail address nor a user id of Slack or Entra.',
      ),
  ),
  LOG_LEVEL: z
    .enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'is not a log level: use info, warn, error or debug.',
    )
    .default('info'),
  NODE_ENV: optional(z.string()),
  COUNTERSIGN_SECRET: optional(
    z.string().regex(/^[A-Za-z0-9_-]{43,}$/, 'is too short or has characters that are not base64url.'),
  ),
  SIGNING_KEY_DAYS: z.coerce
    .number('is not a number.')
    .int('is not a whole number.')
    .min(2, 'is less than 2: a key is published for a day before it signs.')
    .max(365, 'is more than 365.')
    .default(90),
  LEDGER_ORIGIN: optional(
    z
      .string()
      .refine(isNoteName, 'has a space or a plus sign in it, and it stands in signed lines.')
      .refine(canBeFirst, 'ends like the name of a ledger that went on from a restored backup.')
      .max(200, 'is longer than 200 characters.'),
  ),
  COUNTERSIGN_METRICS_TOKEN: optional(
    z
      .string()
      .regex(/^[\x21-\x7e]{32,200}$/, 'is shorter than 32 characters, longer than 200, or has spaces in it.'),
  ),
  COUNTERSIGN_OPERATOR_KEY: optional(
    z.string().startsWith('cso_', "is not an operator's key: those start with cso_."),
  ),
  COUNTERSIGN_AUDITOR_KEY: optional(
    z.string().startsWith('csa_', "is not an auditor's key: those start with csa_."),
  ),
  WEBHOOK_ALLOW: optional(
    z
      .string()
      .refine((text) => rangesIn(text) !== null, 'has something in it that is no range of addresses.'),
  ),
  WEBHOOK_DAYS: z.coerce
    .number('is not a number.')
    .int('is not a whole number.')
    .min(1, 'is less than 1.')
    .max(3_650, 'is more than 3650.')
    .default(30),
  PRUNE_DAYS: z.coerce
    .number('is not a number.')
    .int('is not a whole number.')
    .min(7, 'is less than 7.')
    .max(3_650, 'is more than 3650.')
    .default(30),
  RETENTION_DAYS: z.coerce
    .number('is not a number.')
    .int('is not a whole number.')
    .min(30, 'is less than 30.')
    .max(36_500, 'is more than 36500.')
    .optional(),
  CREDENTIALS_FILE: optional(z.string()),
  STREAMS_FILE: optional(z.string()),
  ANCHORS_FILE: optional(z.string()),
  OIDC_FILE: optional(z.string()),
  PAGERDUTY_TOKEN: optional(
    z
      .string()
      .regex(/^[\x21-\x7e]{8,200}$/, 'is shorter than 8 characters, longer than 200, or has spaces in it.'),
  ),
  PAGERDUTY_API_URL: optional(z.url({ protocol: /^https?$/, error: 'is not an https address.' })),
  ...slackKeys,
  ...teamsKeys,
})

export const configKeys = Object.keys(keys.shape)

/**
 * The only reader of the environment. `.env` in the working directory fills in what the environment leaves out. PG*
 * variables are taken out of it, because the database's driver would read them: what somebody set for psql must not decide
 * where the gate writes, or how.
 * @throws ConfigError with every problem at once
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env, dotenvPath = '.env'): Config {
  const file = existsSync(dotenvPath) ? parse(readFileSync(dotenvPath)) : {}
  const ignored = takeOutPostgres(environment)
  const values = withoutEmpty({ ...file, ...environment })
  const parsed = keys.safeParse(values)
  const problems = [
    ...unknownKeys(configKeys, { file, environment }),
    ...(parsed.success ? addressProblems(parsed.data) : parsed.error.issues.map(problemOf)),
    ...slackProblems(values),
    ...teamsProblems(values),
  ]
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems)
  return Object.freeze({ ...configOf(parsed.data), ignored })
}

/** What an address may hold by its form and still must not. */
function addressProblems(values: z.infer<typeof keys>): readonly ConfigProblem[] {
  const { BASE_URL, DATABASE_URL, MIGRATE_DATABASE_URL } = values
  const problems: ConfigProblem[] = Object.entries({ DATABASE_URL, MIGRATE_DATABASE_URL }).flatMap(
    ([key, url]) => (url ? urlProblems(url).map((problem) => ({ key, ...problem })) : []),
  )
  if (MIGRATE_DATABASE_URL && !DATABASE_URL)
    problems.push({
      key: 'MIGRATE_DATABASE_URL',
      wrong: 'stands alone: it names the role that makes the tables of the database in DATABASE_URL.',
      fix: 'Set DATABASE_URL too, with the role that serves; or leave both out to use the built-in database.',
    })
  const base = BASE_URL ? new URL(BASE_URL) : null
  if (base && (base.search || base.hash || base.username || base.password))
    problems.push({
      key: 'BASE_URL',
      wrong: 'has a query, a fragment or a password in it; links are made by adding a path to it.',
      fix: fixes.BASE_URL ?? '',
    })
  return problems
}

function configOf(values: z.infer<typeof keys>): Omit<Config, 'ignored'> {
  const [slack, teams] = [slackOf(values), teamsOf(values)]
  const sandbox = isSandbox({ slack, teams })
  return {
    port: values.PORT,
    host: values.HOST ?? (sandbox ? '127.0.0.1' : '0.0.0.0'),
    baseUrl: values.BASE_URL?.replace(/\/+$/, '') ?? null,
    databaseUrl: values.DATABASE_URL ?? null,
    migrateUrl: values.MIGRATE_DATABASE_URL ?? null,
    dataDir: values.DATA_DIR,
    policyDir: values.POLICY_DIR ?? defaultPolicyDir({ isSandbox: sandbox }),
    policyOwner: values.POLICY_OWNER ?? null,
    logLevel: values.LOG_LEVEL,
    secret: values.COUNTERSIGN_SECRET ?? null,
    keyDays: values.SIGNING_KEY_DAYS,
    ledgerOrigin: values.LEDGER_ORIGIN ?? null,
    metricsToken: values.COUNTERSIGN_METRICS_TOKEN ?? null,
    operatorKey: values.COUNTERSIGN_OPERATOR_KEY ?? null,
    auditorKey: values.COUNTERSIGN_AUDITOR_KEY ?? null,
    deliveryDays: values.WEBHOOK_DAYS,
    pruneDays: values.PRUNE_DAYS,
    retentionDays: values.RETENTION_DAYS ?? null,
    webhookAllow: rangesIn(values.WEBHOOK_ALLOW ?? '') ?? [],
    credentialsFile: values.CREDENTIALS_FILE ?? null,
    streamsFile: values.STREAMS_FILE ?? null,
    anchorsFile: values.ANCHORS_FILE ?? null,
    oidcFile: values.OIDC_FILE ?? null,
    pagerDuty: values.PAGERDUTY_TOKEN
      ? {
          token: values.PAGERDUTY_TOKEN,
          address: (values.PAGERDUTY_API_URL ?? 'https://api.pagerduty.com').replace(/\/+$/, ''),
        }
      : null,
    production: values.NODE_ENV === 'production',
    slack,
    teams,
  }
}

/** With no channel that is real, everything runs in the sandbox. */
export function isSandbox({ slack, teams }: Pick<Config, 'slack' | 'teams'>): boolean {
  return slack === null && teams === null
}

/** In the sandbox, a folder without a policy is no obstacle. For real, the wrong folder must not change the policy. */
function defaultPolicyDir({ isSandbox }: { readonly isSandbox: boolean }): string {
  return isSandbox && !existsSync('policies') ? shippedPolicies() : 'policies'
}

function problemOf(issue: z.core.$ZodIssue): ConfigProblem {
  const key = String(issue.path[0])
  return { key, wrong: issue.message, fix: fixes[key] ?? '.env.example explains every key.' }
}

function withoutEmpty(values: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((pair): pair is [string, string] => Boolean(pair[1])),
  )
}
