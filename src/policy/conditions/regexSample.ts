import { compiledRegex } from './regex.ts'

/** More are never needed: they are only tried. */
const mostSamples = 6

/**
 * A few texts in which a pattern is found, shortest repetitions first; empty where its syntax is beyond this. Every one
 * has been tried against the pattern.
 */
export function samplesOf(pattern: string): readonly string[] {
  const regex = compiledRegex(pattern)
  if (typeof regex === 'string') return []
  const reader: Reader = { text: pattern.replace(/^\(\?[a-z]+\)/, ''), at: 0 }
  const samples = alternatives(reader)
  return reader.at < reader.text.length ? [] : samples.filter((sample) => regex.test(sample))
}

interface Reader {
  readonly text: string
  at: number
}

function alternatives(reader: Reader): readonly string[] {
  const found = [...sequence(reader)]
  while (reader.text[reader.at] === '|') {
    reader.at += 1
    found.push(...sequence(reader))
  }
  return found.slice(0, mostSamples)
}

function sequence(reader: Reader): readonly string[] {
  let samples: readonly string[] = ['']
  while (reader.at < reader.text.length && !'|)'.includes(reader.text[reader.at] ?? '')) {
    const piece = repeated(reader, atom(reader))
    samples = samples.flatMap((start) => piece.map((end) => start + end)).slice(0, mostSamples)
  }
  return samples
}

function atom(reader: Reader): readonly string[] {
  const character = reader.text[reader.at] ?? ''
  reader.at += 1
  if (character === '^' || character === '$') return ['']
  if (character === '.') return ['x']
  if (character === '[') return [fromClass(reader)]
  if (character === '\\') return [escaped(reader)]
  if (character !== '(') return [character]
  reader.text.slice(reader.at).replace(/^\?(:|P?<[A-Za-z]\w*>|[a-z]+:)/, (mark) => {
    reader.at += mark.length
    return ''
  })
  const inner = alternatives(reader)
  reader.at += 1 // the closing bracket
  return inner
}

const classes: Readonly<Record<string, string>> = {
  d: '1',
  D: 'x',
  w: 'x',
  W: ' ',
  s: ' ',
  S: 'x',
  b: '',
  B: '',
  A: '',
  z: '',
  n: '\n',
  r: '\r',
}

function escaped(reader: Reader): string {
  const character = reader.text[reader.at] ?? ''
  reader.at += 1
  return classes[character] ?? character
}

/** The first character of the class, or for one that is negated, one that is not in it. */
function fromClass(reader: Reader): string {
  const negated = reader.text[reader.at] === '^'
  if (negated) reader.at += 1
  const members: string[] = []
  while (reader.at < reader.text.length && (reader.text[reader.at] !== ']' || members.length === 0)) {
    const character = reader.text[reader.at] ?? ''
    reader.at += 1
    members.push(character === '\\' ? escaped(reader) : character)
  }
  reader.at += 1 // the closing bracket
  if (!negated) return members[0] ?? ''
  return [...'x0 ~-'].find((one) => !members.includes(one)) ?? ''
}

function repeated(reader: Reader, samples: readonly string[]): readonly string[] {
  const written = /^(\*|\+|\?|\{(\d+)(,\d*)?\})\??/.exec(reader.text.slice(reader.at))
  if (!written) return samples
  reader.at += written[0].length
  const [, how = '', least] = written
  const times = least === undefined ? 1 : Math.max(1, Number(least))
  const once = samples.map((sample) => sample.repeat(Math.min(times, 256)))
  return how === '*' || how === '?' || least === '0' ? [...once, ''] : once
}
