import { X509Certificate } from 'node:crypto'
import { z } from 'zod'
import { DirectoryFault } from '../approvals/ports.ts'
import type { Finding } from '../channels/finding.ts'
import { createAgeClock } from '../lifetime/ageClock.ts'
import type { TeamsAccess } from './access.ts'
import { conversationIn } from './address.ts'
import { askTaken } from './outbound/askTaken.ts'
import { call, jsonIn } from './outbound/call.ts'
import { createDirectory, type TeamsDirectory } from './outbound/directory.ts'
import { ConnectorFault } from './outbound/fault.ts'
import { createGraph, type Graph } from './outbound/graph.ts'
import { lastingFix } from './outbound/refusals.ts'
import { createTokens, type Tokens } from './outbound/tokens.ts'

/** What to look at: addresses as the policy resolves them. */
export interface Examination {
  readonly access: TeamsAccess
  readonly channels: readonly string[]
  readonly groups: readonly string[]
  /** Of the people whom the policy names one by one. */
  readonly people: readonly string[]
  readonly now: Date
}

interface Means extends Examination {
  readonly tokens: Tokens
  readonly graph: Graph
  readonly directory: TeamsDirectory
}

/** Looks at everything that has to be right in Teams; nothing is posted. Never rejects; stops early when the app is refused. */
export async function checkTeams(examination: Examination): Promise<readonly Finding[]> {
  const { access } = examination
  const ages = createAgeClock()
  const tokens = createTokens(access, { ages })
  const means = {
    ...{ ...examination, tokens },
    graph: createGraph({ base: access.services.graph, tokens, ages }),
    directory: createDirectory({ access, tokens, ages }),
  }
  const first = [
    ...certificateFindings(examination),
    await look('Teams keys', () => checkKeys(access)),
    await look('Teams app', () => checkToken(means)),
  ]
  if (first.some(({ name, ok }) => name === 'Teams app' && !ok)) return first
  return [
    ...first,
    await look('Teams connector', () => checkConnector(means)),
    ...(await inTurn(examination.channels, 'Teams channel', (at) => checkChannel(means, at))),
    ...(await graphFindings(means)),
  ]
}

type Result = Omit<Finding, 'name'>

/** Without a token for Graph nothing more can be said of people. */
async function graphFindings(means: Means): Promise<readonly Finding[]> {
  const token = await look('Graph token', () => checkGraphToken(means))
  if (!token.ok) return [token]
  const permissions = []
  for (const permission of ['User.Read.All', 'GroupMember.Read.All'] as const)
    permissions.push(await look(`Graph ${permission}`, () => checkPermission(means, permission)))
  const { groups, people, directory } = means
  return [
    token,
    ...permissions,
    ...(await inTurn(groups, 'Entra group', (address) => checkGroup(directory, address))),
    ...(await inTurn(people, 'Entra user', (address) => checkPerson(directory, address))),
  ]
}

/** One after the other: Graph and the connector want calls to be few. */
async function inTurn(
  addresses: readonly string[],
  what: string,
  check: (address: string) => Promise<Result>,
): Promise<readonly Finding[]> {
  const findings = []
  for (const address of addresses) findings.push(await look(`${what} ${address}`, () => check(address)))
  return findings
}

async function look(name: string, check: () => Promise<Result>): Promise<Finding> {
  try {
    return { name, ...(await check()) }
  } catch (fault) {
    if (fault instanceof DirectoryFault) return { name, ...wrong(fault.message, graphFix(fault.message)) }
    return { name, ...wrong(saysOf(fault), lastingFix(fault) ?? awayFix) }
  }
}

const awayFix =
  'Look at the network between, and at the five TEAMS_ addresses if they are set: docs/teams.md, "National clouds".'

/** Graph's words stand in the fault: what is forbidden is a permission that was not agreed to. */
function graphFix(says: string): string {
  return / 403\b/.test(says)
    ? 'Grant admin consent for User.Read.All and GroupMember.Read.All (application permissions) under "API permissions" of the app registration.'
    : 'Correct the id under `directory` of bundle.yaml, or try again in a minute.'
}

function saysOf(fault: unknown): string {
  if (fault instanceof ConnectorFault) return fault.code
  return fault instanceof Error ? fault.message.slice(0, 200) : 'no answer'
}

function fine(detail: string): Result {
  return { ok: true, detail, fix: null }
}

function wrong(detail: string, fix: string): Result {
  return { ok: false, detail, fix }
}

/** Days before its end at which a certificate is said to end. */
const soon = 30
const day = 86_400_000

function certificateFindings({ access: { credential }, now }: Examination): readonly Finding[] {
  const name = 'Teams certificate'
  if (credential.kind === 'secret')
    return [
      {
        name: 'Teams secret',
        ok: true,
        look: true,
        detail: 'the app proves who it is by a secret, and nothing says when it expires',
        fix: 'Look under "Certificates & secrets" of the app registration; a certificate is better: docs/teams.md, "Certificate or secret".',
      },
    ]
  const until = new Date(new X509Certificate(credential.certificate).validTo)
  const days = Math.floor((until.getTime() - now.getTime()) / day)
  const detail = `ends at ${until.toISOString().slice(0, 10)}`
  const fix = 'Make another one, upload it beside this one, then name it in TEAMS_CERTIFICATE_FILE.'
  if (days < 0) return [{ name, ...wrong(`ended at ${until.toISOString().slice(0, 10)}`, fix) }]
  return [
    { name, ok: true, detail, fix: days < soon ? fix : null, ...(days < soon && { look: true as const }) },
  ]
}

const keysAnswer = z.object({ keys: z.array(z.object({ kid: z.string() })) })

/** Milliseconds for one question. */
const limit = 8_000

async function checkKeys({ services }: TeamsAccess): Promise<Result> {
  const answer = await call({ method: 'GET', url: services.keys, limit })
  const read = keysAnswer.safeParse(answer.status === 200 ? jsonIn(answer) : null)
  if (read.success && read.data.keys.length > 0)
    return fine(`${read.data.keys.length} keys at ${services.keys}`)
  return wrong(`no keys at ${services.keys}: nothing that Teams sends could be believed`, awayFix)
}

async function checkToken({ tokens, access }: Means): Promise<Result> {
  await tokens.tokenFor('connector')
  return fine(`${access.appId} in the tenant ${access.tenant}`)
}

async function checkGraphToken({ tokens }: Means): Promise<Result> {
  await tokens.tokenFor('graph')
  return fine('Entra gives one')
}

async function checkConnector({ access, tokens }: Means): Promise<Result> {
  await askTaken({ access, tokens, watch: { answered() {}, refused() {}, unanswered() {} } })
  return fine(`${access.services.connector} takes us`)
}

const refusal = z.object({ error: z.object({ code: z.string().regex(/^\w{1,80}$/) }) })

/** Whether the app is in the team of the channel: asks who else is, which posts nothing. */
async function checkChannel({ access, tokens }: Means, address: string): Promise<Result> {
  const id = conversationIn(address)
  if (id === null)
    return wrong('not a channel of Teams', 'Correct `teams_channel` under `directory` of bundle.yaml.')
  const token = await tokens.tokenFor('connector')
  const answer = await call({
    method: 'GET',
    url: `${access.services.connector}/v3/conversations/${encodeURIComponent(id)}/pagedmembers?pageSize=50`,
    headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
    limit,
  })
  if (answer.status === 200) return fine('the app is in its team')
  const read = refusal.safeParse(jsonIn(answer))
  const code = read.success ? read.data.error.code : `http_${answer.status}`
  return wrong(code, channelFixes[code] ?? `Look in Teams whether the app is in the team of ${id}.`)
}

const channelFixes: Readonly<Record<string, string>> = {
  BotNotInConversationRoster: 'Add the app to the team of this channel: docs/teams.md, "Install".',
  ForbiddenOperationException: 'Add the app to the team of this channel: docs/teams.md, "Install".',
  ConversationNotFound:
    'There is no such channel: copy its id again ("Get link to channel" in Teams), and correct `teams_channel` in bundle.yaml.',
}

/** One of the smallest questions that the permission is needed for. */
async function checkPermission({ graph }: Means, permission: 'User.Read.All' | 'GroupMember.Read.All') {
  const kind = permission === 'User.Read.All' ? 'users' : 'groups'
  const path = `${kind}?$top=1&$select=id`
  await graph.get({ what: permission, path }, z.object({ value: z.array(z.object({ id: z.string() })) }))
  return fine('granted')
}

async function checkGroup(directory: TeamsDirectory, address: string): Promise<Result> {
  const members = await directory.members({ kind: 'group', address, ref: address })
  if (members.length > 0) return fine(`${members.length} members`)
  return wrong(
    'nobody is in it, or there is no such group',
    'Add members to the group in Entra, or correct `entra_group` in bundle.yaml: an empty group can approve nothing.',
  )
}

async function checkPerson(directory: TeamsDirectory, address: string): Promise<Result> {
  const { name, active, guest, external } = await directory.account(address)
  const problem = !active ? 'is disabled' : guest ? 'is a guest' : external ? 'is of another tenant' : null
  if (problem === null) return fine(name)
  return wrong(`${name} ${problem}, and can decide nothing`, 'Name somebody else in bundle.yaml.')
}
