import { type RecordedPage, recordedRequests } from '../../approvals/policy/recordedRequests.ts'
import type { Store } from '../../approvals/ports.ts'
import type { Bundle } from '../../policy/bundle.ts'
import { filesDigest } from '../../policy/format/filesDigest.ts'
import { changeAsked } from '../../policyTools/activation/activation.ts'
import { type Recorded, writeRecorded } from '../../policyTools/simulation/recorded.ts'
import { type Group, Simulating, type Simulation } from '../../policyTools/simulation/simulate.ts'
import { simulationSummary, simulationText } from '../../policyTools/simulation/simulateText.ts'
import { testDifference, testsIn } from '../../policyTools/tests/testDifference.ts'
import { withStore } from '../../server/compose.ts'
import { readConfig } from '../../server/config.ts'
import { StartFault } from '../../server/startFault.ts'
import { writeOut } from '../outFile.ts'
import { progressOn } from '../progress.ts'
import { bundleOf, bundleWithFiles } from './bundleIn.ts'
import { type Annotation, type Format, type Printed, printed } from './printed.ts'
import { readRequests } from './requestFile.ts'

export interface SimulateOptions {
  readonly format: Format
  /** Directory, or `active` for the bundle that judges now. */
  readonly base: string
  readonly head: string
  /** How many of the newest requests of the database to replay, where no file is given. */
  readonly last: number
  /** Where to write the requests that were replayed, one per line. */
  readonly save?: string
}

/**
 * Replays requests of the past against a changed bundle. Exit code 2 when anything is loosened.
 *
 * @throws StartFault when there is nothing to replay: a green check would have checked nothing
 */
export async function simulateCommand(file: string | undefined, options: SimulateOptions): Promise<Printed> {
  const fromStore = options.base === 'active' || file === undefined
  if (fromStore)
    return withStore(readConfig(), async (store) =>
      compare(await gather(store, file, options), file, options),
    )
  return compare(gatheredFrom(options.base, file), file, options)
}

/** What comes of it, while requests are read. @throws StartFault as `simulateCommand` */
export async function compare(
  gathered: Gathered,
  file: string | undefined,
  options: SimulateOptions,
): Promise<Printed> {
  const { base, baseFiles } = gathered
  const { bundle: head, files: headFiles } = bundleWithFiles(options.head)
  const began = performance.now()
  const simulating = new Simulating(base, head)
  const replay = await replayed(gathered, simulating, { file, options })
  const { recorded } = replay
  if (file === undefined) {
    const change = changeAsked(base, head, {
      tests: testDifference(testsIn(baseFiles), testsIn(headFiles)),
      files: { base: filesDigest(baseFiles), head: filesDigest(headFiles) },
      simulation: simulating.counted(),
      recorded,
      at: now(),
    })
    if (change) simulating.add(change)
  }
  const simulation = simulating.counted()
  if (recorded === 0 && simulation.loosened === 0) throw nothingReplayed(file, options, replay.unreadable)
  const milliseconds = performance.now() - began
  const left =
    replay.unreadable > 0
      ? `${replay.unreadable} requests were left out: this version does not know the form of their facts\n`
      : ''
  const forms = {
    text: () => simulationText(simulation, { recorded, milliseconds }) + left,
    json: () => ({ ...simulation, unreadable: replay.unreadable }),
    github: () => annotations(simulation, recorded),
  }
  return printed(options.format, forms, simulation.loosened > 0 ? 2 : 0)
}

/** Judges every request, and writes it down where that is wanted. Only one page is in memory. */
async function replayed(
  { pages }: Gathered,
  simulating: Simulating,
  { file, options }: { readonly file: string | undefined; readonly options: SimulateOptions },
): Promise<{ readonly recorded: number; readonly unreadable: number }> {
  const progress = progressOn(process.stderr)
  let recorded = 0
  let unreadable = 0
  async function* lines(): AsyncGenerator<string, void, undefined> {
    for await (const page of pages) {
      for (const one of page.recorded) simulating.add(one)
      recorded += page.recorded.length
      unreadable += page.unreadable + page.erased
      progress.so(recorded, 'requests')
      yield options.save === undefined ? '' : linesOf(page.recorded)
    }
    if (recorded === 0 && options.save !== undefined) throw nothingReplayed(file, options, unreadable)
  }
  try {
    // Parameters can be personal: only whoever runs this reads them.
    if (options.save !== undefined) await writeOut(options.save, lines(), 0o600)
    else for await (const _ of lines());
  } finally {
    progress.end()
  }
  return { recorded, unreadable }
}

function linesOf(recorded: readonly Recorded[]): string {
  return recorded.map((one) => `${JSON.stringify(writeRecorded(one))}\n`).join('')
}

/** Where nothing was asked, nothing was compared. */
function nothingReplayed(
  file: string | undefined,
  { base, head, last }: SimulateOptions,
  unreadable: number,
): StartFault {
  const compared = base === 'active' ? '' : ` --base ${base}`
  if (file !== undefined)
    return new StartFault({
      problem: `${file} holds no requests, so nothing was compared.`,
      fix: `Where requests are recorded, save them: countersign policy simulate --head ${head}${compared} --save ${file}`,
    })
  if (unreadable > 0)
    return new StartFault({
      problem: `Nothing was compared: this version does not know the form of the facts of the last ${last} requests.`,
      fix: `Write requests to a file, and name it: countersign policy simulate --head ${head}${compared} requests.jsonl`,
    })
  return new StartFault({
    problem: 'No requests are recorded yet, so nothing was compared.',
    fix: `Write some to a file, one per line, and name it: countersign policy simulate --head ${head}${compared} requests.jsonl. Activating does not need any.`,
  })
}

/** What two bundles are compared by. */
export interface Gathered {
  readonly base: Bundle
  readonly baseFiles: ReadonlyMap<string, string>
  /** Oldest first. */
  readonly pages: AsyncIterable<RecordedPage>
}

/** The base, and the requests of the file or of the database, which are read later. */
export async function gather(
  store: Store,
  file: string | undefined,
  options: Pick<SimulateOptions, 'base' | 'last'>,
): Promise<Gathered> {
  const base = options.base === 'active' ? await activeBundle(store) : inDirectory(options.base)
  return { ...base, pages: file === undefined ? recordedRequests(store, options.last) : pagesOf(file) }
}

/** The same without a database. */
export function gatheredFrom(base: string, file: string): Gathered {
  return { ...inDirectory(base), pages: pagesOf(file) }
}

async function* pagesOf(file: string): AsyncGenerator<RecordedPage, void, undefined> {
  for (const recorded of readRequests(file, now())) yield { recorded, unreadable: 0, erased: 0 }
}

function inDirectory(directory: string): Omit<Gathered, 'pages'> {
  const { bundle, files } = bundleWithFiles(directory)
  return { base: bundle, baseFiles: files }
}

async function activeBundle(store: Store): Promise<Omit<Gathered, 'pages'>> {
  const active = await store.activePolicy()
  if (!active)
    throw new StartFault({ problem: 'No policy is active yet.', fix: 'Name a directory: --base policies' })
  const what = `The active bundle ${active.name}`
  const baseFiles = new Map(Object.entries(active.files))
  const base = bundleOf(baseFiles, { what, fix: 'the version of Countersign that activated it' })
  return { base, baseFiles }
}

function annotations(simulation: Simulation, recorded: number): readonly Annotation[] {
  const { loosened, tightened } = simulation.groups
  const group =
    (level: Annotation['level'], title: string) =>
    (one: Group): Annotation => {
      const changes = one.differences.map(({ field, from, to }) => `${field} ${from} → ${to}`).join('\n')
      return {
        level,
        title: `${title}: ${one.count} × ${one.action}`,
        message: `${one.from} → ${one.to}\n${changes}`,
      }
    }
  return [
    {
      level: loosened.length > 0 ? 'warning' : 'notice',
      title: 'policy simulation',
      message: simulationSummary(simulation, recorded),
    },
    ...loosened.map(group('warning', 'loosened')),
    ...tightened.map(group('notice', 'tightened')),
  ]
}

function now(): string {
  return new Date().toISOString()
}
