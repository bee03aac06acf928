import type { Facts } from '../../policy/facts.ts'
import type { RequestShape } from './testsSchema.ts'

type Stated = Pick<
  NonNullable<RequestShape['resource']>,
  'sensitivity' | 'owner' | 'environment' | 'region' | 'labels'
>

/** The facts once what a test says of its resources stands in for resources.yaml. */
export function withStated(facts: Facts, { resource = {}, resources = {} }: StatedOf): Facts {
  const others = Object.entries(facts.resources ?? {}).map(
    ([name, said]) => [name, { ...said, ...statedFacts(resources[name] ?? {}) }] as const,
  )
  return {
    ...facts,
    resource: { ...facts.resource, ...statedFacts(resource) },
    ...(others.length > 0 && { resources: Object.fromEntries(others) }),
  }
}

interface StatedOf {
  readonly resource?: Stated
  readonly resources?: Readonly<Record<string, Stated>> | undefined
}

/** Owners who are not in the directory, by the name that stands for them: they are somebody all the same. */
export function strangersIn({ resource = {}, resources = {} }: StatedOf): ReadonlyMap<string, string> {
  const owners = [resource, ...Object.values(resources)].map(({ owner }) => owner)
  return new Map(
    owners.flatMap((owner) => (typeof owner === 'object' ? [[nameOf(owner), owner.id] as const] : [])),
  )
}

function statedFacts({
  sensitivity,
  owner,
  environment,
  region,
  labels,
}: Stated): Partial<Facts['resource']> {
  return {
    ...(sensitivity && { sensitivity }),
    ...(owner && { owner: nameOf(owner) }),
    ...(environment && { environment }),
    ...(region && { region }),
    ...(labels && { labels }),
  }
}

function nameOf(owner: NonNullable<Stated['owner']>): string {
  return typeof owner === 'object' ? `user:${owner.id}` : owner
}
