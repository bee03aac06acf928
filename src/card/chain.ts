import { chainOf, type KnownHop, type Run } from '../core/chain.ts'
import { between, nothing, ours, say, shown, strong, type Text } from './span.ts'
import { lengthOf, word } from './text.ts'

interface Asked {
  readonly agent: { readonly id: string; readonly name: string }
  readonly run: Run | null
}

/** Characters of a chain that stand beside the person on a card, of which an agent must not push the rest out of sight; and of a name in it. */
const onFirstLine = { chain: 130, name: 20 } as const

/** Characters of a name where the whole chain stands. */
const longestName = 110

/**
 * ` → planner → *billing-agent* (checked) → tool export_csv (as the agent says)`, behind the person at its root; nothing where the agent says
 * nothing of it. All but the checked one is the agent's word, whatever it is called, and what nobody has registered here says so. A card
 * says of a long one how it begins, who was checked and how it ends, and the whole further down (`wholeChain`).
 */
export function chainText(asked: Asked, detail: 'card' | 'whole'): Text {
  const hops = chainOf(asked)
  if (hops.length === 0) return nothing
  const said =
    detail === 'card' && isLong(hops) ? shortened(hops) : hops.map((hop) => hopText(hop, longestName))
  return say` → ${between(said, ' → ')} (as the agent says)`
}

/** All of it, where a card could not say it beside the person; null elsewhere. */
export function wholeChain(asked: Asked): Text | null {
  const hops = chainOf(asked)
  if (!isLong(hops)) return null
  return between(
    hops.map((hop) => hopText(hop, longestName)),
    ' → ',
  )
}

/** The same as it is digested with what an approver saw, on one line: nothing of it is cut. Null where there is none. */
export function chainSeen(asked: Asked): string | null {
  const hops = chainOf(asked)
  return hops.length === 0 ? null : seenOf(hops)
}

function isLong(hops: readonly KnownHop[]): boolean {
  return lengthOf(seenOf(hops)) > onFirstLine.chain
}

function shortened(hops: readonly KnownHop[]): readonly Text[] {
  const isSaid = (hop: KnownHop, nth: number) => nth === 0 || nth === hops.length - 1 || hop.isChecked
  return hops.flatMap((hop, nth): readonly Text[] => {
    if (isSaid(hop, nth)) return [hopText(hop, onFirstLine.name)]
    const before = hops[nth - 1]
    if (before && !isSaid(before, nth - 1)) return []
    const next = hops.findIndex((one, at) => at > nth && isSaid(one, at))
    return [say`${next - nth} more`]
  })
}

function hopText(hop: KnownHop, longest: number): Text {
  const named = shown(word(hop.name), longest)
  return say`${ours(kindOf(hop))}${hop.isChecked ? strong`${named}` : named}${ours(knownAs(hop))}`
}

function seenOf(hops: readonly KnownHop[]): string {
  return hops.map((hop) => `${kindOf(hop)}${word(hop.name)}${knownAs(hop)}`).join(' → ')
}

function kindOf({ kind }: KnownHop): string {
  return kind === 'agent' ? '' : `${kind} `
}

function knownAs({ kind, agent, isChecked }: KnownHop): string {
  if (isChecked) return ' (checked)'
  return kind === 'agent' && agent === undefined ? ' (not registered)' : ''
}
