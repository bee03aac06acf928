import type { Json, JsonObject } from '../core/json.ts'
import { at, stringIn } from './facts.ts'
import type { Recorded } from './recorded.ts'
import type { ToldHop, ToldNote } from './told.ts'

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

function listIn(value: Json | null, name: string): readonly Json[] {
  const list = at(value, name)
  return Array.isArray(list) ? list : []
}
