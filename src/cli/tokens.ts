import { accountOf, currentPerson } from '../approvals/people/currentPeople.ts'
import { revokeToken } from '../approvals/people/personalTokens.ts'
import { withParts } from '../server/compose.ts'
import { readConfig } from '../server/config.ts'
import { thisShell } from '../server/shell.ts'
import { paint, say } from './say.ts'

/** Tokens on a page. */
const pageSize = 50

/** Newest first; `before` is the last one of the page before. */
export function listTokensCommand(options: { readonly before?: string }): Promise<number> {
  return withParts(readConfig(), async ({ ports }) => {
    const { before } = options
    const page = { limit: pageSize, ...(before !== undefined && { before }) }
    const tokens = await ports.store.personalTokens(page)
    if (tokens.length === 0) say('No personal tokens. People make theirs in Slack: /approvals token')
    const now = ports.clock().toISOString()
    for (const token of tokens) {
      const person = await accountOf(ports, await currentPerson(ports, token.person))
      const state = token.status === 'active' && now >= token.endsAt ? 'over' : token.status
      const use =
        token.usedAt === null ? 'never decided with' : `last decided with ${token.usedAt.slice(0, 13)}h UTC`
      say(
        `${token.id}  ${state.padEnd(7)}  ${person?.name ?? token.account}  until ${token.endsAt.slice(0, 10)}  ${use}`,
      )
    }
    const last = tokens.at(-1)
    if (last && tokens.length === pageSize) say(`More: countersign people tokens list --before ${last.id}`)
    return 0
  })
}

export function revokeTokenCommand(id: string): Promise<number> {
  return withParts(readConfig(), async ({ ports }) => {
    const token = await revokeToken(ports, { token: id, via: 'cli', shell: thisShell() })
    say(
      `${paint('green', '✓')} ${paint('bold', token.id)} is revoked: nothing can be decided with it any more.`,
    )
    return 0
  })
}
