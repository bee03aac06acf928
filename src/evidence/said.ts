import type { Json, JsonObject } from '../core/json.ts'
import { at, stringIn, stringsIn } from './facts.ts'
import type { Recorded } from './recorded.ts'
import type { ToldHop, ToldNarrowing, ToldNote } from './told.ts'

/** Through whom it was asked: which agents, as its entry has it, and what they were called, which stands beside it. */
export function hopsIn(data: JsonObject, run: Json | null): readonly ToldHop[] {
  const names = listIn(run, 'through')
  return listIn(data, 'through').map((hop, nth) => ({
    kind: stringIn(hop, 'kind') ?? '',
    name: stringIn(names[nth] ?? null, 'name'),
    agent: stringIn(hop, 'agent'),
  }))
}

/** What somebody said about it while people decided. */
export function noteIn({ index, entry, blobs }: Recorded): ToldNote {
  return {
    ...{ index, entry: entry.id, at: entry.ts, actor: entry.actor },
    note: stringIn(entry.data, 'note') ?? '',
    kind: stringIn(entry.data, 'kind') ?? '',
    to: stringIn(entry.data, 'to'),
    text: blobs.note ?? null,
  }
}

/** Who let less through than was asked, and what of it. */
export function narrowingIn({ index, entry, blobs }: Recorded): ToldNarrowing {
  return {
    ...{ index, entry: entry.id, at: entry.ts, actor: entry.actor },
    ...{ person: entry.actor.id, account: entry.actor.account ?? null },
    to: stringIn(entry.data, 'narrowed_to') ?? '',
    parameters: stringsIn(entry.data, 'lowered'),
    lowered: parsed(blobs.lowered),
    grounds: blobs.reason ?? null,
    identity: parsed(blobs.identity),
  }
}

/** Written by `newEntry`: JSON, unless it was a text to begin with. */
export function parsed(text: string | null | undefined): Json | null {
  if (text === null || text === undefined) return null
  return JSON.parse(text) as Json
}

function listIn(value: Json | null, name: string): readonly Json[] {
  const list = at(value, name)
  return Array.isArray(list) ? list : []
}
