import { createHash } from 'node:crypto'
import { sha256Of, sumLine } from '../../approvals/evidence/makePack.ts'
import type { PackSink } from '../../approvals/evidence/pack.ts'
import { PackWrong } from './packWrong.ts'
import type { StandingFile, StandingFiles } from './standingFiles.ts'
import type { Unpacked } from './unpack.ts'

/** What is written for people, and the program: another version may word it otherwise, and nothing is computed of it. */
function isProse(path: string): boolean {
  return /^(?:README\.md|verify\.py|report\.html|requests\/[^/]+\/story\.md)$/.test(path)
}

/** What is made again is compared with what the pack has, file by file, in the one order in which a pack has them. */
export function comparing(
  { standing }: Pick<Unpacked, 'standing'>,
  madeAgain: boolean,
): PackSink & Pick<ReturnType<typeof inTurn>, 'refuseMore' | 'close'> {
  const files = inTurn(standing)
  const sums = createHash('sha256')
  let count = 0
  const listed = ({ path, sha256 }: StandingFile): void => {
    sums.update(sumLine(path, sha256))
    count += 1
  }
  const compare = (path: string, made: string): void => {
    const file = files.take(path)
    const { sha256: stands } = file
    if (stands !== made && (madeAgain || !isProse(path)))
      throw new PackWrong({
        what: `${path} is not what the entries give${madeAgain ? '' : '; if another version made the pack, verify it with that one'}.`,
        expected: made,
        stands,
      })
    // What is not compared is in the list with the hash that it has.
    listed(file)
  }
  return {
    ...spooled(compare),
    file: async (path, text) => compare(path, sha256Of(text)),
    async proof(path, { index }) {
      const file = files.take(path)
      if (file.proves !== index)
        throw new PackWrong({ index, what: `${path} does not prove the entry ${index}.` })
      listed(file)
    },
    async sums(path) {
      const sha256 = sums.digest('hex')
      if (files.take(path).sha256 !== sha256)
        throw new PackWrong({ what: `${path} does not list the files of the pack.`, expected: sha256 })
      return { files: count, sha256 }
    },
    async last(path, text) {
      const { sha256: stands } = files.take(path)
      if (stands !== sha256Of(text))
        throw new PackWrong({
          what: `${path} is not what the entries give.`,
          expected: sha256Of(text),
          stands,
        })
    },
    refuseMore: files.refuseMore,
    close: files.close,
  }
}

/** The files as they stand, taken one after the other: so none that was made before is remembered. */
function inTurn(standing: StandingFiles) {
  const files = standing.all()
  return {
    take(path: string): StandingFile {
      const stands = files.next().value
      if (stands?.path === path) return stands
      throw new PackWrong({
        what:
          stands && standing.has(path)
            ? `${stands.path} is in the pack, and no pack of this record has it there.`
            : `${path} is missing from the pack.`,
      })
    },
    refuseMore(): void {
      const more = files.next().value
      if (more)
        throw new PackWrong({ what: `${more.path} is in the pack, and no pack of this record has it.` })
    },
    close(): void {
      files.return()
    },
  }
}

/** Of what is spooled only the hash is needed. */
function spooled(compare: (path: string, made: string) => void): Pick<PackSink, 'spool' | 'add'> {
  const spools = new Map<string, ReturnType<typeof createHash>>()
  return {
    async spool(path) {
      const hash = createHash('sha256')
      spools.set(path, hash)
      return {
        write: async (text) => {
          hash.update(text)
        },
      }
    },
    add: async (path) => compare(path, spools.get(path)?.digest('hex') ?? ''),
  }
}
