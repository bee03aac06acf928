import { formatDuration } from '../core/duration.ts'
import { nothing, ours, outside, say, type Text, warning } from './span.ts'
import type { PromisedCredential, RequestView } from './view.ts'

/** More targets than that serve no action. */
const most = 3

/** What approvers have to know of credentials before their yes: for how long, what takes them back, and what they cannot bind. */
export function promisedCredentials({ credentials = [] }: RequestView): Text {
  const more = credentials.length - most
  const lines = credentials.slice(0, most).map(sayOne)
  return [...lines.flat(), ...(more > 0 ? say` And ${more} more such targets would.` : nothing)]
}

function sayOne({ target, ends, seconds, doesNotBind }: PromisedCredential): Text {
  const life = ours(formatDuration(seconds))
  const end =
    ends === 'at once'
      ? say`is ended with its last report, after ${life} at the latest`
      : say`lives ${life}, and ${warning} nobody can take it back before`
  return say` It can get a credential for ${outside(target, 60)}, which ${end}, and does not bind ${ours(doesNotBind)}.`
}
