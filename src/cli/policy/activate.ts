import type { Ports } from '../../approvals/ports.ts'
import { type Proposed, proposePolicy } from '../../approvals/proposePolicy.ts'
import { withHouse } from '../../compose.ts'
import { readConfig } from '../../config.ts'
import { type Readiness, readyToActivate, sayUnready } from '../../policy/change/ready.ts'
import { shortId } from '../../policy/change/simulateText.ts'
import { readBundleDirectory } from '../../store/bundleDirectory.ts'
import { personClaim } from '../people.ts'
import { annotationOf } from './lint.ts'
import { type Format, type Printed, printed } from './printed.ts'

export interface ActivateOptions {
  readonly format: Format
  /** Who is behind the change: they can never approve it. */
  readonly by: string
  readonly reason?: string
}

/**
 * Checks the bundle in a directory, and activates it or asks for its approval, as the active policy wants. A bundle that
 * does not pass changes nothing: exit code 1.
 */
export async function activateCommand(
  directory: string | undefined,
  options: ActivateOptions,
): Promise<Printed> {
  // What is wrong with the bundle is said first, whatever is wrong with the configuration.
  const within: Within = (work) => withHouse(readConfig(), ({ ports }) => work(ports))
  return activateFrom(directory ?? readConfig().policyDir, options, within)
}

/** Opens a house for some work in it. */
type Within = <T>(work: (ports: Ports) => Promise<T>) => Promise<T>

/** The same; a house is only opened for a bundle that passed its checks. */
export async function activateFrom(
  directory: string,
  options: ActivateOptions,
  within: Within,
): Promise<Printed> {
  const files = readBundleDirectory(directory)
  const readiness = readyToActivate(files)
  if (!readiness.ok) return unready(directory, readiness, options.format)
  const { bundle } = readiness
  const proposed = await within((ports) =>
    proposePolicy(ports, {
      bundle,
      files: Object.fromEntries(files),
      author: personClaim(options.by),
      reason: options.reason ?? null,
      via: 'cli',
    }),
  )
  const says = sayProposed(`${bundle.name}@${shortId(bundle.digest)}`, proposed)
  const failed = proposed.outcome === 'asked' && ['denied', 'expired'].includes(proposed.request.state)
  const forms = {
    text: () => `${says}\n`,
    json: () => ({ digest: bundle.digest, ...proposed }),
    github: () => [{ level: failed ? 'error' : 'notice', title: 'policy activate', message: says } as const],
  }
  return printed(options.format, forms, failed ? 1 : 0)
}

function unready(directory: string, readiness: Extract<Readiness, { ok: false }>, format: Format): Printed {
  const problems = sayUnready(readiness)
  const summary = `${directory} cannot be activated, so the active policy stays as it is. See: countersign policy lint ${directory}, countersign policy test ${directory}`
  const forms = {
    text: () => `${problems.map((problem) => `  ${problem}`).join('\n')}\n${summary}\n`,
    json: () => ({ outcome: 'refused', ...readiness }),
    github: () => [
      ...readiness.errors.map((finding) => annotationOf(directory, finding)),
      { level: 'error', title: 'policy activate', message: [summary, ...problems].join('\n') } as const,
    ],
  }
  return printed(format, forms, 1)
}

function sayProposed(name: string, proposed: Proposed): string {
  if (proposed.outcome !== 'asked')
    return {
      activated: `${name} is active on every replica.`,
      unchanged: `${name} is the active policy already.`,
      nobody_behind: 'The active policy asks for approval: say who you are with --by.',
    }[proposed.outcome]
  const { request, created } = proposed
  const { summary } = request.action.params
  if (request.state === 'approved')
    return `${name} was approved by the active policy itself and is active (${request.id}).`
  if (request.state !== 'pending')
    return `The active policy does not let ${name} become active: ${request.outcome} (${request.id})`
  const who = (request.requirement?.legs ?? [])
    .map(({ count, from }) => `${count} of ${from.map(({ ref }) => ref).join(' or ')}`)
    .join(' and ')
  const asked = created
    ? 'Approval has been asked for'
    : 'Approval was asked for before, and is being waited for'
  return `${asked}: ${who} (${request.id}). Until then nothing changes.\n${String(summary)}`
}
