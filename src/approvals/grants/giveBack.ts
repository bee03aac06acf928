import type { Ports } from '../ports.ts'
import { untilApplied } from '../untilApplied.ts'
import { type Presenter, presentedBy, spenderOf } from './presented.ts'
import { revoked } from './revoked.ts'

const outcomes = {
  agent: 'The agent gave its grant back.',
  resource: 'The resource gave the grant back.',
} as const

/**
 * The agent or a resource of its audience gives an unspent grant back: what was approved is revoked (RFC 7009). A token that gives
 * nothing, or is somebody else's, changes nothing, and nobody hears which of the two it was.
 *
 * @throws Refusal `busy`
 */
export async function giveBack(
  ports: Ports,
  { token, by }: { readonly token: string; readonly by: Presenter },
): Promise<void> {
  await untilApplied(ports, 'a grant that was given back', async () => {
    const found = await presentedBy(ports, token, by)
    if ('why' in found || found.request.state !== 'approved') return { change: null, answer: undefined }
    const spender = spenderOf(by)
    const change = revoked(ports, found.request, {
      by: spender.kind,
      outcome: outcomes[spender.kind],
      actor: { ...spender, via: 'api' },
    })
    return { change, answer: undefined }
  })
}
