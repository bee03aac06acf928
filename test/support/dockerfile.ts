import { readFileSync } from 'node:fs'

/** One stage of a Dockerfile: its name, and its instructions in order. */
export interface Stage {
  readonly name: string
  readonly steps: readonly Step[]
}

interface Step {
  readonly instruction: string
  /** What stands behind it, on one line. */
  readonly words: string
}

export interface Copy {
  /** The stage it copies from; null for the directory that is built. */
  readonly stage: string | null
  readonly sources: readonly string[]
  readonly target: string
}

/** As much of the format as our Dockerfile uses; anything else is refused, so that no step is passed over in silence. */
export function readDockerfile(path: string): readonly Stage[] {
  const known = /^(ARG|FROM|WORKDIR|COPY|RUN|VOLUME|ENV|EXPOSE|USER|HEALTHCHECK|ENTRYPOINT|CMD)\s+(.+)$/
  const lines = readFileSync(path, 'utf8')
    .replace(/^#.*$/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
  const stages: { name: string; steps: Step[] }[] = []
  for (const line of lines) {
    const [, instruction = '', words = ''] = known.exec(line.trim()) ?? []
    if (instruction === '') throw new Error(`cannot read this line of ${path}: ${line}`)
    if (instruction === 'FROM') stages.push({ name: / AS (\S+)$/.exec(words)?.[1] ?? 'last', steps: [] })
    else stages.at(-1)?.steps.push({ instruction, words: words.replace(/\s+/g, ' ') })
  }
  return stages
}

export function copyOf(words: string): Copy {
  const parts = words.split(' ')
  const from = /^--from=(\S+)$/.exec(parts[0] ?? '')
  const paths = from ? parts.slice(1) : parts
  return { stage: from?.[1] ?? null, sources: paths.slice(0, -1), target: paths.at(-1) ?? '' }
}

/** `KEY=value KEY=value`. */
export function environmentOf(words: string): Readonly<Record<string, string>> {
  return Object.fromEntries(words.split(' ').map((pair) => pair.split('=') as [string, string])) // ENV has only pairs
}

/** `["a", "b"]`: without a shell. @throws when it is the other form, which would swallow signals */
export function execForm(words: string): readonly string[] {
  return JSON.parse(words.slice(words.indexOf('[')))
}

/** What reaches the build of an image; of several lines that fit, the last decides. A line is a path, or `*` for everything. */
export function isSent(path: string, ignore: string): boolean {
  const lines = ignore.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return lines.reduce((sent, line) => {
    const pattern = line.replace(/^!/, '')
    if (pattern !== '*' && pattern.includes('*')) throw new Error(`cannot read ${line}`)
    const fits = pattern === '*' || path === pattern || path.startsWith(`${pattern}/`)
    return fits ? line.startsWith('!') : sent
  }, true)
}
