import type { JsonObject } from '../../core/json.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { NewEntry } from '../../ledger/entry.ts'
import { requestEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import { type Presenter, spenderOf } from './presented.ts'

/** What is recorded of an attempt to redeem. The attempt's name is its spender's own words, so it stands beside the leaf. */
export function grantEntry(
  ports: Ports,
  request: ActionRequest,
  about: {
    readonly ask: { readonly by: Presenter; readonly attempt: string }
    readonly type: 'grant.redeemed' | 'redemption.repeated' | 'grant.replayed' | 'grant.mismatched'
    readonly data?: JsonObject
  },
): NewEntry {
  const { ask, type, data = {} } = about
  const spender = spenderOf(ask.by)
  const { id = null, audience = null } = request.grant ?? {}
  return requestEntry(ports, request, {
    type,
    actor: { ...spender, via: 'api' },
    data: { grant: id, audience, by: spender.kind, ...data },
    kept: { attempt: ask.attempt },
  })
}
