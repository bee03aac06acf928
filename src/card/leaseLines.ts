import type { Entry } from '../ledger/entry.ts'
import { onDay, outside, say, strong, type Text, warning } from './span.ts'
import type { RequestView } from './view.ts'

/** What the thread says of a credential. */
export function ofLease(
  _: RequestView,
  entry: Entry,
): { readonly line: Text; readonly more: readonly never[] } | null {
  const line = leaseLine(entry)
  return line && { line, more: [] }
}

/** What is told of a credential, or null where that is no news: that nobody was given one. The target's name is the operator's. */
function leaseLine({ type, data }: Entry): Text | null {
  const target: Text = [outside(String(data.target), 60)]
  const until = onDay(String(data.expires_at))
  if (type === 'lease.issued') return say`The agent was given a credential for ${target}, until ${until}.`
  if (type === 'lease.expires')
    return say`${warning} ${strong`The credential for ${target} cannot be taken back.`} It is out until ${until}.`
  return data.why === 'no_answer' ? null : say`The credential for ${target} has ended.`
}
