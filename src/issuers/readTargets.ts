import { z } from 'zod'
import type { Signer } from '../approvals/grants/signer.ts'
import type { CredentialIssuer } from '../approvals/leases/issuer.ts'
import type { Previewer } from '../approvals/previews/previewer.ts'
import { type FileProblem, readOfOperator, sameNames } from '../policy/format/ofOperator.ts'
import { properties } from '../policy/format/shape.ts'
import { awsIssuer, awsSchema } from './aws/issuer.ts'
import { githubIssuer } from './github/issuer.ts'
import { githubSchema } from './github/target.ts'
import { postgresqlIssuer, postgresqlSchema } from './postgresql/issuer.ts'
import { postgresqlPreviewer } from './postgresql/previewer.ts'

export type ReadTargets =
  | {
      readonly targets: (of: TargetsOf) => readonly CredentialIssuer[]
      /** Of those targets that the operator lets be asked before people are. */
      readonly previewers: () => readonly Previewer[]
    }
  | { readonly problems: readonly FileProblem[] }

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
  const read = readOfOperator(file, text, fileSchema)
  if ('problems' in read) return read
  const { targets } = read.shape
  const problems = sameNames(targets, { source: read.source, path: ['targets'], all: 'targets' })
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
