import { canonical } from '../../core/canonical.ts'
import type { Digest } from '../../core/digest.ts'
import { digestOf } from '../../core/digest.ts'
import type { Json } from '../../core/json.ts'

export interface Content {
  readonly bundle: Json
  readonly actions: Json
  /** Null without the file, so that a bundle without it keeps its name. */
  readonly commands: Json
  /** The files of MCP servers; none, too, keep the name. */
  readonly servers: readonly Json[]
  readonly resources: readonly Json[]
  readonly rules: readonly Json[]
}

/**
 * The name of a bundle: SHA-256 over the parsed content (docs/policy.md, "The digest"). Rules and resources are sorted
 * by their own text, so neither their order, nor the files they stand in, nor comments and layout change it.
 */
export function contentDigest({ bundle, actions, commands, servers, resources, rules }: Content): Digest {
  return digestOf('countersign/bundle/v1', {
    bundle,
    actions,
    ...(commands !== null && { commands }),
    ...(servers.length > 0 && { servers: sorted(servers) }),
    resources: sorted(resources),
    rules: sorted(rules),
  })
}

function sorted(values: readonly Json[]): readonly Json[] {
  return values
    .map((value) => ({ value, text: canonical([value]) }))
    .sort((left, right) => (left.text < right.text ? -1 : 1))
    .map(({ value }) => value)
}
