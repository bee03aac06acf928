import { celEngine } from '../../../src/policy/conditions/cel.ts'
import { variantsOf } from '../../../src/policy/conditions/declarations.ts'
import type { Compilation, Compiled, DiagnosticCode, Want } from '../../../src/policy/conditions/engine.ts'
import { bundleFiles, loaded } from '../files.ts'

const actions = `apiVersion: countersign/v1
kind: ActionCatalogue
actions:
  pay:
    effect: write
    params:
      to: string
      cents: int
      rate: number
      urgent: bool
      tags: {list: string}
      amounts: {list: int}
      note: string?
      limit: int?
      codes: {list?: string}
      blob: opaque
      cost-centre: string?
  refund: {effect: write, params: {to: string, cents: int, note: string}}
  raw: {effect: write, params: open}
`
export const catalogue = loaded(bundleFiles({ 'actions.yaml': actions })).catalogue
const vocabulary = {
  windows: ['night', 'freeze'],
  environments: null,
  people: ['group:data', 'group:security', 'user:omar'],
  budgets: [],
}
const engine = celEngine()
const onPay = variantsOf(['pay'], catalogue, vocabulary)

/** Compiles against the action `pay` of this file, unless others are named. */
export function compile(
  source: string,
  { on = [] as string[], want = 'bool' as Want, known = [] as string[] } = {},
): Compilation {
  return engine.compile(
    source,
    { variants: on.length > 0 ? variantsOf(on, catalogue, vocabulary) : onPay, known: new Set(known) },
    want,
  )
}

export function accepted(source: string, how: Parameters<typeof compile>[1] = {}): Compiled {
  const result = compile(source, how)
  if (!result.ok)
    throw new Error(
      result.diagnostics.map(({ code, message, excerpt }) => `${code} ${message}\n${excerpt}`).join('\n'),
    )
  return result.compiled
}

export function codes(source: string, how: Parameters<typeof compile>[1] = {}): readonly DiagnosticCode[] {
  const result = compile(source, how)
  return result.ok ? [] : result.diagnostics.map(({ code }) => code)
}
