import { readdirSync, readFileSync } from 'node:fs'
import type { PackSource } from '../../approvals/evidence/pack.ts'
import { policyPath } from '../../approvals/evidence/packPolicies.ts'
import type { PolicyVersion } from '../../approvals/records.ts'
import type { Recorded } from '../../evidence/recorded.ts'
import { joined } from '../../ledger/hashes.ts'
import { neighbourIn, packBeside } from './packBeside.ts'
import { countsFromFirst, type PackClaims } from './packClaims.ts'
import type { PackIndex } from './packIndex.ts'
import { PackWrong } from './packWrong.ts'
import { type Unpacked, unpackedAt } from './unpack.ts'

/** Entries given out at a time. */
const pageSize = 500

/** A pack as what a pack is made of: so every file of it that was made of others can be made again. */
export function packSource(claims: PackClaims, index: PackIndex, { folder, texts }: Unpacked): PackSource {
  const { key, checkpoint, head, start, end } = claims
  const policies = policiesIn(folder)
  return {
    head: { size: head.size, root: head.root, checkpoint },
    key,
    report: countsFromFirst(claims) ? null : reportIn(texts),
    records: {
      pages: (range) => pages(index.within(range)),
      earlier: () => pages(index.before()),
      async *ofEach() {
        yield* index.requests()
      },
    },
    beside: packBeside({ folder, texts }),
    neighbour: async (at) => neighbourIn(texts, at),
    subtrees: async () => start,
    root: async () => end?.root ?? joined([]),
    consistency: async () => end?.consistency ?? [],
    policy: async (digest) => policies.get(digest),
  }
}

/** @throws PackWrong */
function reportIn(texts: Unpacked['texts']): string {
  const text = texts.get('report.html')
  if (text === undefined) throw new PackWrong({ what: 'report.html is missing from the pack.' })
  return text
}

/** By both of their digests: where it stands, to be read when it is asked for. @throws PackWrong */
function policiesIn(folder: string): { get(digest: string): PolicyVersion | null } {
  const found = new Map<string, string>()
  for (const name of readdirSync(unpackedAt(folder, 'policy')).sort()) {
    const path = `policy/${name}`
    if (path === 'policy/history.json') continue
    const version = versionIn(folder, path)
    if (path !== policyPath(version.filesDigest))
      throw new PackWrong({ what: `${path} is not named after the policy in it.` })
    for (const digest of [version.digest, version.filesDigest])
      if (!found.has(digest)) found.set(digest, path)
  }
  return {
    get(digest) {
      const path = found.get(digest)
      return path === undefined ? null : versionIn(folder, path)
    },
  }
}

/** What is in it has to have the digests that the leaves name: makePack computes them. @throws PackWrong */
function versionIn(folder: string, path: string): PolicyVersion {
  try {
    const text = readFileSync(unpackedAt(folder, path), 'utf8')
    const { digest, filesDigest, name, files } = JSON.parse(text) as PolicyVersion // from outside: checked as said above
    return { digest, filesDigest, name, files: Object.fromEntries(Object.entries(files)) }
  } catch {
    throw new PackWrong({ what: `${path} is no policy.` })
  }
}

/** So many at a time. */
async function* pages(all: Iterable<Recorded>): AsyncGenerator<readonly Recorded[], void> {
  let page: Recorded[] = []
  for (const one of all) {
    page.push(one)
    if (page.length < pageSize) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
}
