import { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Finding } from '../channels/finding.ts'
import { idIn } from './address.ts'
import { whoAmI } from './identity.ts'
import { callTimeout, clientOptions, type SlackAccess } from './outbound/clients.ts'
import { fixFor, slackFault } from './outbound/fault.ts'
import { scopes } from './surface.ts'
import { suspects } from './suspects.ts'

/** What to look at: `channels` and `groups` are addresses (`slack:C0DATA`) as the policy resolves them. */
export interface Examination {
  readonly access: SlackAccess
  /** Null without Socket Mode. */
  readonly appToken: string | null
  readonly channels: readonly string[]
  readonly groups: readonly string[]
  /** Addresses of the people whom the policy names one by one. */
  readonly people: readonly string[]
  readonly log: Logger
}

/** Looks at everything that has to be right in Slack. Never rejects; stops early when the token is no good. */
export async function checkSlack(examination: Examination): Promise<readonly Finding[]> {
  const { access, log } = examination
  const client = new WebClient(access.botToken, clientOptions(access, { log, timeout: callTimeout.posts }))
  const token = await look('bot token', '', async () => {
    const { team, user } = await client.auth.test()
    return fine(`the bot ${user ?? '?'} in ${team ?? '?'}`)
  })
  if (!token.ok) return [token]
  const findings = [
    token,
    await look('scopes', '', () => checkScopes(client)),
    await look('app and workspace', '', () => checkIdentity(client, access.teamId ?? null)),
  ]
  if (examination.appToken !== null)
    findings.push(await look('app token', '', () => checkAppToken(examination)))
  for (const address of examination.channels)
    findings.push(await look(`channel ${address}`, address, () => checkChannel(client, address)))
  for (const address of examination.groups)
    findings.push(await look(`group ${address}`, address, () => checkGroup(client, address)))
  return [...findings, ...(await suspects(client, await whomPolicyCanAsk(client, examination)))]
}

/** Whatever is wrong with a group was said before. */
async function whomPolicyCanAsk(
  client: WebClient,
  { groups, people }: Examination,
): Promise<readonly string[]> {
  const asked = people.flatMap((address) => idIn(null, address) ?? [])
  for (const address of groups) {
    const members = await membersOf(client, idIn(null, address) ?? '').catch(() => [])
    asked.push(...members)
  }
  return asked
}

type Result = Omit<Finding, 'name'>

async function look(name: string, address: string, check: () => Promise<Result>): Promise<Finding> {
  try {
    return { name, ...(await check()) }
  } catch (error) {
    const { code } = slackFault(error)
    const detail = code === 'unexpected' && error instanceof Error ? error.message.slice(0, 200) : code
    return { name, ok: false, detail, fix: fixFor(code, idIn(null, address) ?? address) }
  }
}

function fine(detail: string): Result {
  return { ok: true, detail, fix: null }
}

function wrong(detail: string, fix: string): Result {
  return { ok: false, detail, fix }
}

async function checkScopes(client: WebClient): Promise<Result> {
  const granted = new Set((await client.auth.test()).response_metadata?.scopes ?? [])
  const missing = Object.keys(scopes).filter((scope) => !granted.has(scope))
  if (missing.length === 0) return fine(`all ${Object.keys(scopes).length}`)
  return wrong(
    `missing: ${missing.join(', ')}`,
    'paste manifest.yml into the app settings again and install the app again',
  )
}

async function checkIdentity(client: WebClient, team: string | null): Promise<Result> {
  const { appId, teamId, enterpriseId, organisationWide } = await whoAmI(client, team)
  if (!organisationWide) return fine(`app ${appId} in ${teamId}`)
  return fine(`app ${appId} in the organisation ${enterpriseId}, with the user groups of ${teamId}`)
}

async function checkAppToken(examination: Examination): Promise<Result> {
  const { access, appToken, log } = examination
  const client = new WebClient(appToken ?? '', clientOptions(access, { log, timeout: callTimeout.posts }))
  try {
    await client.apps.connections.open()
    return fine('opens sockets')
  } catch (error) {
    const fix =
      'create an app-level token with the scope connections:write, turn Socket Mode on, and set SLACK_APP_TOKEN'
    return wrong(slackFault(error).code, fix)
  }
}

const channelAnswer = z.object({
  channel: z.object({
    name: z.string().optional(),
    is_member: z.boolean().optional(),
    is_archived: z.boolean().optional(),
    is_ext_shared: z.boolean().optional(),
  }),
})

async function checkChannel(client: WebClient, address: string): Promise<Result> {
  const id = idIn(null, address)
  if (id === null) return wrong('not a Slack channel', 'correct the address in the directory of the policy')
  const { channel } = channelAnswer.parse(await client.conversations.info({ channel: id }))
  const problem = channel.is_archived
    ? 'is_archived'
    : channel.is_ext_shared
      ? 'shared_channel'
      : channel.is_member
        ? null
        : 'not_in_channel'
  return problem === null ? fine(`#${channel.name ?? id}`) : wrong(problem, fixFor(problem, id) ?? '')
}

const membersAnswer = z.object({ users: z.array(z.string()) })

async function membersOf(client: WebClient, usergroup: string): Promise<readonly string[]> {
  return membersAnswer.parse(await client.usergroups.users.list({ usergroup })).users
}

async function checkGroup(client: WebClient, address: string): Promise<Result> {
  const id = idIn(null, address)
  if (id === null)
    return wrong('not a Slack user group', 'correct the address in the directory of the policy')
  const users = await membersOf(client, id)
  if (users.length > 0) return fine(`${users.length} members`)
  return wrong(
    'nobody is in it, or it is disabled',
    'add members to the group in Slack: an empty group can approve nothing',
  )
}
