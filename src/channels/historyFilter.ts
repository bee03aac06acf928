import { ours, say, type Text, typed } from '../card/span.ts'
import { durationPattern, secondsIn } from '../core/duration.ts'
import { type State, states } from '../core/lifecycle.ts'
import { nearest } from '../core/nearest.ts'

/** What somebody wants to see of a history, as it was typed; everything, where nothing was. */
export interface TypedFilter {
  readonly agent?: string
  readonly action?: string
  /** Somebody as the channel names them, or `me`. */
  readonly person?: string
  readonly states?: readonly State[]
  /** RFC 3339, UTC. */
  readonly since?: string
}

/** What may be typed. */
export const historyFilters = '[agent:name] [action:name] [person: @name] [state:denied,expired] [since:7d]'

/** How one channel names people in what is typed. */
export interface Naming {
  /** Of an id. */
  readonly id: RegExp
  /** Of a mention, all of them, with the id as its only group. */
  readonly mention: RegExp
}

interface Typing {
  /** Milliseconds. */
  readonly now: number
  readonly naming: Naming
}

/** A filter, or in a sentence what is wrong with it. */
type Read = { readonly filter: TypedFilter } | { readonly wrong: Text }

/** Reads one value. */
type Reader = (value: string, typing: Typing) => TypedFilter | { readonly wrong: Text }

const readers: Readonly<Record<string, Reader>> = {
  agent: (value) =>
    /^[a-z0-9][a-z0-9._-]{1,62}$/.test(value)
      ? { agent: value }
      : { wrong: say`An agent has a name such as ${typed('billing-agent')}, or an id.` },
  action: (value) =>
    /^[a-z0-9][a-z0-9._:-]{0,199}$/.test(value)
      ? { action: value }
      : { wrong: say`An action has a name such as ${typed('db.export')}, in full.` },
  person: (value, { naming }) =>
    value === 'me' || naming.id.test(value)
      ? { person: value }
      : {
          wrong: say`Write ${typed('person: @name')}, with a space, so that people are suggested; or ${typed('person:me')}.`,
        },
  state: (value) => {
    const wanted = value.split(',')
    const odd = wanted.find((one) => !isState(one))
    if (odd === undefined) return { states: [...new Set(wanted.filter(isState))] }
    const near = nearest(odd, states)
    return {
      wrong: near
        ? say`Did you mean ${typed(`state:${near}`)}?`
        : say`The states are ${ours(states.join(', '))}.`,
    }
  },
  since: (value, { now }) => {
    const at = durationPattern.test(value) ? now - secondsIn(value) * 1_000 : momentIn(value)
    return at === null
      ? {
          wrong: say`Say how far back, such as ${typed('since:7d')} or ${typed('since:12h')}, or a day, such as ${typed('since:2026-11-24')}.`,
        }
      : { since: new Date(at).toISOString() }
  },
}

/** `agent:billing-agent state:denied since:7d`, in any order, each at most once. */
export function readFilter(text: string, typing: Typing): Read {
  let filter: TypedFilter = {}
  const seen = new Set<string>()
  for (const word of wordsIn(text, typing.naming)) {
    const at = word.indexOf(':')
    const name = at < 0 ? '' : word.slice(0, at).toLowerCase()
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined
    if (!read) return { wrong: say`Each filter has a name and a value. ${suggestion(name)}` }
    if (seen.has(name)) return { wrong: say`${typed(`${name}:`)} can stand there once.` }
    seen.add(name)
    const found = read(word.slice(at + 1), typing)
    if ('wrong' in found) return { wrong: found.wrong }
    filter = { ...filter, ...found }
  }
  return { filter }
}

/** Whoever is mentioned is a word, alone or after `person:`, with a space between them or not. */
function wordsIn(text: string, { id, mention }: Naming): readonly string[] {
  return text
    .replace(mention, ' $1 ')
    .replace(/\bperson:\s+/gi, 'person:')
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => (id.test(word) ? `person:${word}` : word))
}

/** As `readFilter` reads it again, whenever that is: a length of time has become a moment. */
export function filterText({ agent, action, person, states: wanted, since }: TypedFilter): string {
  return [
    ...(agent === undefined ? [] : [`agent:${agent}`]),
    ...(action === undefined ? [] : [`action:${action}`]),
    ...(person === undefined ? [] : [`person:${person}`]),
    ...(wanted ? [`state:${wanted.join(',')}`] : []),
    ...(since === undefined ? [] : [`since:${since}`]),
  ].join(' ')
}

function suggestion(name: string): Text {
  const near = name === '' ? null : nearest(name, Object.keys(readers))
  return near
    ? say`Did you mean ${typed(`${near}:`)}?`
    : say`These are ${ours(Object.keys(readers).join(', '))}.`
}

function isState(text: string): text is State {
  return (states as readonly string[]).includes(text)
}

/** The beginning of a day in UTC, or a moment as we write it, in milliseconds; null for anything else. */
function momentIn(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}\.\d{3}Z)?$/.test(text)) return null
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : at
}
