import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { policySchemas } from '../../policyTools/schema/jsonSchema.ts'
import { StartFault } from '../../server/startFault.ts'
import type { Printed } from './printed.ts'

/**
 * Writes the JSON Schema of every file of a bundle into a directory, for editors and for checks elsewhere.
 * @throws StartFault when there is a file in its place, or it cannot be written to
 */
export function schemaCommand(directory: string): Printed {
  const paths = [...policySchemas()].map(([name, schema]) => {
    const path = join(directory, name)
    write(directory, path, `${JSON.stringify(schema, null, 2)}\n`)
    return path
  })
  return { text: paths.map((path) => `${path}\n`).join(''), exitCode: 0 }
}

function write(directory: string, path: string, text: string): void {
  try {
    mkdirSync(directory, { recursive: true })
    writeFileSync(path, text)
  } catch (cause) {
    throw new StartFault({
      problem: `${path} could not be written.`,
      fix: `Name a directory that you may write to, such as schemas; ${directory} may be a file.`,
      cause,
    })
  }
}
