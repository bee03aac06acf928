import { z } from 'zod'
import type { Signer } from '../approvals/grants/signer.ts'
import type { CredentialIssuer } from '../approvals/leases/issuer.ts'
import type { Previewer } from '../approvals/previews/previewer.ts'
import { properties, readShape } from '../policy/format/shape.ts'
import { parseYaml } from '../policy/format/yaml.ts'
import { awsIssuer, awsSchema } from './aws/issuer.ts'
import { githubIssuer } from './github/issuer.ts'
import { githubSchema } from './github/target.ts'
import { postgresqlIssuer, postgresqlSchema } from './postgresql/issuer.ts'
import { postgresqlPreviewer } from './postgresql/previewer.ts'

/** Something that is wrong with the file, and where; lines and columns count from 1. */
interface TargetProblem {
  readonly line: number
  readonly column: number
  readonly message: string
}

export type ReadTargets =
  | {
      readonly targets: (of: TargetsOf) => readonly CredentialIssuer[]
      /** Of those targets that the operator lets be asked before people are. */
      readonly previewers: () => readonly Previewer[]
    }
  | { readonly problems: readonly TargetProblem[] }

export interface TargetsOf {
  /** Whose credentials these are: `wsp_…`. */
  readonly installation: string
  /** Makes what some targets want to see; null for whoever only looks. */
  readonly signer: Signer | null
}

const targetSchema = z.discriminatedUnion('issuer', [postgresqlSchema, awsSchema, githubSchema])
const fileSchema = properties({ targets: z.array(targetSchema).min(1).max(50) })

/** The operator's file of targets (docs/credentials.md). Either all of it, checked, or everything that is wrong with it. Nothing is connected. */
export function readTargets(file: string, text: string): ReadTargets {
  const parsed = parseYaml(file, text)
  if ('problems' in parsed) return parsed
  const shaped = readShape(parsed.source, [], fileSchema)
  if ('problems' in shaped) return shaped
  const { targets } = shaped.shape
  const problems = targets.flatMap(({ name }, at) => {
    if (targets.findIndex((one) => one.name === name) === at) return []
    const message = 'Two targets have this name: rename one.'
    return [{ ...parsed.source.place(['targets', at, 'name']), message }]
  })
  if (problems.length > 0) return { problems }
  return {
    targets: (of) => targets.map((target) => issuerFor(target, of)),
    previewers: () =>
      targets.flatMap((target) => {
        const previewer = target.issuer === 'postgresql' ? postgresqlPreviewer(target) : null
        return previewer ? [previewer] : []
      }),
  }
}

function issuerFor(
  target: z.infer<typeof targetSchema>,
  { installation, signer }: TargetsOf,
): CredentialIssuer {
  switch (target.issuer) {
    case 'aws':
      return awsIssuer(target, signer)
    case 'github':
      return githubIssuer(target)
    case 'postgresql':
      return postgresqlIssuer(target, installation)
  }
}
