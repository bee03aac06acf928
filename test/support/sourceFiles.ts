import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

export interface SourceFile {
  /** From the folder on: `core/lifecycle.ts`. */
  readonly path: string
  readonly room: string
  readonly text: string
}

export function filesUnder(folder: string): readonly SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|tsx|mjs)$/.test(path) && !path.startsWith('store/prisma/'))
    .map((path) => ({
      path,
      room: path.includes('/') ? (path.split('/')[0] ?? '') : '.',
      text: readFileSync(join(folder, path), 'utf8'),
    }))
}

/** Static, dynamic, side-effect, type and re-export imports. */
export function importsOf(text: string): readonly string[] {
  const found = [
    ...text.matchAll(/(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]/g),
    ...text.matchAll(/(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g),
    ...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g),
    ...text.matchAll(/\brequire\(\s*['"]([^'"]+)['"]\s*\)/g),
  ]
  return found.map(([, target]) => target ?? '')
}

/** Where a relative import leads. */
export function pathOf(target: string, from: SourceFile): string {
  return relative('.', join(dirname(from.path), target))
}

/** Each circle of imports once, from its first file round to it again: `a.ts -> b.ts -> a.ts`. */
export function circlesIn(files: readonly SourceFile[]): readonly string[] {
  const imports = new Map(
    files.map((file) => [
      file.path,
      importsOf(file.text)
        .filter((target) => target.startsWith('.'))
        .map((target) => pathOf(target, file)),
    ]),
  )
  return [...imports.keys()].flatMap((start) => {
    const way = wayRound(start, imports)
    return way && [...way].sort()[0] === start ? [[...way, start].join(' -> ')] : []
  })
}

/** The shortest way that leads from a file back to it; null when there is none. */
function wayRound(start: string, imports: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const seen = new Set<string>()
  let ways: readonly (readonly string[])[] = [[start]]
  while (ways.length > 0) {
    const longer: (readonly string[])[] = []
    for (const way of ways)
      for (const next of imports.get(way.at(-1) ?? start) ?? []) {
        if (next === start) return way
        if (seen.has(next)) continue
        seen.add(next)
        longer.push([...way, next])
      }
    ways = longer
  }
  return null
}
