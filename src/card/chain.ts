import { chainOf, type KnownHop, type Run } from '../core/chain.ts'
import { between, nothing, ours, say, shown, strong, type Text } from './span.ts'
import { word } from './text.ts'

interface Asked {
  readonly agent: { readonly id: string; readonly name: string }
  readonly run: Run | null
}

/** Characters of a name: eight of them have to be read beside each other. */
const longestShown = 60

/**
 * ` → planner → *billing-agent* (checked) → tool export_csv (as the agent says)`, behind the person at its root; nothing where the agent says
 * nothing of it. All but the checked one is the agent's word, whatever it is called, and what nobody has registered here says so.
 */
export function chainText(asked: Asked): Text {
  const hops = chainOf(asked)
  if (hops.length === 0) return nothing
  return say` → ${between(hops.map(hopText), ' → ')} (as the agent says)`
}

function hopText(hop: KnownHop): Text {
  const named = shown(word(hop.name), longestShown)
  return say`${ours(kindOf(hop))}${hop.isChecked ? strong`${named}` : named}${ours(knownAs(hop))}`
}

/** The same as it is digested with what an approver saw, on one line: nothing of it is cut. Left out where there is none. */
export function chainSeen(asked: Asked): string | null {
  const hops = chainOf(asked)
  if (hops.length === 0) return null
  return hops.map((hop) => `${kindOf(hop)}${word(hop.name)}${knownAs(hop)}`).join(' → ')
}

function kindOf({ kind }: KnownHop): string {
  return kind === 'agent' ? '' : `${kind} `
}

function knownAs({ kind, agent, isChecked }: KnownHop): string {
  if (isChecked) return ' (checked)'
  return kind === 'agent' && agent === undefined ? ' (not registered here)' : ''
}
