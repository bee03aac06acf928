import { closeSync, openSync, readSync } from 'node:fs'
import type { Json } from '../../core/json.ts'
import { type Recorded, readRecorded } from '../../policyTools/simulation/recorded.ts'
import { StartFault } from '../../server/startFault.ts'

const form =
  'A request is written as agents send it: {"action": "db.export", "resource": {"type": "table", "id": "x"}, "params": {}, "environment": "prod"}; docs/policy-tools.md has the rest.'

/** One request, as JSON. `now` is when it is asked, where it does not say. @throws StartFault with the place */
export function readRequest(file: string, now: string): Recorded {
  return parsed(textOf(file), { place: file, id: 'request', now, fix: form })
}

/** So many requests of a file are in memory at a time. */
const pageSize = 500

/** One request per line, a page at a time; empty lines do not count. @throws StartFault with the line */
export function* readRequests(file: string, now: string): Generator<readonly Recorded[], void, undefined> {
  let page: Recorded[] = []
  let isFirst = true
  const lines = linesIn(file)
  for (const { text, line } of lines) {
    if (text.trim() === '') continue
    if (isFirst && !isJson(text) && isJson(joined(text, lines))) throw spread(file)
    isFirst = false
    const place = `${file}:${line}`
    page.push(parsed(text, { place, id: `line ${line}`, now, fix: `One request on each line. ${form}` }))
    if (page.length < pageSize) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
}

/** What begins with a line that is no JSON: maybe a program or an editor laid it out for reading. */
function joined(first: string, rest: Iterable<{ readonly text: string }>): string {
  const all = [first]
  for (const { text } of rest) if (all.push(text) > longestSpread) break
  return all.join('\n')
}

const longestSpread = 100_000

function spread(file: string): StartFault {
  const jq = `jq -c 'if type == "array" then .[] else . end' ${file === '-' ? 'requests.json' : file}`
  return new StartFault({
    problem: `${file} is one JSON value over several lines, and there has to be one request on each line.`,
    fix: `Write each request on one line, without [ ] around them: ${jq}`,
  })
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function parsed(
  text: string,
  about: {
    readonly place: string
    readonly id: string
    readonly now: string
    readonly fix: string
  },
): Recorded {
  const read = readRecorded(jsonIn(text, about), { id: about.id, at: about.now })
  if (read.ok) return read.recorded
  throw new StartFault({ problem: `${about.place} is not a request. ${read.wrong}`, fix: about.fix })
}

function jsonIn(text: string, { place, fix }: { readonly place: string; readonly fix: string }): Json {
  try {
    return JSON.parse(text) as Json // parsed edge
  } catch (cause) {
    throw new StartFault({ problem: `${place} is not JSON.`, fix, cause })
  }
}

/** `-` is standard input. */
function textOf(file: string): string {
  return [...linesIn(file)].map(({ text }) => text).join('\n')
}

/** The lines of a file, from 1, read bit by bit. `-` is standard input. @throws StartFault */
function* linesIn(
  file: string,
): Generator<{ readonly text: string; readonly line: number }, void, undefined> {
  const decoder = new TextDecoder()
  let rest = ''
  let line = 0
  for (const bytes of chunksOf(file)) {
    const [first = '', ...more] = decoder.decode(bytes, { stream: true }).split('\n')
    rest += first
    for (const next of more) {
      yield { text: rest, line: ++line }
      rest = next
    }
  }
  yield { text: rest + decoder.decode(), line: ++line }
}

function* chunksOf(file: string): Generator<Uint8Array, void, undefined> {
  const fix = 'Give the path of a file, or - for standard input.'
  const refused = (cause: unknown) => new StartFault({ problem: `${file} could not be read.`, fix, cause })
  let opened: number | null = null
  try {
    opened = file === '-' ? 0 : openSync(file, 'r')
    const buffer = new Uint8Array(1 << 16)
    for (let length = -1; length !== 0; ) {
      length = readSync(opened, buffer)
      yield buffer.subarray(0, length)
    }
  } catch (cause) {
    throw cause instanceof StartFault ? cause : refused(cause)
  } finally {
    if (opened !== null && opened !== 0) closeSync(opened)
  }
}
