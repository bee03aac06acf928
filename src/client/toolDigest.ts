import { digestOf } from './canonical.ts'
import type { Digest } from './wire.ts'

/** As the server's own list of them (docs/policy.md#mcp); test/client/toolDigest.test.ts compares. */
const covered = ['name', 'title', 'description', 'inputSchema', 'outputSchema', 'annotations'] as const

/**
 * Names the definition of an MCP server's tool that the agent saw, for the parameter that says so: pass the entry of `tools/list` as it came.
 *
 * @throws CountersignError `not_plain`
 */
export function toolDigest(definition: { readonly [part: string]: unknown }): Digest {
  const parts = covered.flatMap((name) => {
    const value = definition[name]
    return value === undefined || value === null ? [] : [[name, value] as const]
  })
  return digestOf('countersign/mcp-tool/v1', { tool: Object.fromEntries(parts) })
}
