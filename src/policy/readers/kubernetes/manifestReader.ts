import type { Json, JsonObject } from '../../../core/json.ts'
import { bool, int, listOf, oneOf, string, type ValueType } from '../../conditions/valueType.ts'
import { NotUnderstood, readingOr } from '../notUnderstood.ts'
import type { Reader, Reading } from '../reader.ts'
import { documentsIn } from './documents.ts'
import { type Effects, effectsOf, hostAccesses, longestName } from './effects.ts'
import { manifestLimits } from './manifestText.ts'
import { type KubernetesObject, objectsIn } from './objects.ts'
import { rights } from './rights.ts'
import { type Verb, verbs } from './verbs.ts'

/** What is done with every object of a manifest. */
export interface Doing {
  readonly verb: Verb
  readonly dryRun: boolean
}

/** Manifests of Kubernetes, as YAML or JSON (docs/policy.md#kubernetes-manifests). */
export function readManifest(text: string, doing: Doing): Reading {
  return readingOr(() => {
    const objects = objectsIn(documentsIn(text))
    return { understood: true, facts: factsOf(objects, effectsOf(objects), doing) }
  })
}

function factsOf(
  objects: readonly KubernetesObject[],
  effects: Effects,
  { verb, dryRun }: Doing,
): JsonObject {
  const { workloads, privileged, webhooks, images } = effects
  const kinds = new Set(objects.map(({ group, kind }) => (group === '' ? kind : `${kind}.${group}`)))
  return {
    verb,
    dry_run: dryRun,
    count: objects.length,
    objects: objects.map(({ group, version, kind, namespace, name }) => ({
      group,
      version,
      kind,
      namespace,
      name,
    })),
    kinds: [...kinds],
    namespaces: [...new Set(objects.map(({ namespace }) => namespace))],
    workloads,
    images: [...images.keys()],
    registries: [...new Set([...images.values()].map(({ registry }) => registry))],
    tags: [...new Set([...images.values()].flatMap(({ tag }) => (tag === '' ? [] : [tag])))],
    unpinned: [...images].flatMap(([text, { pinned }]) => (pinned ? [] : [text])),
    privileged,
    host: [...effects.host],
    host_paths: [...effects.hostPaths],
    capabilities: [...effects.capabilities],
    service_accounts: [...effects.serviceAccounts],
    secrets: [...effects.secrets],
    service_types: [...effects.serviceTypes],
    rights: [...effects.rights],
    webhooks,
  }
}

const known = (what: string, values: readonly string[]) =>
  oneOf({ what, values, code: 'cel/unknown-value' as const })

const object: ValueType = {
  kind: 'object',
  fields: new Map(
    ['group', 'version', 'kind', 'namespace', 'name'].map((name) => [
      name,
      { type: string, optional: false },
    ]),
  ),
  open: false,
}

export const manifestReader: Reader = {
  accepts: 'string',
  what: 'manifests of Kubernetes',
  onlyTightens: true,
  facts: {
    verb: known('a verb of kubectl', verbs),
    dry_run: bool,
    count: int,
    objects: listOf(object),
    kinds: listOf(string),
    namespaces: listOf(string),
    workloads: int,
    images: listOf(string),
    registries: listOf(string),
    tags: listOf(string),
    unpinned: listOf(string),
    privileged: bool,
    host: listOf(known('a way to the host', hostAccesses)),
    host_paths: listOf(string),
    capabilities: listOf(string),
    service_accounts: listOf(string),
    secrets: listOf(string),
    service_types: listOf(string),
    rights: listOf(known('a right', rights)),
    webhooks: bool,
  },
  most: { text: longestName, items: manifestLimits.lines },
  read(value, _, { verb, dryRun }) {
    if (typeof value !== 'string') return { understood: false, why: 'It is not text.' }
    return readingOr(() => readManifest(value, { verb: verbIn(verb), dryRun: dryRun === true }))
  },
  shows: ({ verb, dry_run, objects, ...effects }) => ({
    verb: verb ?? null,
    dry_run: dry_run ?? null,
    objects: firstOf(objects),
    ...Object.fromEntries(
      shown.flatMap((name) => {
        const value = effects[name]
        return isEmpty(value) ? [] : [[name, Array.isArray(value) ? value.slice(0, mostShown) : value]]
      }),
    ),
  }),
}

/** The verb that the catalogue fixes, or that a parameter gives. */
function verbIn(given: Json | undefined): Verb {
  const verb = verbs.find((one) => one === given)
  if (verb === undefined) throw new NotUnderstood(`Its verb is not one of ${verbs.join(', ')}.`)
  return verb
}

const shown = ['count', 'privileged', 'host', 'host_paths', 'capabilities', 'rights', 'webhooks'] as const

/** Of each list, so many are kept for people. */
const mostShown = 10

function firstOf(list: Json | undefined): Json {
  return Array.isArray(list) ? list.slice(0, mostShown) : []
}

function isEmpty(value: Json | undefined): value is undefined {
  return value === undefined || value === false || (Array.isArray(value) && value.length === 0)
}
