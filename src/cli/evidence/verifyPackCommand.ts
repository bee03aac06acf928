import { existsSync } from 'node:fs'
import type { KeptCheckpoint } from '../../ledger/keptHeads.ts'
import { packageVersion } from '../../server/package.ts'
import { StartFault } from '../../server/startFault.ts'
import { sayFirstWrong } from '../firstWrong.ts'
import { judgeLost, sayGaps } from '../gaps.ts'
import { paint, say } from '../say.ts'
import { tightHeap } from '../tightHeap.ts'
import { countsFromFirst, type PackClaims } from './packClaims.ts'
import { type PackKept, type VerifiedPack, verifyPack } from './verifyPack.ts'

/** Verifies a pack; says what was verified, or the first thing that is wrong. Resolves to the exit code. */
export async function verifyPackCommand(
  file: string,
  against: PackKept & { readonly accepted: readonly number[] },
): Promise<number> {
  if (!existsSync(file))
    throw new StartFault({
      problem: `There is no file ${file}.`,
      fix: 'Name an archive that "countersign audit export" wrote.',
    })
  tightHeap()
  const verified = await verifyPack(file, against)
  if (!verified.wrong) {
    saySound(verified, against)
    const { claims, lost, uncompared, madeAgain } = verified
    sayUncompared(uncompared, claims)
    const judged = judgeLost({ resumptions: claims.resumptions, lost }, against.accepted)
    return judged === 0 && (!madeAgain || uncompared.length > 0) ? 1 : judged
  }
  return sayFirstWrong(
    verified.wrong,
    'This is the first thing that is wrong; what follows was not looked at. Keep the file as it is.',
  )
}

function saySound(
  { claims, lost, uncompared, entries, isWhole, madeAgain }: Extract<VerifiedPack, { wrong: null }>,
  { kept, key }: PackKept,
): void {
  const { range, about, version } = claims
  const tick = paint('green', '✓')
  say(
    about === null
      ? `${tick} ${paint('bold', `${entries} entries`)} (${range.from} to ${range.to - 1}): each is what was sealed, none is missing, and they are those of the signed tree.`
      : `${tick} ${paint('bold', `${entries} entries`)} about ${about.kind} ${about.id}: each is what was sealed. That none is missing cannot be seen from a part.`,
  )
  if (!isWhole)
    say(
      `${paint('yellow', '!')} Whether each value that is empty was erased on purpose cannot be known from a part: only all entries say how many there should be.`,
    )
  const isCounted = countsFromFirst(claims)
  if (madeAgain)
    say(
      `${tick} Every other file${isCounted ? '' : ' but report.html'} is what these entries and values give.`,
    )
  else sayForeign(version)
  if (madeAgain && !isCounted)
    say(
      `${paint('yellow', '!')} report.html was not counted again: its figures count from entry 0, and this pack begins with ${range.from}. It has the hash that is listed.`,
    )
  for (const { from } of kept.filter((one) => ![...lost, ...uncompared].includes(one)))
    say(`${tick} ${from} is of this ledger, and the pack fits it.`)
  sayGaps({ resumptions: claims.resumptions, lost })
  if (kept.length === 0 || !key)
    say(
      `${paint('yellow', '!')} Key and checkpoint come from the pack itself${key ? ' in part' : ''}: name those that were kept elsewhere with --key and --checkpoint.`,
    )
}

/** Nothing is wrong with them; but who gave one wants to know whether the pack fits it, and nobody can tell by this pack. */
function sayUncompared(uncompared: readonly KeptCheckpoint[], { range, head }: PackClaims): void {
  for (const { from, checkpoint } of uncompared)
    say(
      `${paint('yellow', '!')} ${paint('bold', 'Not compared:')} ${from} was signed by this ledger, for ${checkpoint.size} entries, and this pack does not show what the tree was then.`,
    )
  if (uncompared.length > 0)
    say(
      `  The pack has the entries ${range.from} to ${range.to - 1} of a tree of ${head.size}. Give a checkpoint from inside the period, take a pack whose period has its size, or verify the ledger itself (without --pack).`,
    )
}

/** A pack says itself which version made it: it must not choose by that how strictly it is verified. */
function sayForeign(version: string): void {
  say(
    `${paint('green', '✓')} Tables, numbers, controls and the facts of each request are what these entries and values give.`,
  )
  say(
    `${paint('yellow', '!')} ${paint('bold', 'Not verified:')} README.md, verify.py, report.html and each story.md. The pack says that version ${version} made it, and this is ${packageVersion()}: only that version can make them again. So the pack could not be verified whole.`,
  )
}
