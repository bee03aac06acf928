import type { KeptTokens } from '../approvals/channelTokens.ts'
import type { Finding } from '../channels/finding.ts'
import type { Config } from '../server/config.ts'
import { accessOf } from '../server/slackAccess.ts'
import { StartFault } from '../server/startFault.ts'
import type { SlackAccess } from '../slack/outbound/clients.ts'
import { sealWith } from '../store/seal.ts'
import { knownSecret } from '../store/secretFile.ts'
import { readTokens } from '../store/tokensSeen.ts'
import { lookedAt } from './lookedAt.ts'
import { standing } from './slackTokens.ts'

/**
 * What calls Slack for whoever only looks: with the token of now, which is never renewed for this.
 *
 * @throws StartFault when there is none
 */
export async function accessToLook(config: Config): Promise<SlackAccess> {
  if (!config.slack?.credentials) return accessOf(config)
  const kept = await keptToLook(config)
  if (kept) return { ...accessOf(config), botToken: kept.access }
  throw new StartFault({
    problem:
      'There are no tokens of Slack in the database, or the database that comes with Countersign does not run.',
    fix: 'Put the first pair in: countersign slack tokens set',
  })
}

/** The same for a client that is made before anybody knows whether it will call. */
export function accessToLookLater(config: Config): SlackAccess {
  const { slack } = config
  const access = {
    botToken: slack?.botToken ?? '',
    teamId: slack?.teamId ?? null,
    apiUrl: slack?.apiUrl ?? null,
  }
  if (!slack?.credentials) return access
  return {
    ...access,
    rotating: {
      current: async () => (await accessToLook(config)).botToken,
      after: async (refused) => refused,
    },
  }
}

/** For `doctor`: how the tokens of now stand; nothing where they do not rotate. @throws StartFault, StoreFault */
export async function tokenFindings(config: Config): Promise<readonly Finding[]> {
  if (!config.slack?.credentials) return []
  const kept = await keptToLook(config)
  const name = 'Slack tokens'
  if (!kept) return [] // what calls Slack says so
  const isWell = kept.failed === null && kept.leftSeconds > 0
  const fix = 'docs/slack.md, "Tokens that rotate", says what to do.'
  return [{ name, ok: isWell, detail: `${kept.place}: ${standing(kept)}`, fix: isWell ? null : fix }]
}

async function keptToLook(config: Config): Promise<KeptTokens | null> {
  const secret = knownSecret(config.dataDir, config.secret)
  if (!secret) return null
  return lookedAt(config, (databaseUrl, log) => readTokens(databaseUrl, { log, sealer: sealWith(secret) }))
}
