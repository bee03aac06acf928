import { readFileSync } from 'node:fs'
import type { Json } from '../../core/json.ts'
import { type Recorded, readRecorded } from '../../policyTools/simulation/recorded.ts'
import { StartFault } from '../../server/startFault.ts'

const form =
  'A request is written as agents send it: {"action": "db.export", "resource": {"type": "table", "id": "x"}, "params": {}, "environment": "prod"}; docs/policy-tools.md has the rest.'

/** One request, as JSON. `now` is when it is asked, where it does not say. @throws StartFault with the place */
export function readRequest(file: string, now: string): Recorded {
  return parsed(textOf(file), { place: file, id: 'request', now, fix: form })
}

/** One request per line; empty lines do not count. @throws StartFault with the line */
export function readRequests(file: string, now: string): readonly Recorded[] {
  const whole = textOf(file)
  if (isSpread(whole)) {
    const wanted = 'there has to be one request on each line'
    const jq = `jq -c 'if type == "array" then .[] else . end' ${file === '-' ? 'requests.json' : file}`
    throw new StartFault({
      problem: `${file} is one JSON value over several lines, and ${wanted}.`,
      fix: `Write each request on one line, without [ ] around them: ${jq}`,
    })
  }
  return whole.split('\n').flatMap((text, index) => {
    const place = `${file}:${index + 1}`
    return text.trim() === ''
      ? []
      : [parsed(text, { place, id: `line ${index + 1}`, now, fix: `One request on each line. ${form}` })]
  })
}

/** JSON that a program or an editor laid out for reading. */
function isSpread(text: string): boolean {
  if (!text.trim().includes('\n')) return false
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
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (cause) {
    throw new StartFault({
      problem: `${file} could not be read.`,
      fix: 'Give the path of a file, or - for standard input.',
      cause,
    })
  }
}
