import type { Action } from '../core/action.ts'
import type { Bundle } from './bundle.ts'
import type { CatalogueAction } from './catalogue.ts'
import { bind } from './conditions/bind.ts'
import type { Bindings } from './conditions/engine.ts'
import type { Facts } from './facts.ts'
import { type Readings, readingsOf } from './readers/readings.ts'

/** What the conditions of a bundle see of a request. Parameters are read once, when a condition first asks. */
export function bindingsFor(
  { bundle, action, facts }: { readonly bundle: Bundle; readonly action: Action; readonly facts: Facts },
  declared: CatalogueAction['params'],
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
  return bind(action, facts, { declared, readings })
}
