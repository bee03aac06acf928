import { type NewLimits, setAgentLimits } from '../approvals/people/agentLimits.ts'
import { addAgent, type Issued, revokeAgent, rotateKey } from '../approvals/people/agents.ts'
import { setAgentTags } from '../approvals/people/agentTags.ts'
import { confirmAgain } from '../approvals/people/confirmAgain.ts'
import { accountOf, currentPerson } from '../approvals/people/currentPeople.ts'
import { handOver } from '../approvals/people/handOver.ts'
import { lifetimeRule } from '../approvals/people/keyEnds.ts'
import { authenticateOperator } from '../approvals/people/operatorKeys.ts'
import type { Word } from '../approvals/people/word.ts'
import type { Ports } from '../approvals/ports.ts'
import type { Agent } from '../approvals/records.ts'
import { limitsOf } from '../core/agentLimits.ts'
import { durationPattern, secondsIn } from '../core/duration.ts'
import { Refusal } from '../core/refusal.ts'
import { sandboxAgents } from '../sandbox/seed.ts'
import { webhookSecret, withParts } from '../server/compose.ts'
import { type Config, isSandbox, readConfig } from '../server/config.ts'
import { callbackSecret } from '../server/outgoing.ts'
import { personClaim } from '../server/personClaim.ts'
import { thisShell } from '../server/shell.ts'
import { sayAsked } from './askedText.ts'
import { paint, say } from './say.ts'

export function addCommand(
  name: string,
  options: { readonly owner: string; readonly by?: string; readonly expires?: string },
): Promise<number> {
  const config = readConfig()
  return withParts(config, async ({ ports, secret }) => {
    const owner = personClaim(options.owner)
    const by = options.by ? personClaim(options.by) : owner
    const word = await wordOf(ports, config)
    const atOnce = await isFirstInSandbox(ports, config)
    const issued = await addAgent(atOnce ? { ...ports, confirms: false } : ports, {
      ...word,
      name,
      owner,
      by,
      lifetime: lifetimeOf(options.expires),
    })
    say(`${paint('green', '✓')} ${paint('bold', name)} is registered (${issued.agent.id}).`)
    sayKey(
      issued,
      { signs: webhookSecret(secret, issued.key.id), callbacks: callbackSecret(secret, issued.key.id) },
      config,
    )
    if (atOnce)
      say(
        'As the first one of a sandbox it works at once. Every other waits until its owner has confirmed it.',
      )
    return 0
  })
}

export function rotateCommand(
  name: string,
  options: { readonly by?: string; readonly expires?: string },
): Promise<number> {
  const config = readConfig()
  return withParts(config, async ({ ports, secret }) => {
    const by = await byOrOwner(ports, name, options.by)
    const lifetime = lifetimeOf(options.expires)
    const issued = await rotateKey(ports, { ...(await wordOf(ports, config)), name, by, lifetime })
    say(`${paint('green', '✓')} ${paint('bold', name)} has a new key; the old ones no longer work.`)
    sayKey(
      issued,
      { signs: webhookSecret(secret, issued.key.id), callbacks: callbackSecret(secret, issued.key.id) },
      config,
    )
    return 0
  })
}

/** Seconds. @throws Refusal `invalid_request` for what is no time */
function lifetimeOf(expires: string | undefined): number | null {
  if (expires === undefined) return null
  if (durationPattern.test(expires)) return secondsIn(expires)
  throw new Refusal('invalid_request', 'a lifetime that is none', [
    { pointer: '/expires', detail: lifetimeRule },
  ])
}

export function revokeCommand(name: string, options: { readonly by?: string }): Promise<number> {
  const config = readConfig()
  return withParts(config, async ({ ports }) => {
    const by = await byOrOwner(ports, name, options.by)
    await revokeAgent(ports, { ...(await wordOf(ports, config)), name, by })
    say(`${paint('green', '✓')} ${paint('bold', name)} is revoked, and so are its keys.`)
    return 0
  })
}

export function handOverCommand(
  name: string,
  options: { readonly to: string; readonly by: string },
): Promise<number> {
  const config = readConfig()
  return withParts(config, async ({ ports }) => {
    const { agent, confirmation } = await handOver(ports, {
      ...(await wordOf(ports, config)),
      name,
      to: personClaim(options.to),
      by: personClaim(options.by),
    })
    if (confirmation) {
      say(`${paint('bold', name)} is not handed over yet; until then it keeps its owner.`)
      sayAsked(confirmation, config)
      return 0
    }
    const owner = await accountOf(ports, await currentPerson(ports, agent.owner))
    say(
      `${paint('green', '✓')} ${paint('bold', name)} belongs to ${owner?.name ?? agent.owner} now, who can approve nothing that it asks.`,
    )
    say(
      `Its keys still work, and whoever made one stays behind what is asked with it. For new ones: countersign agents rotate ${name} --by <person>`,
    )
    return 0
  })
}

/** Sets all tags of an agent: those that are written, or with `--none` no tag. */
export function tagCommand(
  name: string,
  tags: readonly string[],
  options: { readonly none?: true; readonly by?: string },
): Promise<number> {
  const config = readConfig()
  return withParts(config, async ({ ports }) => {
    if ((tags.length === 0) === (options.none === undefined))
      throw new Refusal('invalid_request', 'no tags to set, or both some and none', [
        { pointer: '/tags', detail: 'Name every tag that the agent is to have, or --none alone.' },
      ])
    const by = await byOrOwner(ports, name, options.by)
    const agent = await setAgentTags(ports, { ...(await wordOf(ports, config)), name, by, tags })
    const has = agent.tags.length > 0 ? agent.tags.join(', ') : 'no tag'
    say(`${paint('green', '✓')} ${paint('bold', name)} has now: ${has}.`)
    return 0
  })
}

/** What the command line has of `--rate`, `--burst` and `--waiting`. */
interface LimitOptions {
  readonly rate?: string
  readonly burst?: string
  readonly waiting?: string
  readonly default?: true
  readonly by?: string
}

export function limitCommand(name: string, options: LimitOptions): Promise<number> {
  const config = readConfig()
  return withParts(config, async ({ ports }) => {
    const limits = newLimits(options)
    const by = await byOrOwner(ports, name, options.by)
    const agent = await setAgentLimits(ports, { ...(await wordOf(ports, config)), name, by, limits })
    say(`${paint('green', '✓')} ${paint('bold', name)} may now do: ${sayLimits(agent)}, on each server.`)
    return 0
  })
}

/** @throws Refusal `invalid_request` when nothing is to be set, or two things at once */
function newLimits(options: LimitOptions): NewLimits {
  const given = { perSecond: options.rate, burst: options.burst, waiting: options.waiting }
  const named = Object.entries(given).filter(([, text]) => text !== undefined)
  if ((named.length === 0) === (options.default === undefined))
    throw new Refusal('invalid_request', 'no limits to set, or both some and the defaults', [
      { pointer: '/limits', detail: 'Name --rate, --burst or --waiting, or --default alone.' },
    ])
  return options.default ? null : Object.fromEntries(named.map(([key, text]) => [key, Number(text)]))
}

function sayLimits(agent: Pick<Agent, 'limits'>): string {
  const { perSecond, burst, waiting } = limitsOf(agent)
  return `${perSecond} new requests a second, ${burst} at once, ${waiting} calls that wait`
}

export function confirmCommand(name: string): Promise<number> {
  const config = readConfig()
  return withParts(config, async ({ ports }) => {
    for (const { confirmation, anew } of await confirmAgain(ports, {
      name,
      via: 'cli',
      shell: thisShell(),
    })) {
      say(anew ? 'Asked again.' : 'They have been asked, and still can answer.')
      sayAsked(confirmation, config)
    }
    return 0
  })
}

export function listCommand(): Promise<number> {
  return withParts(readConfig(), async ({ ports }) => {
    const agents = await ports.store.agents()
    if (agents.length === 0) {
      say('No agents yet. Register one with: countersign agents add <name> --owner <person>')
      return 0
    }
    const deviations = await ports.store.deviations()
    const width = Math.max(...agents.map((agent) => agent.name.length))
    for (const agent of agents) {
      const owner = await accountOf(ports, await currentPerson(ports, agent.owner))
      say(
        `${agent.name.padEnd(width)}  ${states[await stateOf(ports, agent)]}  ${agent.id}  owner ${owner?.name ?? agent.owner}  since ${agent.createdAt.slice(0, 10)}${agent.limits ? `  ${sayLimits(agent)}` : ''}${sayTags(agent)}${sayDeviations(deviations.get(agent.id) ?? 0)}`,
      )
    }
    return 0
  })
}

function sayTags({ tags }: Agent): string {
  return tags.length > 0 ? `  tags ${tags.join(', ')}` : ''
}

/** How often what it did was reported to be something else than was approved. */
function sayDeviations(count: number): string {
  if (count === 0) return ''
  return `  ${paint('yellow', count === 1 ? 'deviated once' : `deviated ${count} times`)}`
}

const states = {
  active: paint('green', 'active     '),
  unconfirmed: paint('yellow', 'unconfirmed'),
  revoked: paint('dim', 'revoked    '),
} as const

/** An agent whose only living key is unconfirmed can do as little as one that is unconfirmed itself. */
async function stateOf({ store }: Ports, { id, status }: Agent): Promise<Agent['status']> {
  if (status !== 'active') return status
  const living = (await store.keysOf(id)).filter((key) => key.status !== 'revoked')
  return living.length > 0 && living.every((key) => key.status === 'unconfirmed') ? 'unconfirmed' : 'active'
}

/** On whose word this command is: of whoever has the shell, or of the person whose key the environment has. */
async function wordOf(ports: Ports, { operatorKey }: Config): Promise<Word> {
  return {
    via: 'cli',
    shell: thisShell(),
    operatorKey: operatorKey === null ? null : await authenticateOperator(ports, operatorKey),
  }
}

/** The first agent that somebody registers to try things out works at once: in a sandbox anybody can be anybody. */
async function isFirstInSandbox({ store }: Ports, config: Config): Promise<boolean> {
  if (!isSandbox(config)) return false
  const seeds: readonly string[] = sandboxAgents.map(({ name }) => name)
  return (await store.agents()).every(({ name }) => seeds.includes(name) || name.startsWith('policy-tool.'))
}

/** Without --by, whoever has the shell acts for the agent's owner, and the owner is behind the new key. */
async function byOrOwner(ports: Ports, name: string, by: string | undefined) {
  if (by) return personClaim(by)
  const agent = await ports.store.agent(name)
  if (!agent) throw new Refusal('unknown_agent', 'no agent of that name')
  const owner = await accountOf(ports, await currentPerson(ports, agent.owner))
  return personClaim(owner?.account ?? '')
}

function sayKey(
  { agent, key, credential, confirmation }: Issued,
  secrets: { readonly signs: string; readonly callbacks: string },
  config: Config,
): void {
  say()
  say(`  key              ${paint('cyan', credential)}`)
  say(`  webhook secret   ${paint('cyan', secrets.signs)}   (POST /v1/requests?agent=${agent.name})`)
  say(`  callback secret  ${paint('cyan', secrets.callbacks)}   (verifies what comes to callback_url)`)
  say()
  say(
    'They are shown only this once. The agent sends the key as "Authorization: Bearer …", or signs with the webhook secret.',
  )
  if (key.expiresAt !== null)
    say(`The key ends at ${key.expiresAt}. The owner is told seven days before, and then.`)
  if (confirmation) sayAsked(confirmation, config)
}
