import { readFileSync } from 'node:fs'
import type { CredentialIssuer } from '../approvals/leases/issuer.ts'
import type { Previewer } from '../approvals/previews/previewer.ts'
import { readTargets, type TargetsOf } from '../issuers/readTargets.ts'
import type { Config } from './config.ts'
import { StartFault } from './startFault.ts'

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
  const read = readTargets(credentialsFile, textOf(credentialsFile))
  if ('targets' in read) return { targets: read.targets(of), previewers: read.previewers() }
  const places = read.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
  throw new StartFault({
    problem: `CREDENTIALS_FILE, ${credentialsFile}, cannot be used:\n${places.join('\n')}`,
    fix: 'Correct it; docs/credentials.md has every property.',
  })
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new StartFault({
      problem: `CREDENTIALS_FILE names ${file}, which cannot be read.`,
      fix: 'Name a file that the server may read, or leave CREDENTIALS_FILE out: then nothing is issued.',
      cause,
    })
  }
}
