import type { z } from 'zod'
import { readShape } from './shape.ts'
import type { Path, Place, Source } from './source.ts'
import { parseYaml } from './yaml.ts'

/** Something that is wrong with a file of the operator's, and where; lines and columns count from 1. */
export interface FileProblem extends Place {
  readonly message: string
}

/** A file of the operator's in the shape of a schema, with its places; or everything that is wrong with it. */
export function readOfOperator<T>(
  file: string,
  text: string,
  schema: z.ZodType<T>,
): { readonly shape: T; readonly source: Source } | { readonly problems: readonly FileProblem[] } {
  const parsed = parseYaml(file, text)
  if ('problems' in parsed) return parsed
  const shaped = readShape(parsed.source, [], schema)
  return 'problems' in shaped ? shaped : { shape: shaped.shape, source: parsed.source }
}

/** Whatever has the name of one before it, in the list at a path. */
export function sameNames(
  named: readonly { readonly name: string }[],
  { source, path, all }: { readonly source: Source; readonly path: Path; readonly all: string },
): readonly FileProblem[] {
  return named.flatMap(({ name }, at) => {
    if (named.findIndex((one) => one.name === name) === at) return []
    return [{ ...source.place([...path, at, 'name']), message: `Two ${all} have this name: rename one.` }]
  })
}
