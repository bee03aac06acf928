import { policyActivation } from '../../core/action.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { Actor, NewEntry } from '../../ledger/entry.ts'
import type { Bundle } from '../../policy/bundle.ts'
import { filesDigest } from '../../policy/format/filesDigest.ts'
import { loadBundle } from '../../policy/load.ts'
import { type BundleDifference, differenceOf } from '../../policyTools/difference/difference.ts'
import { testDifference, testsIn } from '../../policyTools/tests/testDifference.ts'
import type { Change } from '../change.ts'
import type { Job } from '../job.ts'
import { newEntry } from '../newEntry.ts'
import { onlyClaimed, saidBy, type Word } from '../people/word.ts'
import type { Ports } from '../ports.ts'
import type { PolicyVersion } from '../records.ts'
import { refreshJob } from '../settle.ts'

/** A bundle that is to be active, and its files as they were read, path to text. */
export interface NewPolicy {
  readonly bundle: Bundle
  readonly files: Readonly<Record<string, string>>
}

/**
 * Makes a bundle the active one at once, if it is not already; whether anybody has to agree is for `proposePolicy`.
 * Recorded with who and what differs. `by` is a person's id, or the name of the part of the system that does it.
 *
 * @throws Overtaken (`busy`) when somebody else activated another bundle meanwhile
 */
export async function activatePolicy(
  ports: Omit<Ports, 'policy'>,
  ask: NewPolicy & Word & { readonly by: string },
): Promise<'activated' | 'unchanged'> {
  const before = await ports.store.activePolicy()
  if (isActive(before, ask)) return 'unchanged'
  const actor: Actor = { kind: ask.by.startsWith('per_') ? 'person' : 'system', id: ask.by, via: ask.via }
  const jobs = await outdatedJobs(ports.store)
  const change = activation(ports, { ...ask, before, actor, request: null, word: ask })
  const committed = await ports.store.commit({ ...change, jobs })
  if (committed === 'applied') return 'activated'
  // Two replicas that start at once activate the same bundle: the second finds it done.
  const winner = await ports.store.activePolicy()
  if (isActive(winner, ask)) return 'unchanged'
  throw new Overtaken()
}

/**
 * What follows as soon as another policy is active: the cards of other changes that wait say that they are out of date, and a shadow that
 * is the same policy ends.
 */
export async function outdatedJobs(store: Ports['store']): Promise<readonly Job[]> {
  const [pending, shadow] = await Promise.all([
    store.requests({ states: ['pending'], limit: 1_000 }),
    store.runningShadow(),
  ])
  const cards = pending.filter(({ action }) => action.action === policyActivation).flatMap(refreshJob)
  return shadow ? [...cards, { task: 'endShadow', shadow: shadow.id, early: true }] : cards
}

/** Somebody else was faster with another bundle, which nobody has compared with this one. */
export class Overtaken extends Refusal {
  constructor() {
    super('busy', 'another policy was activated meanwhile')
  }
}

/** A bundle as it is kept, with the name of its files. */
export function versionOf({ bundle, files }: NewPolicy): PolicyVersion {
  return { digest: bundle.digest, filesDigest: filesDigest(filesIn(files)), name: bundle.name, files }
}

/** Whether a version judges by the same and has the same tests; where they stand and comments make no difference. */
export function isActive(version: PolicyVersion | null, { bundle, files }: NewPolicy): boolean {
  if (version?.filesDigest === filesDigest(filesIn(files))) return true
  if (version?.digest !== bundle.digest) return false
  const { added, removed, changed } = testDifference(testsIn(filesIn(version.files)), testsIn(filesIn(files)))
  return added.length + removed.length + changed.length === 0
}

/** What activating writes: the version, the activation over the one that was there, and its entry. */
export function activation(
  ports: Omit<Ports, 'policy'>,
  about: NewPolicy & {
    readonly before: PolicyVersion | null
    readonly actor: Actor
    /** The request by which people agreed, or null when nobody had to. */
    readonly request: ActionRequest | null
    /** On whose word it happens, when nobody had to agree. */
    readonly word?: Word
  },
): Change {
  return {
    policy: {
      version: versionOf(about),
      activation: ports.ids.next('act'),
      expected: about.before?.filesDigest ?? null,
      at: ports.clock().toISOString(),
    },
    entries: [activatedEntry(ports, about)],
  }
}

/** At most so many names stand in the entry itself, so that it fits a leaf in any script; all of them stand beside it. */
const named = { count: 25, length: 120 }
const namedTests = { count: 10, length: 100 }

function activatedEntry(
  ports: Omit<Ports, 'policy'>,
  { bundle, files, before, actor, request, word }: Parameters<typeof activation>[1],
): NewEntry {
  const said = word ? saidBy(word, onlyClaimed) : { data: {}, kept: {} }
  const was = before && loadBundle(filesIn(before.files))
  const difference: BundleDifference = differenceOf(was?.ok ? was.bundle : null, bundle)
  const changed = changedFiles(before?.files ?? {}, files)
  const tests = testDifference(testsIn(filesIn(before?.files ?? {})), testsIn(filesIn(files)))
  const counted = (names: readonly string[], most = named) => ({
    count: names.length,
    names: names.slice(0, most.count).map((name) => name.slice(0, most.length)),
  })
  const saying = {
    type: 'policy.activated',
    actor,
    subject: { kind: 'policy', id: bundle.digest },
    data: {
      name: bundle.name,
      before: before?.digest ?? null,
      files_digest: filesDigest(filesIn(files)),
      by: request?.initiator.person ?? actor.id,
      approved_by: (request?.decisions ?? [])
        .filter(({ kind, ended }) => kind === 'approve' && !ended)
        .map(({ person }) => person),
      broken_glass: request?.brokenGlass?.person ?? null,
      files: counted(changed),
      rules_added: counted(difference.rulesAdded),
      rules_removed: counted(difference.rulesRemoved),
      rules_changed: counted(difference.rulesChanged),
      other_changes: counted(difference.otherChanges),
      tests_added: counted(tests.added, namedTests),
      tests_removed: counted(tests.removed, namedTests),
      tests_changed: counted(tests.changed, namedTests),
      ...said.data,
    },
    kept: { difference: { files: changed, ...difference, tests: { ...tests } }, ...said.kept },
  } as const
  return newEntry(ports, saying, request ?? undefined)
}

function filesIn(files: PolicyVersion['files']): ReadonlyMap<string, string> {
  return new Map(Object.entries(files))
}

/** `rules/data.yaml changed`, by path. */
function changedFiles(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  const change = (path: string) => (!(path in before) ? 'added' : !(path in after) ? 'removed' : 'changed')
  return paths.filter((path) => before[path] !== after[path]).map((path) => `${path} ${change(path)}`)
}
