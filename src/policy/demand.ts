import { formatDuration } from '../core/duration.ts'
import { grantDefaults } from '../core/grant.ts'
import { didYouMean } from '../core/nearest.ts'
import type { GrantTerms, ReasonDemand } from '../core/requirement.ts'
import { inOrder, usualWays } from '../core/ways.ts'
import type { Condition, Demand, LegTemplate } from './bundle.ts'
import type { DefaultsShape, GrantShape, NotifyShape, RequireShape } from './format/demandSchema.ts'
import type { Address } from './format/directorySchema.ts'
import { type Expiry, sayExpiry } from './format/expirySchema.ts'
import type { Path } from './format/source.ts'
import { ownerIn } from './owners.ts'
import type { Fault } from './problem.ts'
import type { WorkingHours } from './time.ts'

export type Directory = ReadonlyMap<string, Address>
type Notify = DefaultsShape['notify']
type Written = { readonly require?: RequireShape | undefined; readonly notify?: NotifyShape | undefined }

/**
 * What a rule asks for, with everything it leaves out taken from the defaults, property by property. Done once at
 * load: otherwise a rule that says nothing about approvers would lose its default leg when a second rule fires
 * (docs/policy.md#how-a-verdict-is-reached).
 */
export function demandOf(
  { require, notify }: Written,
  { defaults, directory }: { readonly defaults: DefaultsShape; readonly directory: Directory },
  confirm: readonly Condition[] = [],
): Demand {
  const { seconds: expiresInSeconds, working } = require?.expires_in ?? defaults.expires_in
  const warn = notify?.warn ?? defaults.notify.warn
  const escalate = notify?.escalate ?? defaults.notify.escalate ?? []
  const channel = directory.get(notify?.channel ?? defaults.notify.channel)
  return {
    legs: (require?.approvals ?? defaults.approvals).map(legOf),
    denyCount: require?.deny_count ?? defaults.deny_count ?? 1,
    expiresInSeconds,
    ...(working && { countsWorkingHours: true as const }),
    grant: grantOf(require?.grant, defaults.grant),
    channels: channel && 'channels' in channel ? channel.channels : [],
    remindAfterSeconds: notify?.remind ?? defaults.notify.remind ?? [],
    ...(warn !== undefined && { warnBeforeSeconds: warn }),
    reason: reasonOf(require?.reason ?? defaults.reason),
    confirm,
    stepUp: (require?.step_up ?? defaults.step_up) !== undefined,
    via: inOrder(require?.via ?? defaults.via ?? usualWays),
    // The defaults' escalations may come too late for a rule that expires sooner; its own were refused if they do.
    escalate: escalate
      .filter(({ after }) => working || after < expiresInSeconds)
      .map(({ after, to }) => ({ afterSeconds: after, to })),
  }
}

/** What a grant of a rule, or of a path, leaves out is taken from the defaults, and what these leave out from ours. */
export function grantOf(own: GrantShape | undefined, defaults: GrantShape | undefined): GrantTerms {
  return {
    withinSeconds: own?.within ?? defaults?.within ?? grantDefaults.withinSeconds,
    ttlSeconds: own?.ttl ?? defaults?.ttl ?? grantDefaults.ttlSeconds,
    uses: 1,
  }
}

/** Null when nothing is asked. */
export function reasonOf(written: RequireShape['reason']): ReasonDemand | null {
  if (written === undefined) return null
  return {
    minLength: written.min_length ?? 1,
    patterns: written.pattern === undefined ? [] : [written.pattern],
    ...(written.hint !== undefined && { hints: [written.hint] }),
  }
}

/** A deadline that counts working hours where bundle.yaml does not say when people work. */
export function hourless(
  expiresIn: Expiry | undefined,
  workingHours: WorkingHours | undefined,
  path: Path,
): readonly Fault[] {
  if (!expiresIn?.working || workingHours !== undefined) return []
  const message =
    'This counts working hours, and bundle.yaml does not say when people work: add `working_hours` there.'
  return [{ path: [...path, 'expires_in'], code: 'schema/missing', message }]
}

/** Escalations of a rule, or of the defaults, that would come when the request has expired already. */
export function lateEscalations(written: Written, defaults: DefaultsShape, at: Path): readonly Fault[] {
  const expiresIn = written.require?.expires_in ?? defaults.expires_in
  return (written.notify?.escalate ?? []).flatMap(({ after }, index): Fault[] => {
    // When working hours end depends on when something is asked.
    if (expiresIn.working || after < expiresIn.seconds) return []
    const message = `This comes after ${formatDuration(after)}, when the request has already expired (${sayExpiry(expiresIn)}): make it earlier.`
    return [{ path: [...at, 'escalate', index, 'after'], code: 'escalate/after-expiry', message }]
  })
}

/** Names that the directory does not declare, among the sources and the channel of a rule or of the defaults. */
export function undeclared(
  written: Written,
  directory: Directory,
  at: { require: Path; notify: Path },
): readonly Fault[] {
  const legs = written.require?.approvals ?? []
  const sources = legs.flatMap(({ from }, leg) =>
    from.map((name, index) => ({ name, path: [...at.require, 'approvals', leg, 'from', index] })),
  )
  const faults = sources
    .filter(({ name }) => ownerIn(name) === null)
    .flatMap(({ name, path }) => nameFaults(name, directory, path))
  const channel: Notify['channel'] | undefined = written.notify?.channel
  const escalations = (written.notify?.escalate ?? []).flatMap(({ to }, index) =>
    nameFaults(to, directory, [...at.notify, 'escalate', index, 'to']),
  )
  const channels = channel === undefined ? [] : nameFaults(channel, directory, [...at.notify, 'channel'])
  return [...faults, ...channels, ...escalations]
}

/** One fault when a name is not in the directory, none when it is. */
export function nameFaults(name: string, directory: Directory, path: Path): readonly Fault[] {
  if (directory.has(name)) return []
  const hint = didYouMean(name, directory.keys())
  return [
    {
      path,
      code: 'directory/unknown',
      message: `"${name}" is not in \`directory\` of bundle.yaml: add it there.${hint}`,
    },
  ]
}

/** Sorted, so that two rules that name the same people in another order ask for the same set; the owner comes first. */
function legOf({ name, from, count }: NonNullable<RequireShape['approvals']>[number]): LegTemplate {
  const owners = from.filter((source) => ownerIn(source) !== null).sort()
  const named = from.filter((source) => ownerIn(source) === null).sort()
  return { name, from: [...owners, ...named], count }
}
