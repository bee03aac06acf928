import type { Span, Text } from '../../card/span.ts'
import { accountsIn, type People, type ShownPerson } from '../../card/view.ts'
import { objectIn } from '../address.ts'
import type { Mention, TextBlock } from './pieces.ts'
import { nameOf, nameOfSet } from './spans.ts'

/** A line that calls people, and who they are: Teams wants both. */
export interface Call {
  readonly line: TextBlock
  readonly entities: readonly Mention[]
}

/** So many are called by one message. All are named where they are needed. */
const mostCalled = 20

/**
 * Calls whoever these texts call and can be called: people of Teams. A group cannot be, nor somebody whose account is elsewhere;
 * they are named in the texts. Mentions are parsed, so they stand by themselves, with nothing in them but letters. Null when it is nobody.
 */
export function callOf(people: People, texts: readonly Text[]): Call | null {
  const called = new Map(texts.flatMap((text) => text.flatMap((span) => calledIn(people, span))))
  const names = new Map<string, number>()
  const entities = [...called].slice(0, mostCalled).map(([id, name]): Mention => {
    const letters = lettersOf(name)
    const nth = (names.get(letters) ?? 0) + 1
    names.set(letters, nth)
    // Teams finds a mention by its text: no two may have the same.
    const unique = nth === 1 ? letters : `${letters} ${nth}`
    return { type: 'mention', text: `<at>${unique}</at>`, mentioned: { id, name: unique } }
  })
  if (entities.length === 0) return null
  const text = `To ${entities.map((one) => one.text).join(', ')}`
  return { line: { type: 'TextBlock', text, wrap: true, spacing: 'Small' }, entities }
}

function calledIn(people: People, span: Span): readonly (readonly [id: string, name: string])[] {
  if ('strong' in span) return span.strong.flatMap((one) => calledIn(people, one))
  if (!('calls' in span && span.calls)) return []
  if ('person' in span) {
    const known = people.get(span.person)
    const id = known && idOf(known)
    return id ? [[id, nameOf(people, span.person)]] : []
  }
  const id = span.set.kind === 'account' ? objectIn(span.set.mention ?? span.set.address) : null
  return id === null ? [] : [[id, nameBy(people, id) ?? nameOfSet(span.set)]]
}

/** Of an account that the message knows by its person. */
function nameBy(people: People, id: string): string | null {
  const found = [...people].find(([, known]) => idOf(known) === id)
  return found ? nameOf(people, found[0]) : null
}

/** Of their account in Teams, where they have one. */
function idOf(known: ShownPerson): string | null {
  return (
    accountsIn(known)
      .map(objectIn)
      .find((id) => id !== null) ?? null
  )
}

/** A name without anything that Teams could parse; of one that has no letters, that it is somebody. */
function lettersOf(name: string): string {
  const letters = name.replace(/[^\p{L}\p{M}\p{N}' -]+/gu, ' ').replace(/\s+/g, ' ')
  return letters.replace(/^[\s'-]+|[\s'-]+$/g, '') || 'Somebody'
}
