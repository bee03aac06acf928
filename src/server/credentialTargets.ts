import type { CredentialIssuer } from '../approvals/leases/issuer.ts'
import type { Previewer } from '../approvals/previews/previewer.ts'
import { readTargets, type TargetsOf } from '../issuers/readTargets.ts'
import type { Config } from './config.ts'
import { readOperatorsFile } from './operatorsFile.ts'

/** Where credentials are issued, and who says what an action would touch. */
export interface Targets {
  readonly targets: readonly CredentialIssuer[]
  readonly previewers: readonly Previewer[]
}

/**
 * The targets of CREDENTIALS_FILE, or none where there is no such file configured.
 *
 * @throws StartFault with every problem of the file and its place; what stands in the file is not repeated
 */
export function targetsOf({ credentialsFile }: Pick<Config, 'credentialsFile'>, of: TargetsOf): Targets {
  if (credentialsFile === null) return { targets: [], previewers: [] }
  const read = readOperatorsFile(
    {
      setting: 'CREDENTIALS_FILE',
      file: credentialsFile,
      without: 'nothing is issued',
      page: 'docs/credentials.md',
    },
    readTargets,
  )
  return { targets: read.targets(of), previewers: read.previewers() }
}
