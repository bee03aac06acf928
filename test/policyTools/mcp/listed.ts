import type { JsonObject } from '../../../src/core/json.ts'
import { type ListedTool, readToolList } from '../../../src/policyTools/mcp/toolList.ts'

/** Tools as a server lists them, on one page. */
export function listed(...tools: readonly JsonObject[]): readonly ListedTool[] {
  const read = readToolList([{ tools }])
  if ('wrong' in read) throw new Error(read.wrong)
  return read.tools
}

export const tool = (name: string, more: JsonObject = {}): JsonObject => ({
  name,
  inputSchema: { type: 'object', properties: {} },
  ...more,
})
export const readOnly = { readOnlyHint: true, openWorldHint: false }
