import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** The test files under a folder, by what they need. */
export interface FilesByNeed {
  /** Those that reach `support/database.ts` by their imports within the folder. */
  readonly database: string[]
  readonly pure: string[]
}

export function filesByNeed(folder: string): FilesByNeed {
  const files = new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/.test(path))
      .map((path) => {
        const file = join(folder, path)
        return [file, importsOf(file)] as const
      }),
  )
  const needing = new Set([join(folder, 'support/database.ts')])
  for (const file of needing)
    for (const [other, imports] of files) if (imports.includes(file)) needing.add(other)
  const tests = [...files.keys()].filter(
    (file) => /\.test\.tsx?$/.test(file) && !file.startsWith(join(folder, 'e2e')),
  )
  return {
    database: tests.filter((file) => needing.has(file)).sort(),
    pure: tests.filter((file) => !needing.has(file)).sort(),
  }
}

function importsOf(file: string): readonly string[] {
  const found = readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g)
  return [...found].map(([, target = '']) => normalize(join(dirname(file), target)))
}
