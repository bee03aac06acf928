import type { Group, Simulation } from './simulate.ts'
import type { Difference } from './stricter.ts'

/**
 * How a simulation reads in a terminal (docs/policy-tools.md#simulate). `recorded` is how many of the requests were made before: the
 * change itself may be replayed beside them. `milliseconds` is how long that took.
 */
export function simulationText(
  simulation: Simulation,
  { recorded, milliseconds }: { readonly recorded: number; readonly milliseconds: number },
): string {
  const { base, head, replayed, unchanged, tightened, loosened, moved, groups } = simulation
  const told = moved > 0 ? ` (${moved} with other channels or reminders)` : ''
  const lines = [
    `replayed ${recorded} request${recorded === 1 ? '' : 's'}${beside(simulation, recorded)} in ${Math.round(milliseconds)} ms`,
    `  base ${base.name}@${shortId(base.digest)}`,
    `  head ${head.name}@${shortId(head.digest)}`,
    '',
    ...simulation.matrix.map(({ from, to, count }) => `${pad(count, 8)}  ${from} → ${to}`),
    ...(replayed > 0 ? [''] : []),
    `  unchanged ${unchanged}${told} · tightened ${tightened} · ${loosened > 0 ? 'LOOSENED' : 'loosened'} ${loosened}`,
    ...section('loosened', groups.loosened),
    ...section('tightened', groups.tightened),
    ...asked(simulation),
  ]
  return `${lines.join('\n')}\n`
}

/**
 * One short paragraph for people who decide about the change: the counts, and what the largest groups lose. `recorded` is
 * how many of the requests were made before; with none of those, counts would only seem to say something.
 */
export function simulationSummary(simulation: Simulation, recorded: number): string {
  const { unchanged, tightened, loosened, groups } = simulation
  const nothing = 'There are no recorded requests to compare by.'
  if (recorded === 0 && loosened === 0) return nothing
  const counts =
    recorded === 0
      ? `${nothing} This change itself would be judged more loosely.`
      : `Of the last ${recorded === 1 ? 'request' : `${recorded} requests`}${beside(simulation, recorded)}, ${loosened} would be judged more loosely, ${tightened} more strictly, ${unchanged} as now.`
  const worst = groups.loosened
    .slice(0, 3)
    .map((group) => `${group.count} × ${group.action}: ${changesOf(group) || `${group.from} → ${group.to}`}`)
  const more = groups.loosened.length - worst.length
  return [counts, ...worst, ...(more > 0 ? [`and ${more} more groups`] : [])].join(' | ').slice(0, 1_000)
}

function beside({ replayed }: Simulation, recorded: number): string {
  return replayed > recorded ? ' and this change itself' : ''
}

/** `sha256:95636f17…` as `95636f17caef`. */
export function shortId(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12)
}

function section(title: string, groups: readonly Group[]): readonly string[] {
  if (groups.length === 0) return []
  return ['', title, ...groups.flatMap(groupLines)]
}

function groupLines(group: Group): readonly string[] {
  const { action, from, to, count, example } = group
  return [
    `${pad(count, 7)} × ${action}: ${from} → ${to}`,
    ...(changesOf(group) ? [`          ${changesOf(group)}`] : []),
    `          e.g. ${example.id}: ${example.says}`,
  ]
}

/** The fields that differ. The verdict is left out: it stands beside them already. */
export function changesOf({ differences }: Pick<Group, 'differences'>): string {
  return differences
    .filter(({ field }) => field !== 'verdict')
    .map(sayDifference)
    .join('; ')
}

function sayDifference({ field, from, to, both }: Difference): string {
  return `${field} ${from} → ${to}${both ? ' (other people, counted as loosened)' : ''}`
}

function asked({ askedOf }: Simulation): readonly string[] {
  if (askedOf.length === 0) return []
  const width = Math.max(...askedOf.map(({ ref }) => ref.length))
  const lines = askedOf.map(({ ref, from, to }) => `  ${ref.padEnd(width)} ${pad(from, 8)} → ${pad(to, 8)}`)
  return ['', 'approvals asked of', ...lines]
}

function pad(count: number, width: number): string {
  return String(count).padStart(width)
}
