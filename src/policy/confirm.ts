import type { Action } from '../core/action.ts'
import type { Condition } from './bundle.ts'
import type { Bindings } from './conditions/engine.ts'
import { couldNot } from './judgeRule.ts'

/** Longer than this nobody types. */
const longestTyped = 200

/**
 * The texts that an approver has to type, each once. One that cannot be evaluated, is blank or too long to type is
 * replaced by the action's name: something always has to be typed where a rule wanted it.
 */
export function typedTexts(
  confirm: readonly Condition[],
  action: Action,
  bindings: () => Bindings,
): { readonly texts: readonly string[]; readonly errors: readonly string[] } {
  const errors: string[] = []
  const texts = confirm.map(({ compiled, at }) => {
    const outcome = compiled.eval(bindings())
    const value = outcome.ok && typeof outcome.value === 'string' ? outcome.value : ''
    if (value.trim() !== '' && value.length <= longestTyped) return value
    const error = outcome.ok ? 'blank, or too long to type' : outcome.error
    errors.push(
      couldNot(`The text to type (${at.file}:${at.line})`, 'is the name of the action instead', error),
    )
    return action.action
  })
  return { texts: [...new Set(texts)], errors }
}
