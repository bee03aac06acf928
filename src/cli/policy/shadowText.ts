import type { Replica } from '../../approvals/policy/replicas.ts'
import type { PolicyVersion } from '../../approvals/records.ts'
import type {
  Shadow,
  ShadowDifference,
  ShadowRecord,
  ShadowReplica,
  ShadowTotals,
} from '../../approvals/shadow/records.ts'
import { formatDuration } from '../../core/duration.ts'
import { commandToVerify } from '../../ledger/place.ts'
import { changesOf, shortId } from '../../policyTools/simulation/simulateText.ts'

/** All that is told of a shadow. */
export interface ShadowReport {
  readonly shadow: Shadow
  readonly totals: ShadowTotals
  /** The bundles that judged meanwhile. */
  readonly bases: readonly Pick<PolicyVersion, 'name' | 'digest'>[]
  readonly differences: readonly ShadowDifference[]
  readonly replicas: readonly ShadowReplica[]
  /** Servers that live and have said nothing of it. */
  readonly silent: readonly string[]
}

/** Servers say that they live every two seconds. */
const silentAfterSeconds = 10

export function reportOf(found: {
  readonly shadow: Shadow
  readonly record: ShadowRecord
  readonly live: readonly (Replica & { readonly silentSeconds: number })[]
  readonly bases: readonly PolicyVersion[]
}): ShadowReport {
  const { shadow, record, live, bases } = found
  const { replicas, differences } = record
  const sum = (of: keyof ShadowTotals) => replicas.reduce((all, one) => all + one[of], 0)
  return {
    shadow,
    totals: {
      unchanged: sum('unchanged'),
      tightened: sum('tightened'),
      loosened: sum('loosened'),
      failed: sum('failed'),
      dropped: sum('dropped'),
    },
    bases: bases.map(({ name, digest }) => ({ name, digest })),
    differences,
    replicas,
    silent: shadow.ended
      ? []
      : live
          .filter(
            ({ id, silentSeconds }) =>
              silentSeconds < silentAfterSeconds && !replicas.some((one) => one.id === id),
          )
          .map(({ name }) => name),
  }
}

/** How it reads in a terminal, like a simulation: what would be looser comes first. */
export function reportText(report: ShadowReport, now: Date): string {
  const { totals, differences, bases } = report
  const judged = totals.unchanged + totals.tightened + totals.loosened
  const moved = countOf(differences.filter(({ outcome }) => outcome === 'moved'))
  const told = moved > 0 ? ` (${moved} with other channels or reminders)` : ''
  const lines = [
    ...heading(report),
    '',
    judged === 0
      ? '  Nothing was asked yet that it could judge.'
      : `  unchanged ${totals.unchanged}${told} · tightened ${totals.tightened} · ${totals.loosened > 0 ? 'LOOSENED' : 'loosened'} ${totals.loosened}`,
    ...notJudged(totals),
    ...matrix(differences),
    ...section('loosened', { report, total: totals.loosened }),
    ...section('tightened', { report, total: totals.tightened }),
    ...(bases.length > 1 ? ['', `The active policy was ${bases.map(nameOf).join(', then ')}.`] : []),
    ...servers(report, now),
  ]
  return `${lines.join('\n')}\n`
}

function heading({ shadow, bases }: ShadowReport): readonly string[] {
  const { id, startedAt, endsAt, ended } = shadow
  const [base] = bases
  const beside = bases.length === 1 && base ? nameOf(base) : 'the active policy'
  const why = {
    stopped: 'it was stopped',
    over: 'its time was over',
    activated: 'it became the active policy',
  }
  return [
    `${nameOf(shadow)} ${ended ? 'judged' : 'judges'} beside ${beside}, and only reports (${id})`,
    ended
      ? `  from ${minuteOf(startedAt)} to ${minuteOf(ended.at)}: ${why[ended.why]}`
      : `  since ${minuteOf(startedAt)}, until ${minuteOf(endsAt)}`,
  ]
}

function notJudged({ failed, dropped }: ShadowTotals): readonly string[] {
  return [
    ...(failed > 0
      ? [`  not judged ${failed}: it threw, took too long, or does not know the form of their facts`]
      : []),
    ...(dropped > 0
      ? [`  not judged ${dropped}: more came than could be judged beside, or a server could not`]
      : []),
  ]
}

/** How many went from which verdict to which, most first. */
function matrix(differences: readonly ShadowDifference[]): readonly string[] {
  const cells = new Map<string, number>()
  for (const { from, to, count } of differences) {
    const cell = `${kindIn(from)} → ${kindIn(to)}`
    cells.set(cell, (cells.get(cell) ?? 0) + count)
  }
  if (cells.size === 0) return []
  const most = [...cells].sort((left, right) => right[1] - left[1])
  return ['', ...most.map(([cell, count]) => `${pad(count, 8)}  ${cell}`)]
}

/** `allow(repo.read)` as `allow`. */
function kindIn(verdict: string): string {
  return verdict.replace(/\(.*$/s, '')
}

function section(
  outcome: 'loosened' | 'tightened',
  { report, total }: { readonly report: ShadowReport; readonly total: number },
): readonly string[] {
  if (total === 0) return []
  const kinds = report.differences.filter((one) => one.outcome === outcome)
  const rest = total - countOf(kinds)
  return [
    '',
    outcome,
    ...kinds.flatMap((kind) => kindLines(kind, report)),
    ...(rest > 0 ? [`${pad(rest, 7)} × of other kinds, which are too many to be told apart`] : []),
  ]
}

function kindLines(kind: ShadowDifference, { bases }: ShadowReport): readonly string[] {
  const { action, from, to, count, examples, base } = kind
  const over = bases.length > 1 ? ` (beside ${shortId(base)})` : ''
  return [
    `${pad(count, 7)} × ${action}: ${from} → ${to}${over}`,
    ...(changesOf(kind) ? [`          ${changesOf(kind)}`] : []),
    ...examples.map((id) => `          ${commandToVerify(id)}`),
  ]
}

function servers({ shadow, replicas, silent }: ShadowReport, now: Date): readonly string[] {
  if (replicas.length + silent.length === 0)
    return ['', shadow.ended ? 'No server has judged by it.' : 'No server has said anything of it yet.']
  return [
    '',
    'servers',
    ...replicas.map((one) => {
      const judged = one.unchanged + one.tightened + one.loosened
      const ago = Math.max(0, Math.round((now.getTime() - Date.parse(one.seenAt)) / 1_000))
      const state = shadow.ended ? 'judged' : one.judges ? 'judges' : 'does NOT judge'
      return `  ${one.name}: ${state}, ${judged} so far, said so ${formatDuration(ago)} ago${one.problem === null ? '' : `: ${one.problem}`}`
    }),
    ...silent.map((name) => `  ${name}: has said nothing of it`),
  ]
}

function countOf(differences: readonly ShadowDifference[]): number {
  return differences.reduce((sum, { count }) => sum + count, 0)
}

function nameOf({ name, digest }: Pick<PolicyVersion, 'name' | 'digest'>): string {
  return `${name}@${shortId(digest)}`
}

function minuteOf(at: string): string {
  return `${at.slice(0, 16).replace('T', ' ')}Z`
}

function pad(count: number, width: number): string {
  return String(count).padStart(width)
}
