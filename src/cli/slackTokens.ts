import type { KeptTokens } from '../approvals/channelTokens.ts'
import { readConfig } from '../server/config.ts'
import { thisShell } from '../server/shell.ts'
import { keptTokens, putTokensIn, removeTokens } from '../server/slackTokens.ts'
import { exchangeFix } from '../slack/outbound/tokenExchange.ts'
import { paint, say } from './say.ts'

export async function putTokensInCommand(): Promise<number> {
  const config = readConfig()
  if (process.stdin.isTTY)
    say('Paste the access token and the refresh token, on a line each, then press Ctrl-D.')
  const kept = await putTokensIn(config, await everything(), thisShell())
  say(`${paint('green', '✓')} The tokens of ${kept.place} are in the database, sealed.`)
  say(standing(kept))
  return kept.failed === null && kept.lifeSeconds > 0 ? 0 : 1
}

export async function showTokensCommand(): Promise<number> {
  const kept = await keptTokens(readConfig())
  say(
    kept
      ? `${kept.place}  ${standing(kept)}`
      : 'There are no tokens of Slack. Put the first pair in: countersign slack tokens set',
  )
  return 0
}

export async function removeTokensCommand(): Promise<number> {
  const place = await removeTokens(readConfig(), thisShell())
  say(
    place === null
      ? 'There were none.'
      : `${paint('green', '✓')} The tokens of ${place} are removed. Slack still takes them: uninstall the app there, or revoke them.`,
  )
  return 0
}

/** How a pair stands, in a sentence. */
export function standing({ expiresAt, leftSeconds, lifeSeconds, failed }: KeptTokens): string {
  const until =
    lifeSeconds <= 0
      ? 'Not renewed yet.'
      : leftSeconds > 0
        ? `Good until ${expiresAt}, and renewed before.`
        : `Expired at ${expiresAt}.`
  if (failed === null) return until
  return `${until} Slack gave no next one (${failed}): ${exchangeFix(failed) ?? 'the servers try again every minute'}.`
}

async function everything(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}
