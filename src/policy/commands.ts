import { canonical } from '../core/canonical.ts'
import type { Json, JsonObject } from '../core/json.ts'
import { didYouMean } from '../core/nearest.ts'
import { type Kinds, kindsOf } from './commandKinds.ts'
import type { CommandsShape, EntryShape, ProgramShape } from './format/commandsSchema.ts'
import type { Path } from './format/source.ts'
import { glob } from './glob.ts'
import type { Fault } from './problem.ts'
import type {
  CommandCatalogue,
  Entry,
  Flag,
  Kind,
  Program,
  Slot,
  Tier,
} from './readers/shell/commandCatalogue.ts'

/** The catalogue of commands.yaml, and what is wrong with it beyond its form: then nothing goes by the catalogue. */
export function commandsOf(
  shape: CommandsShape,
  value: Json,
): {
  readonly catalogue: CommandCatalogue
  readonly faults: readonly Fault[]
} {
  const faults: Fault[] = []
  const kinds = kindsOf(shape.kinds ?? new Map(), faults)
  const programs = new Map<string, Program>()
  for (const [name, written] of shape.programs) {
    const program = programOf(written, { kinds, faults, path: ['programs', name] })
    for (const one of [name, ...(written.also ?? [])]) {
      if (programs.has(one)) refuse(faults, ['programs', name], `${one} has an entry already: keep one.`)
      programs.set(one, program)
    }
  }
  const catalogue: CommandCatalogue = {
    runs: (shape.runs ?? []).map(({ agents, ...how }) => ({
      ...how,
      agents: agents === 'all' ? agents : agents.map(glob),
    })),
    directories: shape.directories ?? [],
    roots: shape.paths?.contents ?? [],
    secret: (shape.paths?.secret ?? []).map((one) => glob(one.toLowerCase())),
    programs,
    written: new Map(partsOf(value)),
  }
  return { catalogue, faults }
}

function partsOf(value: Json): readonly (readonly [string, string])[] {
  const inside = (json: Json | undefined): readonly (readonly [string, Json])[] =>
    typeof json === 'object' && json !== null && !Array.isArray(json)
      ? Object.entries(json as JsonObject)
      : [] // neither a list nor null
  return inside(value).flatMap(([name, part]) => {
    if (name === 'apiVersion' || name === 'kind') return []
    if (name !== 'programs') return [[name, canonical([part])] as const]
    return inside(part).map(([program, entry]) => [`program ${program}`, canonical([entry])] as const)
  })
}

interface Building {
  readonly kinds: Kinds
  readonly faults: Fault[]
  readonly path: Path
}

function refuse(faults: Fault[], path: Path, message: string): void {
  faults.push({ path, code: 'schema/value', message })
}

function programOf(written: ProgramShape, building: Building): Program {
  return {
    ...entryOf(written, building, { tier: null, flags: new Map() }),
    style: written.style ?? 'plain',
    settings: written.settings ?? [],
    elevates: written.elevates ?? false,
    operations: written.operations ?? null,
    explains: written.explains ?? false,
  }
}

/** What subcommands take from what they are subcommands of. */
interface Above {
  readonly tier: Tier | null
  readonly flags: ReadonlyMap<string, Flag>
}

function entryOf(written: EntryShape, building: Building, above: Above): Entry {
  const { faults, path } = building
  const flags = new Map([...above.flags, ...flagsOf(written, building)])
  const tier = written.tier ?? above.tier
  const anything = written.anything ?? false
  const subcommands = subcommandsOf(written, building, { tier, flags })
  const isGroup = subcommands.size > 0 && !written.bare
  if (tier === null && !isGroup) refuse(faults, path, 'This needs a `tier`: how far does it go?')
  if (anything && tier !== 'change' && tier !== 'destroy')
    refuse(faults, [...path, 'anything'], '`anything` is only for what changes or destroys: name its words.')
  return {
    tier: tier ?? 'destroy',
    flags,
    operands: formsOf(written, building),
    needs: (written.needs ?? []).map((name) => firstName(name, flags)),
    anything,
    bare: written.bare ?? false,
    subcommands,
  }
}

function subcommandsOf(written: EntryShape, building: Building, above: Above): ReadonlyMap<string, Entry> {
  const found = new Map<string, Entry>()
  for (const [name, inner] of written.subcommands ?? []) {
    const path = [...building.path, 'subcommands', name]
    const entry = entryOf(inner, { ...building, path }, above)
    for (const one of [name, ...(inner.also ?? [])]) {
      if (found.has(one)) refuse(building.faults, path, `${one} has an entry already: keep one.`)
      found.set(one, entry)
    }
  }
  return found
}

/** `-n|--lines` and what it takes. */
interface Written {
  readonly names: string
  readonly takes: Flag['takes']
  readonly kind: Kind | null
}

function flagsOf(written: EntryShape, { kinds, faults, path }: Building): ReadonlyMap<string, Flag> {
  const switches = (written.switches ?? []).map((names): Written => ({ names, takes: 'nothing', kind: null }))
  const taking = (['value', 'attached'] as const).flatMap((takes) => {
    const property = takes === 'value' ? 'values' : takes
    return [...(written[property] ?? [])].map(([names, kind]): Written => {
      return { names, takes, kind: namedKind(kind, { kinds, faults, path: [...path, property, names] }) }
    })
  })
  const found = new Map<string, Flag>()
  for (const { names, takes, kind } of [...switches, ...taking]) {
    const all = names.split('|')
    const [name = names] = all
    const raises = [...(written.raises ?? [])].find(([one]) => all.includes(one))?.[1] ?? null
    const fills = (written.fills ?? []).some((one) => all.includes(one))
    for (const one of all) {
      if (found.has(one)) refuse(faults, path, `The flag ${one} stands there twice: keep one.`)
      found.set(one, { name, takes, kind, raises, fills })
    }
  }
  const named = [...(written.raises?.keys() ?? []), ...(written.fills ?? []), ...(written.needs ?? [])]
  for (const one of named)
    if (!found.has(one)) refuse(faults, path, `The flag ${one} is not one of this entry: add it there.`)
  return found
}

function firstName(flag: string, flags: ReadonlyMap<string, Flag>): string {
  return flags.get(flag)?.name ?? flag
}

const times: Readonly<Record<string, Slot['times']>> = { '*': 'any', '+': 'some', '?': 'maybe' }

function formsOf({ operands = '' }: EntryShape, building: Building): Entry['operands'] {
  const forms = typeof operands === 'string' ? [operands] : operands
  return forms.map((written) => {
    const slots = written
      .split(' ')
      .filter((one) => one !== '')
      .map((one) => slotOf(one, building))
    const early = slots.slice(0, -1).some(({ times }) => times === 'any' || times === 'some')
    if (early)
      refuse(
        building.faults,
        [...building.path, 'operands'],
        'Only the last operand can stand any number of times.',
      )
    return slots
  })
}

function slotOf(written: string, building: Building): Slot {
  const repeated = times[written.at(-1) ?? '']
  const kind = repeated ? written.slice(0, -1) : written
  return {
    times: repeated ?? 'one',
    kind: namedKind(kind, { ...building, path: [...building.path, 'operands'] }),
  }
}

function namedKind(written: string, { kinds, faults, path }: Building): Kind {
  const kind = kinds.named(written)
  if (kind !== null) return kind
  const message = `There is no kind ${JSON.stringify(written)}: add it to \`kinds\`.${didYouMean(written, kinds.names)}`
  refuse(faults, path, message)
  return { name: written, role: 'text', fits: () => false }
}
