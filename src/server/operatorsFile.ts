import { readFileSync } from 'node:fs'
import type { FileProblem } from '../policy/format/ofOperator.ts'
import { StartFault } from './startFault.ts'

/** A file that the operator names in a setting. */
export interface OperatorsFile {
  readonly setting: string
  readonly file: string
  /** What is so without it, as the end of a sentence. */
  readonly without: string
  /** Where its properties stand, as the beginning of a sentence. */
  readonly page: string
}

/**
 * What such a file says.
 *
 * @throws StartFault when it cannot be read, or with every problem of it and its place; what stands in it is not repeated
 */
export function readOperatorsFile<T extends object>(
  { setting, file, without, page }: OperatorsFile,
  read: (file: string, text: string) => T | { readonly problems: readonly FileProblem[] },
): T {
  const found = read(file, textOf({ setting, file, without }))
  if (!('problems' in found)) return found
  const places = found.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
  throw new StartFault({
    problem: `${setting}, ${file}, cannot be used:\n${places.join('\n')}`,
    fix: `Correct it; ${page} has every property.`,
  })
}

function textOf({ setting, file, without }: Omit<OperatorsFile, 'page'>): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new StartFault({
      problem: `${setting} names ${file}, which cannot be read.`,
      fix: `Name a file that the server may read, or leave ${setting} out: then ${without}.`,
      cause,
    })
  }
}
