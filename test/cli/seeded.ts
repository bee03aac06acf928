import { filesIn } from '../policy/files.ts'
import { directoryOf } from './bundles.ts'

const rule = (id: string, match: string, more: string) =>
  `- id: ${id}\n  description: Seeded with one defect.\n  match: {${match}}\n${more}`
const when = (id: string, condition: string, match = 'actions: [db.export]') =>
  rule(id, match, `  when: |\n    ${condition}\n  verdict: require_approval\n`)
const exports = 'actions: [db.export], environments: [prod]'

/** Ten defects for which a bundle does not load, each in a rule of its own. */
const refused: readonly string[] = [
  when('s.field', 'params.row > 10'),
  when('s.opt', 'params.dest_account == "1"', 'actions: [s3.copy]'),
  when('s.syntax', 'params.rows >'),
  when('s.identifier', 'param.rows > 10'),
  when('s.function', 'params.table.startWith("x")'),
  when('s.type', 'params.rows > "10"'),
  when('s.bool', 'params.rows + 1'),
  when('s.window', '"nite" in time.windows'),
  rule('s.action', 'actions: [db.exprot]', '  verdict: deny\n'),
  rule(
    's.directory',
    'actions: [db.query]',
    '  verdict: require_approval\n  require: {approvals: [{name: s, from: [group:securty], count: 1}]}\n',
  ),
]

const weak =
  '  verdict: require_approval\n  require: {approvals: [{name: data-owner, from: [owner, group:data-owners], count: 1}], expires_in: 4h, grant: {ttl: 5m}}\n'

/** Seven that load, and are found by lint. */
const found: readonly string[] = [
  when('s.contra', 'params.rows > 3 && params.rows < 2'),
  rule('s.deadenv', exports, '  when: params.rows > 2000\n  verdict: allow\n'),
  rule(
    's.redundant',
    exports,
    `  when: params.rows > 5000\n${weak}  notify: {channel: channel:data-approvals, remind: [20m, 1h]}\n`,
  ),
  rule(
    's.shadow',
    'actions: [s3.copy]',
    '  when: |\n    has(params.dest_account) && params.dest_account == "1"\n  verdict: require_approval\n',
  ),
  rule('s.admin', 'actions: [iam.token.create]', '  when: params.ttl_hours < 2\n  verdict: allow\n'),
  rule('s.unreached', 'actions: [db.export]', '  when: params.rows * 0 > 1\n  verdict: require_approval\n'),
  rule(
    's.late',
    'actions: [deploy.start]',
    '  when: |\n    params.strategy == "canary"\n  verdict: require_approval\n  require: {expires_in: 10m}\n  notify: {remind: [20m]}\n',
  ),
]

/** The sixteen rules of the design and seventeen more with one defect each (docs/policy-tools.md#lint). */
export const seededBundle = (): string => seeded([...refused, ...found])

/** The same when the ten have been fixed: what is said next. */
export const halfFixedBundle = (): string => seeded(found)

function seeded(rules: readonly string[]): string {
  return directoryOf(new Map([...filesIn('test/policy/example'), ['rules/90-seeded.yaml', rules.join('\n')]]))
}
