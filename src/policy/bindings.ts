import type { Action } from '../core/action.ts'
import type { Bundle } from './bundle.ts'
import type { CatalogueAction } from './catalogue.ts'
import { bind } from './conditions/bind.ts'
import type { Bindings } from './conditions/engine.ts'
import type { Facts } from './facts.ts'
import { type ToolCall, toolCallOf } from './mcp/toolCall.ts'
import { type Readings, readingsOf } from './readers/readings.ts'

/** What the conditions of a bundle see of a request. Parameters are read once, and the tool of an MCP server looked up, when a condition first asks. */
export function bindingsFor(
  { bundle, action, facts }: { readonly bundle: Bundle; readonly action: Action; readonly facts: Facts },
  { params: declared, tool: at }: CatalogueAction,
): Bindings {
  let read: Readings | null = null
  const readings = (): Readings => {
    read ??= readingsOf(declared, action.params, {
      agent: facts.agent.name ?? null,
      commands: bundle.commands,
      earlier: facts.read ?? {},
    })
    return read
  }
  let called: ToolCall | null = null
  const tool = (): ToolCall | null => {
    if (at !== undefined) called ??= toolCallOf(bundle.servers, at, action.params)
    return called
  }
  return bind(action, facts, { declared, readings, tool })
}
