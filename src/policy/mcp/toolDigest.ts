import { type Digest, digestOf } from '../../core/digest.ts'
import type { Json, JsonObject } from '../../core/json.ts'

/**
 * What of a tool's definition its digest covers: everything that was looked at when it was reviewed. The description is part of it, because
 * models do what it says; so are the annotations, because the review began with them. `_meta` and `icons` are not: they may differ from one
 * list to the next (MCP 2026-07-28, server/tools).
 */
const covered = ['name', 'title', 'description', 'inputSchema', 'outputSchema', 'annotations'] as const

/**
 * Names one definition of a tool, as `tools/list` gives it: SHA-256 over the canonical form. Absent and null are the same.
 *
 * @throws TypeError where it holds what JSON cannot say, such as half a surrogate pair
 */
export function toolDigest(definition: JsonObject): Digest {
  const parts = covered.flatMap((name): readonly (readonly [string, Json])[] => {
    const value = Object.hasOwn(definition, name) ? definition[name] : null
    return value === undefined || value === null ? [] : [[name, value]]
  })
  return digestOf('countersign/mcp-tool/v1', { tool: Object.fromEntries(parts) })
}
