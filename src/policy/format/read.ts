import type { z } from 'zod'
import { type BundleProblem, problemAt } from '../problem.ts'
import { type BundleShape, bundleSchema } from './bundleSchema.ts'
import { type CatalogueShape, catalogueSchema } from './catalogueSchema.ts'
import { type CommandsShape, commandsSchema } from './commandsSchema.ts'
import { sortFiles } from './files.ts'
import { type ResourcesShape, resourcesSchema } from './resourcesSchema.ts'
import { type RuleShape, ruleSchema } from './ruleSchema.ts'
import { type ServerShape, serverSchema } from './serverSchema.ts'
import { readShape } from './shape.ts'
import type { Source } from './source.ts'
import { parseYaml } from './yaml.ts'

/** A file that has the shape it should have. */
export interface Shaped<T> {
  readonly source: Source
  readonly shape: T
}

export interface ShapedRule extends Shaped<RuleShape> {
  /** Which rule of its file, from 0. */
  readonly index: number
}

/** All files of a bundle, each read for itself; null where one is missing or wrong, which is then among the problems. */
export interface BundleFiles {
  readonly bundle: Shaped<BundleShape> | null
  readonly catalogue: Shaped<CatalogueShape> | null
  readonly resources: Shaped<ResourcesShape> | null
  readonly commands: Shaped<CommandsShape> | null
  readonly rules: readonly ShapedRule[]
  readonly servers: readonly Shaped<ServerShape>[]
  readonly problems: readonly BundleProblem[]
}

/** Reads every file as far as it goes, so that one bad rule does not hide what is wrong with the next. */
export function readFiles(files: ReadonlyMap<string, string>): BundleFiles {
  const sorted = sortFiles(files.keys())
  const problems: BundleProblem[] = [...sorted.problems]

  const parse = (file: string): Source | null => {
    const content = files.get(file)
    if (content === undefined) return null
    const parsed = parseYaml(file, content)
    if ('source' in parsed) return parsed.source
    problems.push(...parsed.problems)
    return null
  }
  const read = <T>(file: string, schema: z.ZodType<T>): Shaped<T> | null => {
    const source = parse(file)
    if (source === null) return null
    const read = readShape(source, [], schema)
    if ('shape' in read) return { source, shape: read.shape }
    problems.push(...read.problems)
    return null
  }
  const readRules = (file: string): readonly ShapedRule[] => {
    const source = parse(file)
    if (source === null) return []
    const { rules, problems: found } = rulesOf(source)
    problems.push(...found)
    return rules
  }
  return {
    bundle: read('bundle.yaml', bundleSchema),
    catalogue: read('actions.yaml', catalogueSchema),
    resources: read('resources.yaml', resourcesSchema),
    commands: read('commands.yaml', commandsSchema),
    rules: sorted.rules.flatMap(readRules),
    servers: sorted.servers.flatMap((file) => read(file, serverSchema) ?? []),
    problems,
  }
}

function rulesOf(source: Source): { rules: readonly ShapedRule[]; problems: readonly BundleProblem[] } {
  if (!Array.isArray(source.value)) {
    const message = 'A rule file is a list: begin each rule with `- id:`, or remove the file.'
    return { rules: [], problems: [problemAt(source, { path: [], code: 'schema/type', message })] }
  }
  const rules: ShapedRule[] = []
  const problems: BundleProblem[] = []
  for (const index of source.value.keys()) {
    const read = readShape(source, [index], ruleSchema)
    if ('shape' in read) rules.push({ source, index, shape: read.shape })
    else problems.push(...read.problems)
  }
  return { rules, problems }
}
