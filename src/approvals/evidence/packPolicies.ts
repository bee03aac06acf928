import { createHash } from 'node:crypto'
import { stringIn, stringsIn } from '../../evidence/facts.ts'
import type { Line } from '../../evidence/query.ts'
import type { IndexRange } from '../../evidence/recorded.ts'
import { filesDigest } from '../../policy/format/filesDigest.ts'
import { loadBundle } from '../../policy/load.ts'
import { differenceOf } from '../../policyTools/difference/difference.ts'
import { TreeFault } from '../ledger/ledgerStore.ts'
import type { PolicyVersion } from '../records.ts'
import type { Gathered } from './gather.ts'
import type { PackSink, PackSource } from './pack.ts'

/** The policies in force in the period, and those by which requests in it were judged: each with its files, and what it changed. */
export async function packPolicies(
  source: PackSource,
  sink: PackSink,
  { gathered, range }: { readonly gathered: Gathered; readonly range: IndexRange },
): Promise<void> {
  const inForce = activations(gathered.policies, range)
  const written = new Set<string>()
  const write = async (digest: string): Promise<PolicyVersion | null> => {
    const version = await source.policy(digest)
    if (!version) return null
    refuseOther(version, digest)
    if (written.has(version.filesDigest)) return version
    written.add(version.filesDigest)
    await sink.file(policyPath(version.filesDigest), `${JSON.stringify(version, null, 2)}\n`)
    return version
  }
  const history = []
  for (const line of inForce) {
    const { data, subject } = line.entry
    const before = stringIn(data, 'before')
    const version = await write(stringIn(data, 'files_digest') ?? subject.id)
    const earlier = before === null ? null : await write(before)
    history.push({
      index: line.index,
      at: line.entry.ts,
      digest: subject.id,
      files_digest: stringIn(data, 'files_digest'),
      file: version && policyPath(version.filesDigest),
      before,
      actor: { ...line.entry.actor },
      by: stringIn(data, 'by'),
      approved_by: stringsIn(data, 'approved_by'),
      broken_glass: stringIn(data, 'broken_glass'),
      request: line.entry.request,
      difference: version && differenceBetween(earlier, version),
    })
  }
  const others = []
  for (const digest of [...gathered.judgedBy].sort()) {
    if (inForce.some(({ entry }) => entry.subject.id === digest)) continue
    const version = await write(digest)
    others.push({ digest, file: version && policyPath(version.filesDigest) })
  }
  await sink.file(
    'policy/history.json',
    `${JSON.stringify({ activated: history, judged_by: others }, null, 2)}\n`,
  )
}

/** By the hash of the digest over the files, which is how a pack is read again. */
export function policyPath(digest: string): string {
  return `policy/${createHash('sha256').update(digest).digest('hex').slice(0, 32)}.json`
}

/** All of the period, and the one that was active when it began. */
function activations(policies: readonly Line[], { from }: IndexRange): readonly Line[] {
  const before = policies.findLast(({ index }) => index < from)
  return [...(before ? [before] : []), ...policies.filter(({ index }) => index >= from)]
}

/** What is given out under a digest has it. */
function refuseOther(version: PolicyVersion, digest: string): void {
  const files = new Map(Object.entries(version.files))
  const loaded = loadBundle(files)
  const found = [filesDigest(files), ...(loaded.ok ? [loaded.bundle.digest] : [version.digest])]
  if (!found.includes(version.filesDigest) || !found.some((one) => one === digest))
    throw new TreeFault(`the policy that is kept under ${digest} is another`)
}

function differenceBetween(before: PolicyVersion | null, after: PolicyVersion) {
  const [base, head] = [before && bundleOf(before), bundleOf(after)]
  return head && differenceOf(base, head)
}

/** Null when this version of the program cannot load it any more. */
function bundleOf({ files }: PolicyVersion) {
  const loaded = loadBundle(new Map(Object.entries(files)))
  return loaded.ok ? loaded.bundle : null
}
