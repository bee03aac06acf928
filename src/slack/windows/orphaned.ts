import type { KnownBlock } from '@slack/types'
import type { OrphanedAgent } from '../../approvals/people/orphanedAgents.ts'
import { cut, isolated, revealLine } from '../../card/text.ts'
import { context, header, plain } from '../text/blocks.ts'

/** As many are listed; the rest is counted. */
const shown = 10

/** Agents for which nobody answers any more; nothing when there are none. */
export function orphanedBlocks(agents: readonly OrphanedAgent[]): KnownBlock[] {
  if (agents.length === 0) return []
  const lines = agents.slice(0, shown).map(({ name, owner }) => {
    const who = owner === null ? 'its owner' : isolated(cut(revealLine(owner), 80))
    return context(plain(`⚠ ${name}: ${who} has left`))
  })
  const more = agents.length - shown
  return [
    header('Agents whose owner has left'),
    ...lines,
    ...(more > 0 ? [context(plain(`and ${more} more`))] : []),
    context(
      plain(
        'What the policy would allow them is asked about or denied, until whoever runs Countersign gives them another owner: countersign agents hand-over <name> --to <person> --by <person>',
      ),
    ),
  ]
}
