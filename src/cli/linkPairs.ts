import { readFileSync } from 'node:fs'
import { linkPairs, type Pair, type PairLinked } from '../approvals/people/linkPairs.ts'
import { Refusal } from '../core/refusal.ts'
import { withParts } from '../server/compose.ts'
import { readConfig } from '../server/config.ts'
import { personClaim } from '../server/personClaim.ts'
import { thisShell } from '../server/shell.ts'
import { paint, say } from './say.ts'

/** Each asks two people: more at once is rather a mistake than a list. */
const mostPairs = 1_000

/** `countersign people link --file pairs.csv` */
export function linkFileCommand(file: string): Promise<number> {
  const pairs = pairsIn(textOf(file))
  return withParts(readConfig(), async ({ ports }) => {
    const done: PairLinked[] = []
    const linked = (one: PairLinked) => {
      done.push(one)
      say(said(one))
    }
    await linkPairs(ports, { pairs, via: 'cli', shell: thisShell() }, linked)
    if (ports.confirms)
      say('What one account gives the other waits until both have confirmed it, in a message to each.')
    return done.some(({ outcome }) => outcome === 'refused') ? 1 : 0
  })
}

function said({ line, outcome, says }: PairLinked): string {
  if (outcome === 'refused') return `${paint('red', '✗')} Line ${line}: ${says}`
  const what = outcome === 'linked' ? 'they count as one person now' : 'they are one person already'
  return `${paint('green', '✓')} Line ${line}: ${what}.`
}

/** Two columns; blank lines, and lines that begin with `#`, say nothing. @throws Refusal `invalid_request` with each line that is no pair */
export function pairsIn(text: string): readonly Pair[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const written = lines.flatMap((one, nth) => {
    const trimmed = one.trim()
    return trimmed === '' || trimmed.startsWith('#') ? [] : [{ line: nth + 1, columns: columnsOf(trimmed) }]
  })
  const wrong = written.filter(({ columns }) => columns.length !== 2 || columns.includes(''))
  if (wrong.length > 0)
    throw refused(
      wrong.map(({ line }) => ({
        pointer: `/${line}`,
        detail: 'This must be two accounts with a comma between them.',
      })),
    )
  if (written.length === 0 || written.length > mostPairs)
    throw refused([{ pointer: '/file', detail: `There must be 1 to ${mostPairs} pairs in it.` }])
  return written.map(({ line, columns: [account = '', other = ''] }) => ({
    line,
    account: personClaim(account),
    other: personClaim(other),
  }))
}

function columnsOf(line: string): readonly string[] {
  return line.split(',').map((one) => one.trim().replace(/^"(.*)"$/, '$1'))
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw refused([{ pointer: '/file', detail: `${file} cannot be read.` }])
  }
}

function refused(problems: Refusal['problems']): Refusal {
  return new Refusal('invalid_request', 'the file of pairs is not one', problems)
}
