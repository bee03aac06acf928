import type { Json, JsonObject } from '../../../core/json.ts'
import { computing, operators, types } from './known.ts'

/** What a statement of PostgreSQL does, as far as its text says it. */
export interface Statement {
  readonly kind: Kind
  readonly explain: boolean
  readonly reads: ReadonlySet<string>
  readonly writes: ReadonlySet<string>
  readonly columns: ReadonlySet<string>
  readonly functions: ReadonlySet<string>
  readonly unreviewed: ReadonlySet<string>
  readonly star: boolean
  readonly where: boolean
  readonly locks: boolean
  readonly parameters: boolean
  readonly limit: number | null
}

export const kinds = ['select', 'insert', 'update', 'delete'] as const
type Kind = (typeof kinds)[number]

const kindOf: Readonly<Record<string, Kind>> = {
  SelectStmt: 'select',
  InsertStmt: 'insert',
  UpdateStmt: 'update',
  DeleteStmt: 'delete',
}

/** Levels of the tree: whoever means a statement to be read nests it less. */
const deepest = 400

/** Parts of the grammar that are understood, by their tags; whatever has another tag is not. */
const allowed = new Set(
  `SelectStmt InsertStmt UpdateStmt DeleteStmt RangeVar RangeSubselect JoinExpr ResTarget ColumnRef String Integer Float Boolean
BitString A_Star A_Const A_Expr BoolExpr NullTest BooleanTest FuncCall TypeCast SubLink CaseExpr CaseWhen CoalesceExpr MinMaxExpr
SortBy CommonTableExpr List A_ArrayExpr A_Indirection A_Indices RowExpr ParamRef LockingClause SQLValueFunction SetToDefault
IndexElem GroupingSet WindowDef`.split(/\s+/),
)

/** Fields whose value stands without a tag, and what it is. Whatever other field holds a mapping is not understood. */
const untagged: Readonly<Record<string, string>> = {
  relation: 'RangeVar',
  rel: 'RangeVar',
  larg: 'SelectStmt',
  rarg: 'SelectStmt',
  withClause: 'WithClause',
  intoClause: 'IntoClause',
  onConflictClause: 'OnConflictClause',
  infer: 'InferClause',
  returningClause: 'ReturningClause',
  typeName: 'TypeName',
  over: 'WindowDef',
  alias: 'Alias',
}

class NotUnderstood extends Error {}

/** What the parser's tree says, or the sentence that says why it is not understood. One pass over the tree. */
export function statementIn(tree: Json): Statement | string {
  const stmts = mappingOf(tree)?.stmts
  if (!Array.isArray(stmts) || stmts.length !== 1) return 'It is not exactly one statement.'
  const outer = mappingOf(mappingOf(stmts[0] as Json)?.stmt)
  const explained = mappingOf(outer?.ExplainStmt)
  const inner = explained ? mappingOf(explained.query) : outer
  const [tag = ''] = Object.keys(inner ?? {})
  const kind = Object.hasOwn(kindOf, tag) ? kindOf[tag] : undefined
  if (!inner || kind === undefined) return 'It is a statement of a kind that is not understood.'
  const top = mappingOf(inner[tag]) ?? {}
  try {
    const seen = new Walk()
    seen.node(tag, top)
    return { ...seen.found, kind, explain: explained !== undefined, limit: limitOf(top) }
  } catch (fault) {
    if (fault instanceof NotUnderstood) return fault.message
    throw fault
  }
}

/** One walk over a tree, with what it has found. */
class Walk {
  readonly found = {
    reads: new Set<string>(),
    writes: new Set<string>(),
    columns: new Set<string>(),
    functions: new Set<string>(),
    unreviewed: new Set<string>(),
    star: false,
    where: false,
    locks: false,
    parameters: false,
  }

  private depth = 0

  node(tag: string, fields: JsonObject, writes = false): void {
    if (this.depth > deepest) throw new NotUnderstood('It is nested too deeply.')
    this.depth += 1
    this.note(tag, fields, writes)
    for (const [name, value] of Object.entries(fields)) this.field(tag, name, value)
    this.depth -= 1
  }

  private field(tag: string, name: string, value: Json): void {
    if (typeof value !== 'object' || value === null) return
    if (tag === 'A_Const') return
    if (Array.isArray(value)) {
      for (const item of value) this.tagged(item as Json)
      return
    }
    const fields = value as JsonObject // neither a list nor null
    const plain = untagged[name]
    // The sides of a join are tagged, those of a union are not.
    if (plain !== undefined && !(tag === 'JoinExpr' && /arg$/.test(name))) {
      const isTarget = /^(Insert|Update|Delete)Stmt$|^IntoClause$/.test(tag)
      this.node(plain, fields, plain === 'RangeVar' && isTarget)
    } else this.tagged(fields)
  }

  private tagged(value: Json): void {
    const fields = mappingOf(value)
    if (!fields) throw new NotUnderstood('It has a part that is not understood.')
    const [tag, ...more] = Object.keys(fields)
    if (tag === undefined) return // what the parser writes for DISTINCT without columns
    const inner = mappingOf(fields[tag])
    if (more.length > 0 || !inner || !allowed.has(tag))
      throw new NotUnderstood(`It has a part that is not understood (${tag}).`)
    this.node(tag, inner)
  }

  private note(tag: string, fields: JsonObject, writes: boolean): void {
    const { found } = this
    if (tag === 'RangeVar')
      for (const list of writes ? [found.writes, found.reads] : [found.reads]) list.add(relationOf(fields))
    if (tag === 'FuncCall') this.call(namesIn(fields.funcname))
    if (tag === 'SQLValueFunction') this.found.functions.add(`${fields.op}`.toLowerCase())
    if (tag === 'ColumnRef') this.column(fields.fields)
    if (tag === 'A_Expr') operatorOf(namesIn(fields.name))
    if (tag === 'SubLink' && fields.operName !== undefined) operatorOf(namesIn(fields.operName))
    if (tag === 'SortBy' && fields.useOp !== undefined) throw new NotUnderstood('It sorts by an operator.')
    if (tag === 'TypeName') typeOf(fields)
    if (tag === 'LockingClause') found.locks = true
    if (tag === 'ParamRef') found.parameters = true
    if (tag === 'A_Star') found.star = true
    if (tag === 'A_Indirection' && namesIn(fields.indirection).length > 0)
      throw new NotUnderstood(
        'It takes a part of a value by its name, which can call a function of that name.',
      )
    if (tag === 'IndexElem' && fields.opclass !== undefined)
      throw new NotUnderstood('It names an operator class.')
    if (fields.whereClause !== undefined) found.where = true
  }

  private call(names: readonly string[]): void {
    const [schema, name] = names.length === 1 ? ['', names[0]] : names
    if (names.length > 2 || schema === undefined || name === undefined)
      throw new NotUnderstood('It calls a function by a long name.')
    const said = schema === '' ? name : `${schema}.${name}`
    this.found.functions.add(said)
    if (!(schema === '' || schema === 'pg_catalog') || !computing.has(name)) this.found.unreviewed.add(said)
  }

  private column(fields: Json | undefined): void {
    const last = Array.isArray(fields) ? mappingOf(fields.at(-1) as Json) : undefined
    const name = mappingOf(last?.String)?.sval
    if (typeof name === 'string') this.found.columns.add(name)
  }
}

/** `schema.table`, or `table` where the text leaves the schema out; another database is not understood. */
function relationOf({ catalogname, schemaname, relname }: JsonObject): string {
  if (catalogname !== undefined || typeof relname !== 'string')
    throw new NotUnderstood('It names another database.')
  const [schema, table] = [typeof schemaname === 'string' ? schemaname : null, relname]
  if (/[."]/.test(`${schema ?? ''}${table}`))
    throw new NotUnderstood('It has a name with a dot or a quote in it.')
  return schema === null ? table : `${schema}.${table}`
}

function namesIn(list: Json | undefined): readonly string[] {
  return (Array.isArray(list) ? list : []).flatMap((item) => {
    const name = mappingOf(mappingOf(item as Json)?.String)?.sval
    return typeof name === 'string' ? [name] : []
  })
}

function operatorOf(names: readonly string[]): void {
  const [name = '', ...more] = names
  const isKnown = more.length === 0 && operators.has(name.replaceAll(' ', '_'))
  if (!isKnown) throw new NotUnderstood('It has an operator that is not one of the usual ones.')
}

function typeOf({ names, setof }: JsonObject): void {
  const parts = namesIn(names)
  const [name, schema = ''] = [parts.at(-1) ?? '', ...parts.slice(0, -1)]
  const isKnown = parts.length <= 2 && (schema === '' || schema === 'pg_catalog') && types.has(name)
  if (!isKnown || setof !== undefined)
    throw new NotUnderstood('It has a type that is not one of the usual ones.')
}

/** Of the whole statement, where it is a plain number. */
function limitOf({ limitCount, limitOption }: JsonObject): number | null {
  const constant = mappingOf(mappingOf(limitCount)?.A_Const)
  if (limitOption !== 'LIMIT_OPTION_COUNT' || !constant) return null
  const number = mappingOf(constant.ival)
  if (!number) return null
  const { ival = 0 } = number // the parser leaves zero out
  return typeof ival === 'number' ? ival : null
}

function mappingOf(value: Json | undefined): JsonObject | undefined {
  const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isMapping ? (value as JsonObject) : undefined
}
