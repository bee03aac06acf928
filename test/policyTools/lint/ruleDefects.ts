import type { LintOptions } from '../../../src/policyTools/lint/lintBundle.ts'
import { standIn } from '../../../src/policyTools/standIn.ts'
import { bundleYaml } from '../../policy/files.ts'
import { asking, type Defect, lifting, owner, path, two, withoutFloor } from './defect.ts'
import { environments, windows } from './seed.ts'

/** So many people in every group, and whoever is named is there. */
const people = (count: number): LintOptions => ({
  members: ({ kind, address }) =>
    (kind === 'group' ? Array.from({ length: count }, (_, nth) => `${address} ${nth}`) : [address]).map(
      standIn,
    ),
})
const onlyOmar = '  require: {approvals: [{name: o, from: [user:omar], count: 1}]}\n'
const adminLives = '  require: {expires_in: 1h, grant: {ttl: 5m}}\n'

const ownersToo = '  require: {approvals: [{name: o, from: [owner, group:data], count: 1}]}\n'

const withAudiences = (list: string) => `${bundleYaml}audiences: [${list}]\n${environments}${windows}`

/** What one rule asks, allows or says, and whom; and how the bundle stands to it. */
export const ruleDefects: readonly Defect[] = [
  {
    code: 'fact/impossible-text',
    what: 'the name of an agent where its id stands',
    seeds: [{ when: 'agent.id == "billing-agent"', verdict: 'deny' }],
    fixed: [{ when: 'agent.name == "billing-agent"', verdict: 'deny' }],
  },
  {
    code: 'grant/too-long',
    what: 'a rule whose grant would live for six minutes',
    seeds: [{ more: '  require: {grant: {ttl: 6m}}\n' }],
    fixed: [{ more: '  require: {grant: {ttl: 5m, within: 6m}}\n' }],
  },
  {
    code: 'grant/too-long',
    what: 'defaults whose grants would, told once for all rules',
    rule: null,
    seeds: [{}],
    bundle: bundleYaml.replace('grant: {ttl: 3m}', 'grant: {ttl: 6m}') + environments + windows,
    fixed: [{}],
    fixedBundle: bundleYaml + environments + windows,
  },
  {
    code: 'grant/too-long',
    what: 'an emergency path whose grant would',
    seeds: [
      {
        more: `  break_glass: {who: [group:security], reason: {min_length: 20}, grant: {ttl: 6m}, notify: [channel:security], review_within: 1d}\n`,
      },
    ],
    fixed: [
      {
        more: `  break_glass: {who: [group:security], reason: {min_length: 20}, grant: {ttl: 5m}, notify: [channel:security], review_within: 1d}\n`,
      },
    ],
  },
  {
    code: 'audience/token-only',
    what: 'a resource that cannot say what it runs',
    rule: null,
    seeds: [{}],
    bundle: withAudiences('{id: a, resource_types: all, profile: id, spent_by: resource, token_only: true}'),
    fixed: [{}],
    fixedBundle: withAudiences('{id: a, resource_types: all, profile: id, spent_by: resource}'),
  },
  {
    code: 'audience/unreached',
    what: 'an audience below another of its id for the same types',
    rule: null,
    seeds: [{}],
    bundle: withAudiences(
      '{id: a, resource_types: [table, view], profile: id, spent_by: agent}, {id: a, resource_types: [view], profile: at+jwt, spent_by: agent}',
    ),
    fixed: [{}],
    fixedBundle: withAudiences(
      '{id: a, resource_types: [table], profile: id, spent_by: agent}, {id: a, resource_types: [view], profile: at+jwt, spent_by: agent}',
    ),
  },
  {
    code: 'require/unsatisfiable',
    what: 'two of a group of one',
    seeds: [{ more: two }],
    options: people(1),
    fixed: [{ more: two }],
    fixedOptions: people(3),
  },
  {
    code: 'require/no-spare',
    what: 'two of a group of two',
    seeds: [{ more: two }],
    options: people(2),
    fixed: [{ more: two }],
    fixedOptions: people(3),
  },
  {
    code: 'require/no-spare',
    what: 'one person by name, where nobody else will do',
    seeds: [{ more: onlyOmar }],
    options: people(3),
    fixed: [{ more: onlyOmar.replace('user:omar', 'user:omar, group:data') }],
  },
  {
    code: 'directory/nobody',
    what: 'an emergency path of a group that is empty',
    rule: null,
    seeds: [{ ...lifting, more: path }],
    options: { members: ({ ref }) => (ref === 'group:security' ? [] : ['U1', 'U2'].map(standIn)) },
    fixed: [{ ...lifting, more: path }],
    fixedOptions: people(2),
  },
  {
    code: 'require/unsatisfiable',
    what: 'two of one person, without a directory',
    seeds: [{ more: onlyOmar.replace('count: 1', 'count: 2') }],
    fixed: [{ more: onlyOmar }],
  },
  {
    code: 'allow/admin-effect',
    what: 'with the floor',
    seeds: [{ match: 'actions: [iam.role.update], environments: [dev]', verdict: 'allow' }],
    fixed: [{ match: 'actions: [db.query], environments: [dev]', verdict: 'allow' }],
  },
  {
    code: 'allow/admin-effect',
    what: 'without the floor',
    bundle: withoutFloor,
    seeds: [{ match: 'actions: [iam.role.update], environments: [dev]', verdict: 'allow' }],
    fixed: [{ match: 'actions: [iam.role.update], environments: [dev]', verdict: 'deny' }],
  },
  {
    code: 'allow/unconditional',
    what: 'nothing but the action',
    seeds: [{ verdict: 'allow' }],
    fixed: [{ verdict: 'allow', match: 'actions: [db.export], agents: [nightly]' }],
  },
  {
    code: 'allow/unbounded',
    what: 'an amount that may be less than nothing',
    seeds: [{ verdict: 'allow', when: 'params.rows < 5 && params.low in [1, 2]' }],
    fixed: [{ verdict: 'allow', when: 'params.rows < 5 && params.rows >= 0 && params.low in [1, 2]' }],
  },
  {
    code: 'allow/unbounded',
    what: 'on one of several ways, and to the other side',
    seeds: [{ verdict: 'allow', when: 'params.table == "x" || !(params.share < 0.5)' }],
    fixed: [{ verdict: 'allow', when: 'params.table == "x" || !(params.share < 0.5 || params.share > 0.9)' }],
  },
  {
    code: 'allow/untied-resource',
    what: 'a harmless resource, and a parameter that names another',
    seeds: [{ verdict: 'allow', when: 'resource.sensitivity == "public"' }],
    fixed: [{ verdict: 'allow', when: 'resource.sensitivity == "public" && resource.id == params.table' }],
  },
  {
    code: 'allow/untied-resource',
    what: 'tied on one of two ways only',
    seeds: [
      { verdict: 'allow', when: 'resource.id == "x" && (resource.id == params.table || params.rows in [1])' },
    ],
    fixed: [{ verdict: 'allow', when: 'resource.id == "x" && params.table in ["x", "x2"]' }],
  },
  {
    code: 'allow/untied-resource',
    what: 'a comparison that says the contrary',
    seeds: [{ verdict: 'allow', when: 'resource.id != params.table && resource.type == "table"' }],
    fixed: [{ verdict: 'allow', when: '!(resource.id != params.table) && resource.type == "table"' }],
  },
  {
    code: 'allow/caller-hint',
    what: 'what the caller says of a tool',
    seeds: [
      {
        match: 'actions: [tool.call]',
        verdict: 'allow',
        when: 'params.tool == "x" && params.read_only_hint',
      },
    ],
    fixed: [{ match: 'actions: [tool.call]', verdict: 'allow', when: 'params.tool == "x"' }],
  },
  {
    code: 'strict/lifted-by-text',
    what: 'a plan that an agent sends, and that nobody here applies',
    seeds: [{ match: 'actions: [infra.do]', unless: 'read.plan.understood && read.plan.destroys == 0' }],
    fixed: [{ match: 'actions: [infra.do]', when: 'read.plan.understood && read.plan.destroys > 0' }],
  },
  {
    code: 'require/untied-owner',
    what: 'whoever owns the resource that is named',
    seeds: [{ more: ownersToo }],
    fixed: [{ when: 'params.columns.all(c, c == resource.id)', more: ownersToo }],
  },
  {
    code: 'rule/mirror',
    what: 'a limit that was raised in one of two',
    seeds: [
      { verdict: 'allow', when: 'params.rows >= 0 && params.rows <= 500' },
      { id: 'a.asks', unless: 'params.rows <= 100 && params.rows >= 0' },
    ],
    fixed: [
      { verdict: 'allow', when: 'params.rows >= 0 && params.rows <= 100' },
      { id: 'a.asks', unless: 'params.rows <= 100 && params.rows >= 0' },
    ],
  },
  {
    code: 'rule/mirror',
    what: 'a gap between two, and not a further step above the contrary',
    seeds: [
      { verdict: 'allow', when: 'params.rows >= 0 && params.rows <= 100' },
      { id: 'a.asks', when: 'params.rows < 0 || params.rows > 200' },
    ],
    fixed: [
      { verdict: 'allow', when: 'params.rows >= 0 && params.rows <= 100' },
      { id: 'a.asks', when: 'params.rows < 0 || params.rows > 100' },
      { id: 'b.asks', when: 'params.rows < 0 || params.rows > 200', more: two },
    ],
  },
  {
    code: 'notify/after-expiry',
    what: 'a reminder when it has expired',
    seeds: [{ more: '  require: {expires_in: 10m}\n  notify: {remind: [5m, 10m]}\n' }],
    fixed: [{ more: '  require: {expires_in: 10m}\n  notify: {remind: [5m]}\n' }],
  },
  {
    code: 'observe/stale',
    what: 'for 31 days',
    seeds: [{ more: '  mode: observe\n' }],
    options: { observedDays: new Map([['s.seed', 31]]) },
    fixed: [{ more: '  mode: observe\n' }],
    fixedOptions: { observedDays: new Map([['s.seed', 30]]) },
  },
  {
    code: 'defaults/implicit',
    what: 'an admin rule without its lifetimes',
    seeds: [{ match: 'actions: [iam.role.update]' }],
    fixed: [{ match: 'actions: [iam.role.update]', more: adminLives }],
  },
  {
    code: 'environments/open',
    what: 'a rule that matches by what the agent calls the place',
    rule: null,
    bundle: bundleYaml,
    seeds: [{ match: 'actions: [db.export], environments: [prod]' }],
    fixed: [{}],
  },
  {
    code: 'environments/open',
    what: 'an exception that reads it, fixed by the list',
    rule: null,
    bundle: bundleYaml,
    seeds: [{ unless: 'environment == "dev"' }],
    fixed: [{ unless: 'environment == "dev"' }],
    fixedBundle: bundleYaml + environments,
  },
  {
    code: 'stop/nobody',
    what: 'agents are stopped by themselves, and by nobody else',
    rule: null,
    bundle: `${bundleYaml}stop: {on: [deviation]}\n`,
    seeds: [{}],
    fixed: [{}],
    fixedBundle: `${bundleYaml}stop: {who: [group:platform], on: [deviation]}\n`,
  },
  {
    code: 'break-glass/past-approval',
    what: 'a denial that one may lift where others are asked',
    seeds: [asking, { ...lifting, more: path }],
    fixed: [asking, { ...lifting, more: '' }],
  },
  {
    code: 'break-glass/past-approval',
    what: 'fixed where the path is only offered apart from the other rule',
    seeds: [asking, { ...lifting, when: 'params.share > 0.5', more: path }],
    fixed: [
      asking,
      { ...lifting, when: 'params.share > 0.5', more: path.replace('{who', '{when: params.rows < 5, who') },
    ],
  },
  {
    code: 'break-glass/past-approval',
    what: 'fixed where the other rule lets the same people past',
    seeds: [asking, { ...lifting, more: path }],
    fixed: [
      { ...asking, more: owner + path.replace('  override: break_glass\n', '') },
      { ...lifting, more: path },
    ],
  },
  {
    code: 'style/description',
    what: 'no sentence',
    seeds: [{ description: 'exports' }],
    fixed: [{ description: 'Exports need an owner.' }],
  },
]
