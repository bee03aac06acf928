import type { CallWatch } from '../../channels/reach.ts'
import type { TeamsAccess } from '../access.ts'
import { call } from './call.ts'
import { ConnectorFault } from './fault.ts'
import { codeOf, lastingFix } from './refusals.ts'
import type { Tokens } from './tokens.ts'

/** Milliseconds for the question. */
const limit = 8_000

/**
 * Asks the connector whether it takes us, without telling anybody anything: with a token for it, anything but 401 is an answer to somebody
 * whom it knows. What comes of it is heard.
 *
 * @throws ConnectorFault when it does not, or does not answer
 */
export async function askTaken({
  access,
  tokens,
  watch,
}: {
  readonly access: Pick<TeamsAccess, 'services'>
  readonly tokens: Tokens
  readonly watch: CallWatch
}): Promise<void> {
  try {
    const token = await tokens.tokenFor('connector')
    const { status } = await call({
      method: 'GET',
      url: `${access.services.connector}/v3/conversations`,
      headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
      limit,
    })
    if (status === 401) {
      // It may have been taken from us before its time: the next time there is another one.
      tokens.forget('connector', token)
      throw new ConnectorFault({ code: 'Unauthorized', status, unknown: false })
    }
    if (status >= 500) throw new ConnectorFault({ code: `http_${status}`, status, unknown: false })
    watch.answered()
  } catch (fault) {
    if (lastingFix(fault) === null) watch.unanswered(codeOf(fault))
    else watch.refused(codeOf(fault))
    throw fault
  }
}
