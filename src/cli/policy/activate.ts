import { isActive, type NewPolicy } from '../../approvals/policy/activatePolicy.ts'
import { type Confirmations, confirmations, type Patience } from '../../approvals/policy/confirmations.ts'
import { type Proposed, proposePolicy } from '../../approvals/policy/proposePolicy.ts'
import type { Ports } from '../../approvals/ports.ts'
import { readyHere } from '../../parsing/here.ts'
import { type Readiness, sayUnready } from '../../policyTools/activation/ready.ts'
import { shortId } from '../../policyTools/simulation/simulateText.ts'
import { withParts } from '../../server/compose.ts'
import { readConfig } from '../../server/config.ts'
import { personClaim } from '../../server/personClaim.ts'
import { thisShell } from '../../server/shell.ts'
import { readBundleDirectory } from '../../store/bundleDirectory.ts'
import { sayProposed } from './activateText.ts'
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
  const within: Within = (work) => withParts(readConfig(), ({ ports }) => work(ports))
  return activateFrom(directory ?? readConfig().policyDir, options, within)
}

/** Opens the parts for some work with them. */
type Within = <T>(work: (ports: Ports) => Promise<T>) => Promise<T>

/** Long enough for a server that lives: it says by what it judges as soon as that changes, and every two seconds. */
const patience: Patience = {
  patienceMs: 8_000,
  elapsed: () => performance.now(),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}

/** The same; they are only opened for a bundle that passed its checks. */
export async function activateFrom(
  directory: string,
  options: ActivateOptions,
  within: Within,
  waiting = patience,
): Promise<Printed> {
  const files = readBundleDirectory(directory)
  const readiness = await readyHere(files)
  if (!readiness.ok) return unready(directory, readiness, options.format)
  const { bundle } = readiness
  const proposing = {
    bundle,
    files: Object.fromEntries(files),
    author: personClaim(options.by),
    reason: options.reason ?? null,
    via: 'cli',
    shell: thisShell(),
  } as const
  const { proposed, replicas } = await within(async (ports) => {
    const proposed = await proposePolicy(ports, proposing)
    return { proposed, replicas: await heardOf(ports, { proposed, proposing, waiting }) }
  })
  const says = sayProposed(`${bundle.name}@${shortId(bundle.digest)}`, { proposed, replicas })
  const failed = proposed.outcome === 'asked' && ['denied', 'expired'].includes(proposed.request.state)
  const forms = {
    text: () => `${says}\n`,
    json: () => ({ digest: bundle.digest, ...withoutSalt(proposed), ...(replicas && { replicas }) }),
    github: () => [{ level: failed ? 'error' : 'notice', title: 'policy activate', message: says } as const],
  }
  return printed(options.format, forms, failed ? 1 : 0)
}

/** The salt is for the ledger alone: what is printed is kept anywhere, and outlives an erasure. */
function withoutSalt(proposed: Proposed): Proposed {
  if (proposed.outcome !== 'asked') return proposed
  const { salt: _, ...request } = proposed.request
  return { ...proposed, request }
}

/** What the replicas say of the bundle, when it is the active one; null when it is not. */
async function heardOf(
  { store }: Ports,
  of: { readonly proposed: Proposed; readonly proposing: NewPolicy; readonly waiting: Patience },
): Promise<Confirmations | null> {
  const { proposed, proposing, waiting } = of
  const isDecided = proposed.outcome !== 'asked' || proposed.request.state === 'approved'
  const active = isDecided ? await store.activePolicy() : null
  return active && isActive(active, proposing) ? confirmations(store, active.filesDigest, waiting) : null
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
