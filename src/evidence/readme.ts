import type { Resumption } from '../ledger/resumption.ts'
import { code, quoted } from './storyText.ts'

/** Where the ledger went on from a restored backup; `reason` is null when it was erased. */
export type GapFacts = Omit<Resumption, 'entry'> & { readonly reason: string | null }

/** What a pack says of itself. */
export interface PackFacts {
  readonly origin: string
  /** All names that the ledger had, the first one first. */
  readonly names: readonly string[]
  readonly gaps: readonly GapFacts[]
  readonly workspace: string | null
  readonly version: string
  readonly since: string | null
  readonly until: string | null
  readonly from: number
  readonly to: number
  /** Entries in entries.ndjson and earlier.ndjson. */
  readonly entries: number
  readonly earlier: number
  /** `request req_…`; null when the pack has everything of its range. */
  readonly about: string | null
}

/** The first thing that somebody reads who gets a pack. */
export function readmeText(facts: PackFacts): string {
  const { origin, workspace, version, since, until, from, to, entries, earlier, about } = facts
  return `# Evidence of ${origin}

Made by Countersign ${version} for the installation ${workspace ?? '(nothing recorded)'}.
Period: ${since ?? 'the beginning'} to ${until ?? 'the end of the record'}. Entries ${from} to ${to - 1} (${entries} in entries.ndjson, ${earlier} from before in earlier.ndjson).

${
  about === null
    ? 'This pack has every entry of its range. verify.py computes the root of the tree from them, so it also shows that none is missing.'
    : `**This pack is a part: only what is about ${about}.** Each entry is proved by itself. That nothing about it is missing cannot be computed from this pack: for that, ask for a pack of the whole period.`
}
${gapsText(facts)}
## Verify it

You need Python 3 and openssl, as they come with the system. Nothing is installed and nothing is fetched.

    mkdir pack && tar -xzf PACK.tar.gz -C pack
    (cd pack && sha256sum --check --quiet SHA256SUMS)
    python3 -I /elsewhere/verify.py --pack pack

verify.py is in the pack, so somebody who changed the pack could have changed it, too. Take it from a release of Countersign (with -I,
Python takes no module from the current directory), or use
\`countersign audit verify --pack PACK.tar.gz\`, which also makes every other file again from the entries and compares it.
${
  about === null
    ? `
verify.py does not count report.html again. ${
        from === 0
          ? '`countersign audit verify --pack` does.'
          : `\`countersign audit verify --pack\` does not, either: its figures count from entry 0, and this pack begins with ${from}. Make it from the ledger: \`countersign audit report\`.`
      }
`
    : ''
}
The key in keys/ledger.txt and the checkpoint in log/checkpoint come from the same hands as everything else here. Compare the key with one that you were
given at another time, and the checkpoint with one that somebody else kept:

    python3 -I /elsewhere/verify.py --pack pack --key "$(cat key-i-was-given.txt)" --checkpoint checkpoint-i-kept.txt

It is compared where this pack shows what the tree was at its size: in the period, at the size of log/checkpoint, and beside each entry that is proved.
Where it does not, verify.py says "NOT COMPARED" and ends with 1. It ends with 2 when something is wrong, also when the checkpoint is of what a gap lost;
when you know that gap and accept it, name it: --accept-gap INDEX.

By openssl alone, the signature of the checkpoint (verify.py --signed DIRECTORY writes the two files):

    openssl pkeyutl -verify -pubin -inkey keys/ledger.pem -rawin -in signed.txt -sigfile signature.bin

## What is in it

| | |
|---|---|
${about === null ? '| report.html | the figures of the period for people: open it in a browser, or print it |\n' : ''}| entries.ndjson | the leaves of the tree in the order of their indexes: the entry with \`seq\`, its index |
| earlier.ndjson | leaves from before: how the requests of the period began, and agents, keys and policies that were there already |
| values.ndjson | the values kept outside the leaves (parameters, reasons, identities, what was shown), each with its salt: SHA-256 over salt and text is the \`sha256_salted\` of the leaf. An erased one says so |
| log/ | the newest checkpoint; the root before and after the period, and what connects them; anchored.ndjson: the checkpoints that anchors took in the period, to be compared with those that you fetch from there yourself; neighbours.ndjson: the entries beside the period, whose times show that none of it is missing; gaps.ndjson: each entry, wherever it stands, by which the ledger went on from a restored backup |
| keys/ | what checkpoints are verified with, for each name that the ledger had; of the keys that grants are signed with, the public parts (grants-jwks.json) and when each counted |
| requests/ | one folder for each request that has an entry in the period: story.md for people, the same as JSON, what each approver saw where the record has it, and a proof for each entry |
| proofs/ | the proofs of entries that are of no request |
| policy/ | each policy in force or judged by: its files, who activated it, and what it changed |
| reports/ | tables and control-matrix.json; definitions.json says how each is made of the leaves |
| SHA256SUMS, manifest.json | the hash of every file, and of that list |

## What it does not show

Nothing can show what was never recorded: compare reports/population.csv with the logs of your targets. Whoever has both the database and the secret of
the server could make another record, and only a checkpoint that somebody else kept shows that.
`
}

function gapsText({ gaps, names }: PackFacts): string {
  if (gaps.length === 0) return ''
  const said = gaps.flatMap(({ index, at, by, second, reason, origin, before, size, shared, anchored }) => [
    `- At index ${index}, ${at}: ${code(by)} let the ledger go on as ${code(origin)}, and ${code(second)} decided it. The database had ${size} entries of ${code(before)}, and ${code(anchored.anchor)} had ${anchored.size} of ${code(anchored.origin)}. What was recorded after the first ${shared} and is not here is lost.`,
    ...quoted('Why', reason ?? '(erased on purpose)'),
  ])
  return `
## Gaps

This ledger went on from a restored backup: **something that was recorded is lost.** It had the names ${names.map(code).join(', ')}, all with one key (keys/ledger-names.txt). log/gaps.ndjson has the entries, with their proofs in log/gaps/.

${said.join('\n')}
`
}
