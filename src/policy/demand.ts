import { didYouMean } from '../core/nearest.ts'
import type { Demand, LegTemplate } from './bundle.ts'
import type { Address } from './bundleSchema.ts'
import type { DefaultsShape, NotifyShape, RequireShape } from './demandSchema.ts'
import type { Fault } from './problem.ts'
import type { Path } from './yaml.ts'

type Directory = ReadonlyMap<string, Address>
type Notify = DefaultsShape['notify']
type Written = { readonly require?: RequireShape | undefined; readonly notify?: NotifyShape | undefined }

/**
 * What a rule asks for, with everything it leaves out taken from the defaults, property by property. Done once at
 * load: otherwise a rule that says nothing about approvers would lose its default leg when a second rule fires
 * (policy.md section 4.6).
 */
export function demandOf(
  { require, notify }: Written,
  defaults: DefaultsShape,
  directory: Directory,
): Demand {
  const channel = directory.get(notify?.channel ?? defaults.notify.channel)
  return {
    legs: (require?.approvals ?? defaults.approvals).map(legOf),
    denyCount: require?.deny_count ?? defaults.deny_count ?? 1,
    expiresInSeconds: require?.expires_in ?? defaults.expires_in,
    grant: { ttlSeconds: require?.grant?.ttl ?? defaults.grant.ttl, uses: 1 },
    channels: channel && 'channel' in channel ? [channel.channel] : [],
    remindAfterSeconds: notify?.remind ?? defaults.notify.remind ?? [],
  }
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
    .filter(({ name }) => name !== 'owner')
    .flatMap(({ name, path }) => nameFaults(name, directory, path))
  const channel: Notify['channel'] | undefined = written.notify?.channel
  return channel === undefined
    ? faults
    : [...faults, ...nameFaults(channel, directory, [...at.notify, 'channel'])]
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
  const named = from.filter((source) => source !== 'owner').sort()
  return { name, from: from.includes('owner') ? ['owner', ...named] : named, count }
}
