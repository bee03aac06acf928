import type { Expression, Info } from './library.ts'
import type { MacroName, Node } from './node.ts'

/** The engine's tree as ours. Macros were expanded to loops; what was written is found again in the loop's parts. */
export function nodesOf(expression: Expression, info: Info): Node {
  const at = info.positions[String(expression.id)] ?? 0
  const convert = (one: Expression | undefined): Node =>
    one ? nodesOf(one, info) : foreign(at, 'This is not CEL.')
  const { exprKind } = expression
  switch (exprKind.case) {
    case 'constExpr':
      return literal(at, exprKind.value.constantKind)
    case 'identExpr':
      return { kind: 'ident', at, name: exprKind.value.name }
    case 'selectExpr':
      return {
        kind: 'select',
        at,
        of: convert(exprKind.value.operand),
        field: exprKind.value.field,
        has: exprKind.value.testOnly,
      }
    case 'listExpr':
      return { kind: 'list', at, items: exprKind.value.elements.map(convert) }
    case 'callExpr': {
      const { function: name, target, args } = exprKind.value
      if (name === '_&&_' || name === '_||_')
        return connective(at, name === '_&&_' ? 'and' : 'or', args.map(convert))
      return { kind: 'call', at, name, target: target ? convert(target) : null, args: args.map(convert) }
    }
    case 'comprehensionExpr':
      return macro(at, exprKind.value, { convert, name: macroName(expression, info) })
    case 'structExpr':
      return foreign(at, 'Mappings and messages cannot be written in a condition: compare fields one by one.')
    default:
      return foreign(at, 'This is not CEL.')
  }
}

function foreign(at: number, what: string): Node {
  return { kind: 'foreign', at, what }
}

/** `a && b && c` is one node with three parts, in the order they are written. */
function connective(at: number, kind: 'and' | 'or', parts: readonly Node[]): Node {
  return { kind, at, parts: parts.flatMap((part) => (part.kind === kind ? part.parts : [part])) }
}

type Kinds = Expression['exprKind']
type Constant = Extract<Kinds, { readonly case: 'constExpr' }>['value']['constantKind']

function literal(at: number, constant: Constant): Node {
  switch (constant.case) {
    case 'stringValue':
      return { kind: 'literal', at, type: 'string', value: constant.value }
    case 'int64Value':
      return { kind: 'literal', at, type: 'int', value: constant.value }
    case 'doubleValue':
      return { kind: 'literal', at, type: 'double', value: constant.value }
    case 'boolValue':
      return { kind: 'literal', at, type: 'bool', value: constant.value }
    case 'nullValue':
      return foreign(at, 'null means absent here: write has(…), or !has(…).')
    case 'uint64Value':
      return foreign(at, 'Unsigned numbers are not in this language: leave out the u.')
    default:
      return foreign(at, 'Bytes are not in this language: write text without the b.')
  }
}

type Loop = Extract<Kinds, { readonly case: 'comprehensionExpr' }>['value']

function macroName(expression: Expression, { macroCalls }: Info): MacroName | null {
  const written = macroCalls[String(expression.id)]?.exprKind
  const name = written?.case === 'callExpr' ? written.value.function : null
  return name === 'existsOne' ? 'exists_one' : (macroNames.find((one) => one === name) ?? null)
}

const macroNames = ['all', 'exists', 'exists_one', 'filter', 'map'] as const

/** Where the parser puts the condition and the result of each macro: see its builder, `expand…Macro`. */
function macro(
  at: number,
  loop: Loop,
  {
    convert,
    name,
  }: { readonly convert: (one: Expression | undefined) => Node; readonly name: MacroName | null },
): Node {
  const step = argumentsOf(loop.loopStep)
  const base = { kind: 'macro', at, range: convert(loop.iterRange), variable: loop.iterVar } as const
  if (name === 'all' || name === 'exists') return { ...base, name, test: convert(step[1]), step: null }
  if (name === 'exists_one' || name === 'filter') return { ...base, name, test: convert(step[0]), step: null }
  if (name !== 'map')
    return foreign(at, 'This loop is not in the language: use all, exists, exists_one, filter or map.')
  const filtered = step.length === 3
  const added = (filtered ? argumentsOf(step[1]) : step)[1]?.exprKind
  const result = added?.case === 'listExpr' ? added.value.elements[0] : undefined
  return { ...base, name, test: filtered ? convert(step[0]) : null, step: convert(result) }
}

function argumentsOf(expression: Expression | undefined): readonly Expression[] {
  return expression?.exprKind.case === 'callExpr' ? expression.exprKind.value.args : []
}
