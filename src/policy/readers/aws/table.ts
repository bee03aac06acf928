import { glob } from '../../glob.ts'
import published from './actions.json' with { type: 'json' }
import * as reviewed from './reviewed.ts'
import * as says from './reviewedNames.ts'

/** What an operation can do, from harmless to grave; as AWS has it. */
export const accesses = ['list', 'read', 'tagging', 'write', 'permissions'] as const
export type Access = (typeof accesses)[number]

/** What makes an operation more than its level says (docs/policy.md#aws). */
export const risks = [
  'credentials',
  'contents',
  'people',
  'settings',
  'acts',
  'anybody',
  'escalation',
  'exposure',
] as const
export type Risk = (typeof risks)[number]

type Services = Readonly<Record<string, Partial<Readonly<Record<Access, string>>>>>

/** Of which day the table is, and where it is from. */
export const tableOf: { readonly date: string; readonly source: string } = published

/** The level of an action, by its names in IAM; null for what AWS did not list on that day. */
export function accessOf(service: string, action: string): Access | null {
  return levelsOf(service).get(action) ?? null
}

/** All that AWS listed of a service, by their names in IAM. */
export function actionsOf(service: string): readonly string[] {
  return [...levelsOf(service).keys()]
}

/** Taken apart when a service is first asked for: most never are. */
const taken = new Map<string, ReadonlyMap<string, Access>>()

function levelsOf(service: string): ReadonlyMap<string, Access> {
  const known = taken.get(service)
  if (known) return known
  const services: Services = published.services
  const levels = new Map<string, Access>()
  const listed = Object.hasOwn(services, service) ? services[service] : undefined
  for (const access of accesses) for (const name of words(listed?.[access])) levels.set(name, access)
  if (listed) taken.set(service, levels)
  return levels
}

/** Why an operation is more than its level says; in the order of `risks`. */
export function risksOf(service: string, operation: string, access: Access): readonly Risk[] {
  const id = `${service}:${operation}`
  const found = new Set<Risk>([...(marked().get(id) ?? [])])
  if (says.saysCredentials.test(operation)) found.add('credentials')
  if (access === 'list' || access === 'read') for (const risk of ofReads(service, operation)) found.add(risk)
  return risks.filter((risk) => found.has(risk))
}

/** Names in full are looked up; only the few patterns of a service are tried. */
function ofReads(service: string, operation: string): readonly Risk[] {
  if (says.answersNames.has(`${service}:${operation}`)) return []
  const found: Risk[] = (patterns().get(service) ?? []).flatMap(({ risk, fits }) =>
    fits(operation) ? [risk] : [],
  )
  if (!says.readingVerb.test(operation)) found.push('acts')
  if (says.saysContents.test(operation)) found.push('contents')
  if (says.saysPeople.test(operation)) found.push('people')
  if (says.saysSettings.test(operation)) found.push('settings')
  return found
}

interface Pattern {
  readonly risk: Risk
  readonly fits: (operation: string) => boolean
}

const lists: readonly (readonly [Risk, string])[] = [
  ['credentials', reviewed.credentials],
  ['contents', reviewed.contents],
  ['people', reviewed.people],
  ['settings', reviewed.settings],
  ['acts', reviewed.acts],
  ['anybody', reviewed.anybody],
]

const marked = once(() => {
  const byId = new Map<string, Risk[]>()
  for (const [risk, ids] of Object.entries(published.risks))
    for (const id of words(ids)) {
      const known = risks.find((one) => one === risk)
      if (known) byId.set(id, [...(byId.get(id) ?? []), known])
    }
  return byId
})

const patterns = once(() => {
  const byService = new Map<string, Pattern[]>()
  for (const [risk, ids] of lists)
    for (const id of words(ids)) {
      const [service = '', pattern = ''] = id.split(':')
      const { fits } = glob(pattern)
      byService.set(service, [...(byService.get(service) ?? []), { risk, fits }])
    }
  return byService
})

function words(text: string | undefined): readonly string[] {
  return text?.split(/\s+/).filter(Boolean) ?? []
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
