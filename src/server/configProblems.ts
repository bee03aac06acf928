import { isLoopback } from '../core/loopback.ts'

/** One thing that is wrong with the configuration: the key, what is wrong, and the edit or command that fixes it. */
export interface ConfigProblem {
  readonly key: string
  readonly wrong: string
  readonly fix: string
}

export const fixes: Readonly<Record<string, string>> = {
  PORT: 'Set PORT to a free port, such as 3000.',
  BASE_URL: 'Write it as https://approvals.example.com, with nothing after it.',
  DATABASE_URL:
    'Write it as postgresql://user:password@host:5432/database, or leave it out to use the built-in database.',
  MIGRATE_DATABASE_URL:
    'Write it as DATABASE_URL, with the role that owns the tables; or leave it out to work with one role.',
  LOG_LEVEL: 'Set LOG_LEVEL=info.',
  POLICY_OWNER: 'Write it as lee@acme.test or U012AB3CD.',
  COUNTERSIGN_SECRET: 'Make one with: openssl rand -base64 32 | tr "+/" "-_" | tr -d "="',
  COUNTERSIGN_METRICS_TOKEN: 'Make one with: openssl rand -hex 32',
  LEDGER_ORIGIN: 'Write it as approvals.acme.com/ledger, or leave it out.',
  SIGNING_KEY_DAYS: 'Set SIGNING_KEY_DAYS=90, or leave it out.',
  COUNTERSIGN_OPERATOR_KEY: 'Make one with: countersign operators keys add --person lee@acme.test',
  COUNTERSIGN_AUDITOR_KEY: 'Make one with: countersign auditors add --person lee@acme.test',
  WEBHOOK_ALLOW: 'Write it as 10.1.0.0/16,fd00:1::/32: ranges of your own network, separated by commas.',
  WEBHOOK_DAYS: 'Set WEBHOOK_DAYS=30, or leave it out.',
  SLACK_BOT_TOKEN:
    'Copy it from "OAuth & Permissions" of your Slack app. One that begins with xoxe.xoxb- rotates: docs/slack.md, "Tokens that rotate".',
  SLACK_CLIENT_ID: 'Copy it from "Basic Information" of your Slack app.',
  SLACK_CLIENT_SECRET: 'Copy it from "Basic Information" of your Slack app.',
  SLACK_SIGNING_SECRET: 'Copy it from "Basic Information" of your Slack app.',
  SLACK_SIGNING_SECRET_PREVIOUS:
    'Set it to what SLACK_SIGNING_SECRET was before it was replaced, or leave it out.',
  SLACK_APP_TOKEN:
    'Make one under "Basic Information", "App-Level Tokens", with the scope connections:write.',
  SLACK_TEAM_ID:
    'Copy it from the address of the workspace in the browser, behind /client/; or leave it out for an install in one workspace.',
  SLACK_OTHER_WORKSPACES:
    'Write it as T0EMEA=xoxb-…,T0APAC=xoxb-…: the ids of the workspaces beside the first, each with the bot token that the same app has there; or leave it out.',
  SLACK_API_URL: 'Leave it out, or use https://slack.com/api/ (GovSlack: https://slack-gov.com/api/).',
  TEAMS_APP_ID: 'Copy "Application (client) ID" from the overview of your app registration in Entra.',
  TEAMS_TENANT_ID: 'Copy "Directory (tenant) ID" from the overview of your app registration in Entra.',
  TEAMS_APP_PASSWORD:
    'Make one under "Certificates & secrets" of your app registration and copy its Value, which is shown once; or use TEAMS_CERTIFICATE_FILE.',
}

/** Half a Slack configuration; without any channel, a sandbox where there must not be one. */
export function slackProblems(values: Readonly<Record<string, string>>): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const has = (key: string) => key in values
  const fix = (key: string) => fixes[key] ?? ''
  const rotates = has('SLACK_CLIENT_ID') || has('SLACK_CLIENT_SECRET')
  if (!has('SLACK_BOT_TOKEN') && !rotates) {
    const others = [
      'SLACK_SIGNING_SECRET',
      'SLACK_SIGNING_SECRET_PREVIOUS',
      'SLACK_APP_TOKEN',
      'SLACK_TEAM_ID',
      'SLACK_OTHER_WORKSPACES',
      'SLACK_API_URL',
    ].filter(has)
    if (others.length > 0)
      problems.push({
        key: 'SLACK_BOT_TOKEN',
        wrong: `is missing, but ${others.join(' and ')} is set.`,
        fix: `${fix('SLACK_BOT_TOKEN')} Or remove the others to run ${hasTeams(values) ? 'with Teams alone' : 'the sandbox'}.`,
      })
    else if (!hasTeams(values)) problems.push(...sandboxProblems(values))
  } else if (!has('SLACK_SIGNING_SECRET') && !has('SLACK_APP_TOKEN')) {
    problems.push({
      key: 'SLACK_SIGNING_SECRET',
      wrong: 'is missing: clicks from Slack could not be verified.',
      fix: `${fix('SLACK_SIGNING_SECRET')} Or set SLACK_APP_TOKEN to use Socket Mode.`,
    })
  }
  return [...problems, ...rotationProblems(values), ...previousProblems(values), ...othersProblems(values)]
}

function hasTeams(values: Readonly<Record<string, string>>): boolean {
  return Object.keys(values).some((key) => key.startsWith('TEAMS_'))
}

/** A sandbox where there must not be one. */
function sandboxProblems(values: Readonly<Record<string, string>>): readonly ConfigProblem[] {
  if (values.NODE_ENV === 'production')
    return [
      {
        key: 'SLACK_BOT_TOKEN',
        wrong: 'is missing, and the sandbox never runs with NODE_ENV=production.',
        fix: `${fixes.SLACK_BOT_TOKEN ?? ''} Or set the keys of Teams: docs/teams.md.`,
      },
    ]
  if (values.HOST !== undefined && !isLoopback(values.HOST))
    return [
      {
        key: 'HOST',
        wrong: 'is not loopback, and in the sandbox anyone can be anyone.',
        fix: 'Leave HOST out, or set the keys of Slack or Teams to run for real.',
      },
    ]
  return []
}

/** With tokens that rotate, there is none to set: the database has it. */
function rotationProblems(values: Readonly<Record<string, string>>): readonly ConfigProblem[] {
  const pair = ['SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET']
  const missing = pair.filter((key) => !(key in values))
  if (missing.length === pair.length) return []
  const problems = missing.map((key) => ({
    key,
    wrong: `is missing: ${pair.join(' and ')} go together.`,
    fix: fixes[key] ?? '',
  }))
  if ('SLACK_BOT_TOKEN' in values)
    problems.push({
      key: 'SLACK_BOT_TOKEN',
      wrong: 'is set beside SLACK_CLIENT_ID: tokens that rotate stand in the database.',
      fix: 'Remove SLACK_BOT_TOKEN; or, for an app whose tokens do not rotate, SLACK_CLIENT_ID and SLACK_CLIENT_SECRET.',
    })
  return problems
}

/** The secret before is of use only beside the one of now. */
function previousProblems(values: Readonly<Record<string, string>>): readonly ConfigProblem[] {
  const { SLACK_SIGNING_SECRET: current, SLACK_SIGNING_SECRET_PREVIOUS: previous } = values
  const key = 'SLACK_SIGNING_SECRET_PREVIOUS'
  if (previous === undefined) return []
  if (current === undefined)
    return [
      { key, wrong: 'stands alone: it is believed beside SLACK_SIGNING_SECRET.', fix: fixes[key] ?? '' },
    ]
  return current === previous
    ? [{ key, wrong: 'is the same as SLACK_SIGNING_SECRET.', fix: fixes[key] ?? '' }]
    : []
}

/** Several workspaces are heard over HTTP, each with a token that stays. */
function othersProblems(values: Readonly<Record<string, string>>): readonly ConfigProblem[] {
  const key = 'SLACK_OTHER_WORKSPACES'
  if (!(key in values)) return []
  const problems: ConfigProblem[] = []
  if ('SLACK_APP_TOKEN' in values)
    problems.push({
      key,
      wrong: 'is set beside SLACK_APP_TOKEN: several workspaces are heard over HTTP only.',
      fix: 'Set SLACK_SIGNING_SECRET and remove SLACK_APP_TOKEN; or leave SLACK_OTHER_WORKSPACES out.',
    })
  if ('SLACK_CLIENT_ID' in values)
    problems.push({
      key,
      wrong:
        'is set beside SLACK_CLIENT_ID: with tokens that rotate, one workspace or one organisation is all.',
      fix: 'Leave SLACK_OTHER_WORKSPACES out, or use an app whose tokens do not rotate.',
    })
  return problems
}
