import { pino } from 'pino'
import type { ChannelTokens, KeptTokens, TokenPair } from '../approvals/channelTokens.ts'
import { newEntry } from '../approvals/newEntry.ts'
import { onlyClaimed, saidBy } from '../approvals/people/word.ts'
import type { Shell } from '../core/confirmation.ts'
import type { JsonObject } from '../core/json.ts'
import type { EntryType, NewEntry } from '../ledger/entry.ts'
import { type SlackIdentity, WrongToken, whoAmI } from '../slack/identity.ts'
import { createClients } from '../slack/outbound/clients.ts'
import { slackFault } from '../slack/outbound/fault.ts'
import { lastingFix } from '../slack/outbound/tokenFaults.ts'
import { channelTokensOn } from '../store/channelTokens.ts'
import { type Parts, withParts } from './compose.ts'
import type { Config } from './config.ts'
import { StartFault } from './startFault.ts'

/** Milliseconds in which a server, or this command, gets the first pair renewed; and between two looks. */
const renewal = { patience: 20_000, look: 250 } as const

/**
 * Puts the first pair of tokens in, and has it renewed at once: that shows that the rest is right, too, and what was copied is worth nothing
 * from then on. Resolves to what is kept then: with a life when it was renewed, else with why not.
 *
 * @param text what was given on standard input: the two tokens, in any order
 * @throws StartFault and nothing is changed
 */
export async function putTokensIn(config: Config, text: string, shell: Shell): Promise<KeptTokens> {
  refuseWithoutRotation(config)
  const pair = pairIn(text)
  return withTokens(config, async ({ ports, slack }, tokens) => {
    const { teamId, enterpriseId, organisationWide, appId } = await ownerOf(pair, config)
    const place = `slack:${organisationWide ? enterpriseId : teamId}`
    const entry = entryOf(ports, 'channel.connected', { shell, data: { place, app: appId } })
    const put = await tokens.set(place, pair, entry)
    if (put !== 'set')
      throw new StartFault({
        problem: `The database has the tokens of another workspace: ${put.other}. Nothing was changed.`,
        fix: 'To move to this workspace, remove those first: countersign slack tokens remove',
      })
    for (let waited = 0; ; waited += renewal.look) {
      await slack?.rotating?.look()
      const kept = await tokens.read()
      if (!kept) throw removedMeanwhile
      // A server may have had the turn.
      if (kept.lifeSeconds > 0 || kept.failed !== null || waited >= renewal.patience) return kept
      await new Promise((resolve) => setTimeout(resolve, renewal.look))
    }
  })
}

/** What is kept; null while nobody has put anything in. */
export function keptTokens(config: Config): Promise<KeptTokens | null> {
  refuseWithoutRotation(config)
  return withTokens(config, (_, tokens) => tokens.read())
}

/** Resolves to whose they were; null when there were none. */
export function removeTokens(config: Config, shell: Shell): Promise<string | null> {
  refuseWithoutRotation(config)
  return withTokens(config, async ({ ports }, tokens) => {
    const kept = await tokens.read()
    if (!kept) return null
    const { place } = kept
    const isGone = await tokens.remove(
      place,
      entryOf(ports, 'channel.disconnected', { shell, data: { place } }),
    )
    return isGone ? place : null
  })
}

function withTokens<T>(
  config: Config,
  work: (parts: Parts, tokens: ChannelTokens) => Promise<T>,
): Promise<T> {
  return withParts(config, (parts) => work(parts, channelTokensOn(parts.store.pool, parts.signing.sealer)), {
    withoutPeople: true,
  })
}

function refuseWithoutRotation({ slack }: Config): void {
  if (slack?.credentials) return
  throw new StartFault({
    problem: 'SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are not set, so no token is kept in the database.',
    fix: 'Set both ("Basic Information" of your Slack app) in place of SLACK_BOT_TOKEN: docs/slack.md, "Tokens that rotate".',
  })
}

/** Nothing of what was given is repeated. */
function pairIn(text: string): TokenPair {
  const words = text.split(/\s+/).filter(Boolean)
  const access = words.filter((word) => word.startsWith('xoxe.xoxb-'))
  const refresh = words.filter((word) => word.startsWith('xoxe-'))
  if (words.length === 2 && access[0] && refresh[0]) return { access: access[0], refresh: refresh[0] }
  throw new StartFault({
    problem: `Standard input has to hold two tokens and nothing else; it holds ${words.length} words, ${access.length} of which begin with xoxe.xoxb- and ${refresh.length} with xoxe-. Nothing was changed.`,
    fix: 'Give the access token (xoxe.xoxb-…) and the refresh token (xoxe-…) of the app, on a line each.',
  })
}

/** Who the access token belongs to, as Slack says. */
async function ownerOf({ access }: TokenPair, { slack }: Config): Promise<SlackIdentity> {
  const heard = { answered() {}, refused() {}, unanswered() {} }
  const { clicks } = createClients(
    { botToken: access, apiUrl: slack?.apiUrl ?? null, teamId: slack?.teamId ?? null },
    pino({ level: 'silent' }),
    heard,
  )
  try {
    return await whoAmI(clicks, slack?.teamId ?? null)
  } catch (cause) {
    const { code } = slackFault(cause)
    throw new StartFault({
      problem: `Slack does not take the access token (${cause instanceof WrongToken ? cause.message : code}). Nothing was changed.`,
      fix:
        lastingFix(code) === null
          ? 'Try again in a minute.'
          : 'Copy the tokens of the app again; if they are old, install it again.',
      cause,
    })
  }
}

function entryOf(
  ports: Parts['ports'],
  type: EntryType,
  { shell, data }: { readonly shell: Shell; readonly data: JsonObject },
): NewEntry {
  const said = saidBy({ via: 'cli', shell }, onlyClaimed)
  return newEntry(ports, {
    type,
    actor: { kind: 'system', id: 'operator', via: 'cli' },
    subject: { kind: 'installation', id: ports.workspace },
    data: { ...said.data, ...data },
    kept: said.kept,
  })
}

const removedMeanwhile = new StartFault({
  problem: 'Somebody has removed the tokens meanwhile.',
  fix: 'Put them in again.',
})
