import type { StoreReader } from '../../approvals/ports.ts'
import { stopShadow } from '../../approvals/shadow/end.ts'
import type { Shadow } from '../../approvals/shadow/records.ts'
import { type ShadowPorts, startShadow } from '../../approvals/shadow/start.ts'
import { Refusal } from '../../core/refusal.ts'
import { unsupportedAtActivation } from '../../policyTools/activation/unsupportedAtActivation.ts'
import { shortId } from '../../policyTools/simulation/simulateText.ts'
import { withStore } from '../../server/compose.ts'
import { readConfig } from '../../server/config.ts'
import { thisShell } from '../../server/shell.ts'
import { StartFault } from '../../server/startFault.ts'
import { withStopPorts } from '../../server/stopPorts.ts'
import { bundleWithFiles } from './bundleIn.ts'
import { type Format, type Printed, printed } from './printed.ts'
import { reportOf, reportText, type ShadowReport } from './shadowText.ts'

/** Opens what is needed for some work; `withStopPorts` where it is for real. */
type Within = <T>(work: (ports: ShadowPorts) => Promise<T>) => Promise<T>

const inEarnest: Within = (work) => withStopPorts(readConfig(), work)

export interface StartShadowOptions {
  /** Seconds. */
  readonly for: number
  readonly reason?: string
  readonly format: Format
}

/** From now on the bundle in a directory judges beside the active one. It has to load; whether its tests pass is not asked. */
export async function startShadowCommand(
  directory: string,
  options: StartShadowOptions,
  within = inEarnest,
): Promise<Printed> {
  const { bundle, files } = bundleWithFiles(directory)
  const [unsupported] = unsupportedAtActivation(bundle)
  if (unsupported)
    throw new StartFault({
      problem: `The bundle in ${directory} could never judge: ${unsupported.message}`,
      fix: `See the place with: countersign policy lint ${directory}`,
    })
  const shadow = await within((ports) =>
    startShadow(ports, {
      bundle,
      files: Object.fromEntries(files),
      via: 'cli',
      shell: thisShell(),
      seconds: options.for,
      reason: options.reason ?? null,
    }),
  ).catch(explained)
  const says = `${nameOf(shadow)} judges beside the active policy from now on, and only reports (${shadow.id}). It ends by itself on ${minuteOf(shadow.endsAt)}.\nWhat it would have judged otherwise: countersign policy shadow show`
  return said(options.format, shadow, says)
}

export interface StopShadowOptions {
  readonly reason?: string
  readonly format: Format
}

export async function stopShadowCommand(options: StopShadowOptions, within = inEarnest): Promise<Printed> {
  const word = { via: 'cli', shell: thisShell(), reason: options.reason ?? null }
  const shadow = await within((ports) => stopShadow(ports, word))
  if (!shadow) return said(options.format, null, 'No shadow is running.')
  return said(
    options.format,
    shadow,
    `${nameOf(shadow)} judges no more. What it found stays for a while: countersign policy shadow show`,
  )
}

/** What the shadow that runs, or ran last, would have judged otherwise. Exit code 2 when anything would be looser. */
export function showShadowCommand({ format }: { readonly format: Format }): Promise<Printed> {
  return withStore(readConfig(), (store) => shownShadow(store, { format, now: new Date() }))
}

export async function shownShadow(
  store: Pick<StoreReader, 'newestShadow' | 'shadowRecord' | 'replicas' | 'policyVersion'>,
  { format, now }: { readonly format: Format; readonly now: Date },
): Promise<Printed> {
  const shadow = await store.newestShadow()
  if (!shadow)
    return said(format, null, 'No shadow has run. Start one: countersign policy shadow <directory>')
  const [record, live] = await Promise.all([store.shadowRecord(shadow.id), store.replicas()])
  const bases = [...new Set(record.differences.map(({ base }) => base))]
  const named = await Promise.all(bases.map((digest) => store.policyVersion(digest)))
  const report = reportOf({ shadow, record, live, bases: named.flatMap((one) => one ?? []) })
  const text = () => reportText(report, now)
  return printed(
    format,
    { text, json: () => report, github: () => annotations(report, text()) },
    report.totals.loosened > 0 ? 2 : 0,
  )
}

function annotations({ totals }: ShadowReport, message: string) {
  return [{ level: totals.loosened > 0 ? 'warning' : 'notice', title: 'policy shadow', message } as const]
}

function said(format: Format, shadow: Shadow | null, says: string): Printed {
  const forms = {
    text: () => `${says}\n`,
    json: () => shadow,
    github: () => [{ level: 'notice', title: 'policy shadow', message: says } as const],
  }
  return printed(format, forms, 0)
}

/** A refusal says here what exactly is wrong. */
function explained(fault: unknown): never {
  const [problem] = fault instanceof Refusal ? (fault.problems ?? []) : []
  if (!problem) throw fault
  throw new StartFault({
    problem: problem.detail,
    fix: 'See how it stands with: countersign policy shadow show',
  })
}

function nameOf({ name, digest }: Shadow): string {
  return `${name}@${shortId(digest)}`
}

function minuteOf(at: string): string {
  return `${at.slice(0, 16).replace('T', ' ')}Z`
}
