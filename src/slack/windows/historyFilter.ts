import { durationPattern, secondsIn } from '../../core/duration.ts'
import { type State, states } from '../../core/lifecycle.ts'
import { nearest } from '../../core/nearest.ts'

/** What somebody wants to see of a history, as it was typed; everything, where nothing was. */
export interface TypedFilter {
  readonly agent?: string
  readonly action?: string
  /** Slack's id of somebody, or `me`. */
  readonly person?: string
  readonly states?: readonly State[]
  /** RFC 3339, UTC. */
  readonly since?: string
}

export const historyUsage =
  '/approvals history [agent:name] [action:name] [person: @name] [state:denied,expired] [since:7d]'

/** Somebody, as Slack names them. */
const personId = /^[UW][A-Z0-9]{2,30}$/

/** A filter, or in a sentence what is wrong with it. */
type Read = { readonly filter: TypedFilter } | { readonly wrong: string }

/** Reads one value. `now` is in milliseconds. */
type Reader = (value: string, now: number) => TypedFilter | { readonly wrong: string }

const readers: Readonly<Record<string, Reader>> = {
  agent: (value) =>
    /^[a-z0-9][a-z0-9._-]{1,62}$/.test(value)
      ? { agent: value }
      : { wrong: 'An agent has a name such as `billing-agent`, or an id.' },
  action: (value) =>
    /^[a-z0-9][a-z0-9._:-]{0,199}$/.test(value)
      ? { action: value }
      : { wrong: 'An action has a name such as `db.export`, in full.' },
  person: (value) =>
    value === 'me' || personId.test(value)
      ? { person: value }
      : { wrong: 'Write `person: @name`, with a space, so that Slack suggests people; or `person:me`.' },
  state: (value) => {
    const wanted = value.split(',')
    const odd = wanted.find((one) => !isState(one))
    if (odd === undefined) return { states: [...new Set(wanted.filter(isState))] }
    const near = nearest(odd, states)
    return { wrong: near ? `Did you mean \`state:${near}\`?` : `The states are ${states.join(', ')}.` }
  },
  since: (value, now) => {
    const at = durationPattern.test(value) ? now - secondsIn(value) * 1_000 : momentIn(value)
    return at === null
      ? {
          wrong: 'Say how far back, such as `since:7d` or `since:12h`, or a day, such as `since:2026-11-24`.',
        }
      : { since: new Date(at).toISOString() }
  },
}

/** `agent:billing-agent state:denied since:7d`, in any order, each at most once. `now` is in milliseconds. */
export function readFilter(text: string, now: number): Read {
  let filter: TypedFilter = {}
  const seen = new Set<string>()
  for (const word of wordsIn(text)) {
    const at = word.indexOf(':')
    const name = at < 0 ? '' : word.slice(0, at).toLowerCase()
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined
    if (!read) return { wrong: `Each filter has a name and a value. ${suggestion(name)}` }
    if (seen.has(name)) return { wrong: `\`${name}:\` can stand there once.` }
    seen.add(name)
    const found = read(word.slice(at + 1), now)
    if ('wrong' in found) return { wrong: found.wrong }
    filter = { ...filter, ...found }
  }
  return { filter }
}

/** Whoever is mentioned is a word, alone or after `person:`, with a space between them or not: Slack sends `<@U012AB3CD|name>`. */
function wordsIn(text: string): readonly string[] {
  return text
    .replace(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, ' $1 ')
    .replace(/\bperson:\s+/gi, 'person:')
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => (personId.test(word) ? `person:${word}` : word))
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

function suggestion(name: string): string {
  const near = name === '' ? null : nearest(name, Object.keys(readers))
  return near ? `Did you mean \`${near}:\`?` : `These are ${Object.keys(readers).join(', ')}.`
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
