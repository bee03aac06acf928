import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Json } from '../../core/json.ts'
import { bundleLimits } from '../limits.ts'
import { type BundleProblem, fileProblem, type ProblemCode } from '../problem.ts'
import type { Path, Place, Source } from './source.ts'
import { conditionFix, syntaxWords } from './syntaxWords.ts'

export type Parsed = { readonly source: Source } | { readonly problems: readonly BundleProblem[] }

/**
 * Parses YAML 1.2 (core schema) that means the same to every reader. Everything that lets one text be read in two ways,
 * or a small text grow large, is refused: duplicate keys, aliases and anchors, merge keys, tags, tabs, directives,
 * several documents (docs/policy.md#the-files). Aliases are refused before anything expands them.
 */
export function parseYaml(file: string, text: string): Parsed {
  if (Buffer.byteLength(text) > bundleLimits.fileBytes)
    return {
      problems: [
        fileProblem(file, 'bundle/too-large', 'This file is over 1 MiB: split it into several rule files.'),
      ],
    }
  const lines = new LineCounter()
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    strict: true,
    stringKeys: true,
    merge: false,
    resolveKnownTags: false,
    prettyErrors: false,
    uniqueKeys: false, // walk() finds duplicates in linear time
    lineCounter: lines,
  })
  const problems: BundleProblem[] = []
  const report: Report = (code, offset, message) => {
    const { line, col } = lines.linePos(offset)
    problems.push({
      file,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      rule: null,
      code,
      message: `${message ?? says[code]}${looksAt(code, problems.length) ? conditionFix(text, offset) : ''}`,
    })
  }
  scanText(text, report)
  reportSyntax(document, { text, lines, report })
  if (problems.length > 0) return { problems }
  const value = walk(document.contents, { report, depth: 0 })
  if (problems.length > 0) return { problems }
  return {
    source: {
      file,
      value,
      place: (path, on) => placeIn(document, lines, { path, on }),
      within: (path, at) => placeWithin(document, lines, { path, at, text }),
      keepsLines: (path) => {
        const node = document.getIn(path, true)
        return isScalar(node) && node.type === 'BLOCK_LITERAL'
      },
    },
  }
}

/** What is refused before a file has a shape, and the fix. */
const says = {
  'yaml/syntax': 'This is not YAML.',
  'yaml/duplicate-key': 'This key appears twice in the mapping: keep one.',
  'yaml/alias':
    'Anchors (&) and aliases (*) are not allowed: write the value out where it is needed. A text that begins with one goes in quotes: "*".',
  'yaml/merge-key': 'Merge keys are not allowed: write the properties out.',
  'yaml/tag': 'Tags are not allowed: remove it, and put text in quotes.',
  'yaml/tab': 'Tabs are not allowed anywhere in a bundle: use spaces.',
  'yaml/directive': 'Directives are not allowed: remove this line.',
  'yaml/many-documents': 'One document per file: move what follows into a file of its own.',
  'yaml/key': 'A key has to be plain text, and not __proto__: rename it.',
  'yaml/value': 'This has no JSON form: numbers have to be finite, and text whole; put text in quotes.',
  'yaml/too-deep': `This is nested deeper than ${bundleLimits.depth} levels: flatten it.`,
} as const satisfies Partial<Record<ProblemCode, string>>

type YamlCode = keyof typeof says
type Report = (code: YamlCode, offset: number, message?: string) => void

function scanText(text: string, report: Report): void {
  const tab = text.indexOf('\t')
  if (tab !== -1) report('yaml/tab', tab)
  const directive = /^%/m.exec(text)
  if (directive) report('yaml/directive', directive.index)
}

const codeOfSyntax: Partial<Record<string, YamlCode>> = {
  MULTIPLE_DOCS: 'yaml/many-documents',
  NON_STRING_KEY: 'yaml/key',
  BAD_ALIAS: 'yaml/alias',
  ALIAS_PROPS: 'yaml/alias',
  RESOURCE_EXHAUSTION: 'yaml/too-deep',
}

/** What a condition can be taken for when it is not quoted; a hostile file has more than anybody reads. */
function looksAt(code: YamlCode, told: number): boolean {
  return told < 20 && ['yaml/syntax', 'yaml/alias', 'yaml/tag'].includes(code)
}

/**
 * One slip yields follow-up errors without end: only the first of each line is told, none that the parser found after it had
 * lost its way ("in YAML stream"), and five at most. Tabs were told by scanText.
 */
function reportSyntax(
  { errors }: Document,
  { text, lines, report }: { readonly text: string; readonly lines: LineCounter; readonly report: Report },
): void {
  const told = new Set<number>()
  for (const { code, pos, message } of errors) {
    const { line } = lines.linePos(pos[0])
    const lost = told.size > 0 && message.includes('in YAML stream')
    if (code === 'TAB_AS_INDENT' || told.has(line) || lost) continue
    told.add(line)
    const known = codeOfSyntax[code]
    if (known === undefined) report('yaml/syntax', pos[0], syntaxWords(text, { code, message, at: pos[0] }))
    else report(known, pos[0])
    if (known === 'yaml/too-deep' || told.size === 5) return
  }
}

interface Walk {
  readonly report: Report
  readonly depth: number
}

/** The JSON value of a node. Depth is bounded, and every alias is reported, so this ends and cannot grow. */
function walk(node: unknown, { report, depth }: Walk): Json {
  const refuse = (code: YamlCode): null => refuseAt(node, code, report)
  if (isAlias(node)) return refuse('yaml/alias')
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null
  if (depth > bundleLimits.depth) return refuse('yaml/too-deep')
  if (node.anchor !== undefined) refuse('yaml/alias')
  if (node.tag !== undefined) refuse('yaml/tag')
  if (isSeq(node)) return node.items.map((item) => walk(item, { report, depth: depth + 1 }))
  if (isScalar(node)) return hasJsonForm(node.value) ? node.value : refuse('yaml/value')
  const seen = new Set<string>()
  const entries: [string, Json][] = []
  for (const { key, value } of node.items) {
    const name = keyName(key, report)
    if (name === null) continue
    if (seen.has(name)) refuseAt(key, 'yaml/duplicate-key', report)
    seen.add(name)
    entries.push([name, walk(value, { report, depth: depth + 1 })])
  }
  return Object.fromEntries(entries)
}

function keyName(key: unknown, report: Report): string | null {
  const refuse = (code: YamlCode): null => refuseAt(key, code, report)
  if (!isScalar(key) || typeof key.value !== 'string' || key.value === '__proto__') return refuse('yaml/key')
  if (key.anchor !== undefined) refuse('yaml/alias')
  if (key.tag !== undefined) refuse('yaml/tag')
  if (key.value === '<<') return refuse('yaml/merge-key')
  return hasJsonForm(key.value) ? key.value : refuse('yaml/value')
}

/** Half a surrogate pair, NaN and infinity have no canonical text, so they could not be digested. */
function hasJsonForm(value: unknown): value is null | boolean | string | number {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value === 'number') return Number.isFinite(value)
  return value === null || typeof value === 'boolean'
}

function refuseAt(node: unknown, code: YamlCode, report: Report): null {
  report(code, offsetOf(node) ?? 0)
  return null
}

function offsetOf(node: unknown): number | undefined {
  return isAlias(node) || isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined
}

function placeIn(document: Document, lines: LineCounter, at: { path: Path; on: 'key' | undefined }): Place {
  let node: unknown = document.contents
  let offset = offsetOf(node) ?? 0
  for (const [depth, step] of at.path.entries()) {
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && key.value === step) : undefined
    const next: unknown = pair
      ? pair.value
      : isSeq(node) && typeof step === 'number'
        ? node.items[step]
        : undefined
    const named = pair && at.on === 'key' && depth === at.path.length - 1
    const found = named ? offsetOf(pair.key) : (offsetOf(next) ?? offsetOf(pair?.key))
    if (found === undefined) break
    offset = found
    node = next
  }
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

/** A block scalar begins on the line after its `|`, indented; plain text where it stands; quoted text one further. */
function placeWithin(
  document: Document,
  lines: LineCounter,
  { path, at, text }: { readonly path: Path; readonly at: Place; readonly text: string },
): Place {
  const start = placeIn(document, lines, { path, on: undefined })
  const node = document.getIn(path, true)
  if (!isScalar(node)) return start
  if (node.type === 'BLOCK_LITERAL') {
    const content = text.split('\n').slice(start.line)
    const indent = content.find((line) => line.trim() !== '')?.search(/\S/) ?? 0
    return { line: start.line + at.line, column: indent + at.column }
  }
  const isPlain = node.type === 'PLAIN'
  if (at.line > 1 || node.type === 'BLOCK_FOLDED') return start
  return { line: start.line, column: start.column + at.column - (isPlain ? 1 : 0) }
}
