import type { CurrentPerson } from '../core/identity.ts'
import type { Note } from '../core/note.ts'
import type { Entry } from '../ledger/entry.ts'
import type { Passage } from './passage.ts'
import { atTime, name, ours, say, strong, type Text } from './span.ts'
import { hasHidden, prose } from './text.ts'
import { type Told, tell } from './told.ts'
import type { RequestView } from './view.ts'

/* What people and the agent say about a request while it is pending. All of it is somebody's words, and nothing in it is parsed. */

type CurrentNote = Note<CurrentPerson>

/** So many stand on a card: the newest. */
const mostOnCard = 3
/** And so many in the full request. Older ones are in the thread. */
const mostInFull = 6

/** The newest notes of a request that people decide on, in order, and how many there were before them. */
export function newestNotes({ request }: RequestView): readonly Passage[] {
  const { notes = [], state } = request
  if (state !== 'pending') return []
  return newest(notes, { most: mostOnCard, length: 300 })
}

/** The same in the full request, also once it has ended. */
export function notesAround({ request: { notes = [] } }: RequestView): readonly Passage[] {
  return newest(notes, { most: mostInFull, length: 600 })
}

function newest(
  notes: readonly CurrentNote[],
  { most, length }: { readonly most: number; readonly length: number },
): readonly Passage[] {
  const earlier = notes.length - most
  return [
    ...(earlier > 0 ? [{ note: say`${earlier} earlier in the thread.` }] : []),
    ...notes.slice(-most).flatMap((one) => notePassages(one, length)),
  ]
}

/** One of them in the thread under the card, where it is written. */
export function noteTold({ request }: RequestView, { data }: Entry): Told | null {
  const note = request.notes?.find(({ id }) => id === data.note)
  return note ? tell(say`${strong`${whose(note)}`}${checked(note)}:`, [quoted(note, 1_000)]) : null
}

/** Whose words it is, and when. */
export function noteLine(note: CurrentNote): Text {
  return say`${strong`${whose(note)}`}${checked(note)}, ${atTime(note.at)}:`
}

function notePassages(note: CurrentNote, most: number): readonly Passage[] {
  return [{ note: noteLine(note) }, quoted(note, most)]
}

function quoted({ text }: CurrentNote, most: number): Passage {
  return { quote: prose(text, most) }
}

const says = { changes: 'asked for changes', question: 'asked', answer: 'answered' } as const

function whose({ kind, by }: CurrentNote): Text {
  return by === 'agent' ? say`The agent answered` : say`${name(by)} ${ours(says[kind])}`
}

/** Nobody has checked what an agent says; and hidden characters stand out. */
function checked({ by, text }: CurrentNote): Text {
  const marks = [
    ...(by === 'agent' ? ['not checked'] : []),
    ...(hasHidden(text) ? ['contains hidden characters'] : []),
  ]
  return marks.length > 0 ? say` (${ours(marks.join('; '))})` : []
}
