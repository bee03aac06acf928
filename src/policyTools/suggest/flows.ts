import type { JsonObject } from '../../core/json.ts'
import type { Ask } from '../../policy/ask.ts'
import type { Bundle } from '../../policy/bundle.ts'
import type { CatalogueAction } from '../../policy/catalogue.ts'
import type { Reading } from '../../policy/readers/reader.ts'
import { readingsOf } from '../../policy/readers/readings.ts'
import type { InventoryEntry } from '../../policy/resources.ts'
import type { Answer } from '../simulation/answer.ts'
import type { Recorded } from '../simulation/recorded.ts'

/** A request of the past of which is known what came of it, with what is read of its parameters. */
export interface Past {
  readonly recorded: Recorded
  readonly answer: Answer
  readonly readings: ReadonlyMap<string, Reading>
}

/** What was asked alike: by one agent, one action, in one environment, about what one entry of the inventory covers. */
export interface Flow {
  readonly action: string
  readonly known: CatalogueAction
  readonly environment: string
  readonly agent: string
  readonly resourceType: string
  /** The most specific entry that fits; null where nothing is known of the resource. */
  readonly entry: InventoryEntry | null
  /** In the order in which they were asked. */
  readonly asked: readonly Past[]
}

/** The parameters of a request as they are read; null where its action is not known (any more), or nothing came of it. Reading can take long. */
export function pastOf(bundle: Bundle, recorded: Recorded): Past | null {
  const known = bundle.catalogue.get(recorded.ask.action.action)
  if (!known || !recorded.answer) return null
  return { recorded, answer: recorded.answer, readings: readingsIn(bundle, recorded.ask, known) }
}

/**
 * What was asked alike, most asked first. Who the initiator is plays no part: that is what an agent says. Where a parameter is
 * read, it is also alike in what kind of thing that is: the same programs, the same host, the same operation.
 */
export function flowsIn(bundle: Bundle, asked: readonly Past[]): readonly Flow[] {
  const flows = new Map<string, Flow & { readonly asked: Past[] }>()
  const entryOf = entryFinder(bundle)
  for (const one of asked) {
    const { action, agent } = one.recorded.ask
    const known = bundle.catalogue.get(action.action)
    if (!known) continue
    const entry = entryOf(action.resource.type, action.resource.id)
    const kinds = [...one.readings].map(([name, reading]) => [name, kindOf(reading)])
    const { resource, environment } = action
    const key = JSON.stringify([action.action, agent.name, environment, resource.type, entry?.match, kinds])
    const flow = flows.get(key) ?? {
      action: action.action,
      known,
      environment,
      agent: agent.name,
      resourceType: resource.type,
      entry,
      asked: [],
    }
    flow.asked.push(one)
    flows.set(key, flow)
  }
  return [...flows]
    .sort(([left, one], [right, other]) => other.asked.length - one.asked.length || (left < right ? -1 : 1))
    .map(([, flow]) => flow)
}

function readingsIn(
  bundle: Bundle,
  { action, agent, read }: Ask,
  { params }: CatalogueAction,
): ReadonlyMap<string, Reading> {
  return readingsOf(params, action.params, {
    agent: agent.name,
    commands: bundle.commands,
    earlier: read ?? {},
  })
}

/** Of each reader the facts that say what kind of thing it is about. A value that was not understood is like no other. */
const telling = [
  ...[
    'commands',
    'tier',
    'service',
    'action',
    'kind',
    'reads',
    'writes',
    'host',
    'domain',
    'domains',
    'root',
    'account',
  ],
] as const

function kindOf(reading: Reading): JsonObject | null {
  if (!reading.understood) return null
  return Object.fromEntries(
    telling.flatMap((name) => {
      const fact = reading.facts[name]
      return fact === undefined ? [] : [[name, fact]]
    }),
  )
}

/** The entry that counts for a resource, as `lookUp` finds it. */
function entryFinder({ inventory }: Bundle): (type: string, id: string) => InventoryEntry | null {
  const exact = (type: string, id: string) => inventory.exact.get(type)?.get(id) ?? null
  return (type, id) =>
    exact(type, id) ??
    exact('*', id) ??
    inventory.globs.find(
      ({ id: pattern, entry }) => (entry.match.type === '*' || entry.match.type === type) && pattern.fits(id),
    )?.entry ??
    null
}
