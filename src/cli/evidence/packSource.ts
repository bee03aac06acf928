import type { PackSource } from '../../approvals/evidence/pack.ts'
import { policyPath } from '../../approvals/evidence/packPolicies.ts'
import type { PolicyVersion } from '../../approvals/records.ts'
import type { Recorded } from '../../evidence/recorded.ts'
import { joined } from '../../ledger/hashes.ts'
import { neighbourIn, packBeside } from './packBeside.ts'
import { countsFromFirst, type PackClaims } from './packClaims.ts'
import type { PackIndex } from './packIndex.ts'
import { PackWrong } from './packWrong.ts'
import type { Unpacked } from './unpack.ts'

/** Entries given out at a time. */
const pageSize = 500

/** A pack as what a pack is made of: so every file of it that was made of others can be made again. */
export function packSource(claims: PackClaims, index: PackIndex, { texts }: Unpacked): PackSource {
  const { key, checkpoint, head, start, end } = claims
  const policies = policiesIn(texts)
  async function* pages(indexes: readonly number[]): AsyncGenerator<readonly Recorded[], void> {
    for (let at = 0; at < indexes.length; at += pageSize)
      yield indexes.slice(at, at + pageSize).map((one) => index.recorded(one))
  }
  async function* each(): AsyncGenerator<readonly Recorded[], void> {
    for (const indexes of index.requests.values()) yield indexes.map((one) => index.recorded(one))
  }
  return {
    head: { size: head.size, root: head.root, checkpoint },
    key,
    report: countsFromFirst(claims) ? null : reportIn(texts),
    records: {
      pages: (range) => pages(index.entries.filter((at) => at >= range.from && at < range.to)),
      earlier: () => pages(index.earlier),
      ofEach: each,
    },
    beside: packBeside(texts),
    neighbour: async (at) => neighbourIn(texts, at),
    subtrees: async () => start,
    root: async () => end?.root ?? joined([]),
    consistency: async () => end?.consistency ?? [],
    policy: async (digest) => policies.get(digest) ?? null,
  }
}

/** @throws PackWrong */
function reportIn(texts: Unpacked['texts']): string {
  const text = texts.get('report.html')
  if (text === undefined) throw new PackWrong({ what: 'report.html is missing from the pack.' })
  return text
}

/** By both of their digests. @throws PackWrong */
function policiesIn(texts: Unpacked['texts']): ReadonlyMap<string, PolicyVersion> {
  const found = new Map<string, PolicyVersion>()
  for (const [path, text] of texts) {
    if (!path.startsWith('policy/') || path === 'policy/history.json') continue
    const version = versionIn(path, text)
    if (path !== policyPath(version.filesDigest))
      throw new PackWrong({ what: `${path} is not named after the policy in it.` })
    for (const digest of [version.digest, version.filesDigest])
      if (!found.has(digest)) found.set(digest, version)
  }
  return found
}

/** What is in it has to have the digests that the leaves name: makePack computes them. @throws PackWrong */
function versionIn(path: string, text: string): PolicyVersion {
  try {
    const { digest, filesDigest, name, files } = JSON.parse(text) as PolicyVersion // from outside: checked as said above
    return { digest, filesDigest, name, files: Object.fromEntries(Object.entries(files)) }
  } catch {
    throw new PackWrong({ what: `${path} is no policy.` })
  }
}
