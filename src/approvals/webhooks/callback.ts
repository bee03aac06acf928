import { Refusal } from '../../core/refusal.ts'
import type { Ports } from '../ports.ts'

/**
 * Asked again at each delivery, because a name may lead elsewhere by then (threats: ssrf).
 *
 * @throws Refusal `invalid_request` for an address that nothing is sent to
 */
export async function refuseCallback({ outgoing }: Ports, url: string | undefined): Promise<void> {
  const wrong = url === undefined ? null : await outgoing.refuse(url)
  if (wrong !== null)
    throw new Refusal('invalid_request', 'a callback to where nothing is sent', [
      { pointer: '/callback_url', detail: wrong },
    ])
}
