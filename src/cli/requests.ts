import { revokeByOperator } from '../approvals/grants/revokeByOperator.ts'
import { viewOf } from '../approvals/inspect.ts'
import { titleOfState } from '../card/titles.ts'
import { Refusal } from '../core/refusal.ts'
import { withParts } from '../server/compose.ts'
import { readConfig } from '../server/config.ts'
import { thisShell } from '../server/shell.ts'
import { paint, say } from './say.ts'

export function revokeRequestCommand(id: string, options: { readonly reason: string }): Promise<number> {
  return withParts(readConfig(), async ({ ports }) => {
    await revokeByOperator(ports, { request: id, reason: options.reason, via: 'cli', shell: thisShell() })
    say(`${paint('green', '✓')} ${paint('bold', id)} is revoked: the agent can no longer go ahead.`)
    return 0
  })
}

/** How a request stands, without what its agent wrote: that is in its card. */
export function showRequestCommand(id: string): Promise<number> {
  return withParts(readConfig(), async ({ ports }) => {
    const request = await ports.store.request(id)
    if (!request) throw new Refusal('unknown_request', 'no request of that id')
    const { request: shown } = await viewOf(ports, request)
    say(`${paint('bold', shown.id)}  ${titleOfState(shown)}`)
    say(`  state    ${shown.state}`)
    say(`  action   ${shown.action.action} in ${shown.action.environment}`)
    say(`  digest   ${shown.digest}`)
    say(`  agent    ${shown.agent.name} (${shown.agent.id})`)
    say(`  asked    ${shown.createdAt}`)
    if (shown.settledAt) say(`  settled  ${shown.settledAt}  ${shown.outcome ?? ''}`)
    const { grant } = shown
    if (!grant) return 0
    say(`  grant    ${grant.id} for ${grant.audience}, until ${grant.expiresAt}`)
    const { redeemed } = grant
    if (redeemed) say(`  redeemed ${redeemed.at} by the ${redeemed.by.kind} ${redeemed.by.id}`)
    return 0
  })
}
