import { type LintOptions, lintFiles } from '../../../src/policyTools/lint/lintBundle.ts'
import { bundleFiles, bundleYaml } from '../../policy/files.ts'

export const actions = `apiVersion: countersign/v1
kind: ActionCatalogue
actions:
  db.export: {effect: read, params: {table: string, other: string, rows: int, low: int, share: number, columns: {list: string}, tags: {list: string}, to: string?, force: bool?}}
  infra.do: {effect: write, params: {plan: {type: string?, reads: terraform_plan}}}
  tool.call: {effect: write, params: {tool: string, read_only_hint: bool}}
  mcp.call: {effect: write, tool: {server: server, name: tool, digest: digest, arguments: args}, params: {server: string, tool: string, digest: string?, args: opaque?}}
  db.query: {effect: read, params: {sql: string, limit: int?}}
  s3.copy: {effect: write, params: {source: string, dest: string}, resources: {destination: {type: bucket, from: params.dest}}}
  open.call: {effect: write, params: open}
  iam.role.update: {effect: admin, params: {role: string}}
  refund.create: {effect: write, params: {amount: {amount: {currency: EUR}}}}
  log.read: {effect: read, params: {lines: {type: int, narrow: {min: 1}}, days: {type: {list: string}, narrow: items}}}
  user.create: {effect: write, params: {name: string, password: {type: string, sensitive: true}}}
`
/** A closed list, so that a rule may go by them. */
export const environments = 'environments: [dev, staging, prod]\n'
export const windows = `windows:
  night: {from: "22:00", to: "06:00"}
  freeze: {start: 2026-12-18T00:00, end: 2027-01-04T08:00}
`

/** A rule for a test; what is left out is harmless. */
export interface Seed {
  readonly id?: string
  readonly match?: string
  readonly when?: string
  readonly unless?: string
  readonly verdict?: string
  readonly description?: string
  /** Further lines, with their indent. */
  readonly more?: string
}

function ruleOf({ id = 's.seed', match = 'actions: [db.export]', when, unless, ...rest }: Seed): string {
  const condition = (name: string, text: string | undefined) => (text ? `  ${name}: |\n    ${text}\n` : '')
  const { verdict = 'require_approval', description = 'Seeded for a test.', more = '' } = rest
  return `- id: ${id}\n  description: ${description}\n  match: {${match}}\n${condition('when', when)}${condition('unless', unless)}  verdict: ${verdict}\n${more}`
}

export const rulesOf = (seeds: readonly Seed[]): string => seeds.map(ruleOf).join('') || '[]\n'

/** What lint finds in a small bundle with these rules. */
export function lint(
  seeds: readonly Seed[],
  options: LintOptions = {},
  bundle = bundleYaml + environments + windows,
) {
  const files = bundleFiles({
    'bundle.yaml': bundle,
    'actions.yaml': actions,
    'rules/seeded.yaml': rulesOf(seeds),
  })
  return lintFiles(files, options).findings
}

/** `rule code` of each finding, errors first. */
export const codesOf = (seeds: readonly Seed[], options?: LintOptions, bundle?: string) =>
  lint(seeds, options, bundle).map(({ rule, code }) => `${rule} ${code}`)
