import { formatDuration } from '../core/duration.ts'
import { nothing, ours, outside, say, type Text, warning } from './span.ts'
import type { PromisedCredential, RequestView } from './view.ts'

/** More targets than that serve no action. */
const most = 3

/** Before the buttons, after a sentence: what nobody can take back any more once it is there. */
export function lastingCredentials(view: RequestView): Text {
  const credentials = all(view, ({ ends }) => ends === 'at expiry')
  return credentials.length > 0 ? say` ${credentials}` : nothing
}

/** Below them, where a phone's first screen may end: what ends with its last report. Nothing where there is none, or nobody is asked. */
export function endedCredentials(view: RequestView): { readonly credentials?: Text } {
  const credentials = all(view, ({ ends }) => ends === 'at once')
  return view.request.state === 'pending' && credentials.length > 0 ? { credentials } : {}
}

/** For how long, what takes it back, and what it cannot bind. */
function all({ credentials = [] }: RequestView, which: (one: PromisedCredential) => boolean): Text {
  const those = credentials.filter(which)
  const more = those.length - most
  const lines = [
    ...those.slice(0, most).map(sayOne),
    ...(more > 0 ? [say`And ${more} more such targets would.`] : []),
  ]
  return lines.flatMap((line, nth) => (nth === 0 ? line : say` ${line}`))
}

function sayOne(promised: PromisedCredential): Text {
  const { target, ends, seconds, longestSeconds, doesNotBind } = promised
  const life = ours(formatDuration(seconds))
  const lost =
    longestSeconds > seconds
      ? say` (one that is lost on its way to us, which nobody can end: ${ours(formatDuration(longestSeconds))})`
      : nothing
  const end =
    ends === 'at once'
      ? say`is ended with its last report, after ${life} at the latest${lost}`
      : say`lives ${life}, and ${warning} nobody can take it back before`
  return say`It can get a credential for ${outside(target, 60)}, which ${end}, and does not bind ${ours(doesNotBind)}.`
}
