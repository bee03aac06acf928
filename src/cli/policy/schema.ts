import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { policySchemas } from '../../policy/format/jsonSchema.ts'
import type { Printed } from './printed.ts'

/** Writes the JSON Schema of every file of a bundle into a directory, for editors and for checks elsewhere. */
export function schemaCommand(directory: string): Printed {
  mkdirSync(directory, { recursive: true })
  const paths = [...policySchemas()].map(([name, schema]) => {
    const path = join(directory, name)
    writeFileSync(path, `${JSON.stringify(schema, null, 2)}\n`)
    return path
  })
  return { text: paths.map((path) => `${path}\n`).join(''), exitCode: 0 }
}
