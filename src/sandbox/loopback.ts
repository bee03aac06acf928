/** Who may talk to the sandbox at all: this machine's own browser and programs, and no web page from elsewhere. */
import type { IncomingHttpHeaders } from 'node:http'

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]']

/**
 * Why a request is refused, or undefined when it is not. A `Host` that is not loopback is DNS rebinding: a foreign
 * name that was made to point here. An `Origin` that is not ours is a foreign page calling.
 */
export function refusalOf(headers: IncomingHttpHeaders): string | undefined {
  const host = headers.host ?? ''
  if (!loopbackNames.includes(host.toLowerCase().replace(/:\d+$/, ''))) {
    return 'The sandbox answers only on this machine: open it as http://localhost or http://127.0.0.1.'
  }
  const { origin } = headers
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
    return 'The sandbox does not answer pages from other sites.'
  }
  const site = headers['sec-fetch-site']
  const foreign = site === 'cross-site' || site === 'same-site'
  // Following a link to the page is fine; anything else from another site is not.
  if (foreign && headers['sec-fetch-mode'] !== 'navigate') return 'The sandbox does not answer other sites.'
  return undefined
}
