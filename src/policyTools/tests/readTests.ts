import type { Action } from '../../core/action.ts'
import { didYouMean } from '../../core/nearest.ts'
import { type Ask, factsOf } from '../../policy/ask.ts'
import type { Bundle } from '../../policy/bundle.ts'
import type { Facts } from '../../policy/facts.ts'
import { userAddress } from '../../policy/format/directoryKeys.ts'
import { readShape } from '../../policy/format/shape.ts'
import type { Source as YamlSource } from '../../policy/format/source.ts'
import { parseYaml } from '../../policy/format/yaml.ts'
import { type BundleProblem, type Fault, problemAt } from '../../policy/problem.ts'
import { type ReadText, readOutside } from '../../policy/readers/outside.ts'
import { someAgent } from '../standIn.ts'
import { countedBy, unknownBudgets } from './statedBudgets.ts'
import { strangersIn, withStated } from './statedResources.ts'
import {
  type ExpectShape,
  type RequestShape,
  type StepShape,
  type TestsShape,
  testsSchema,
} from './testsSchema.ts'

/** One test, with its base merged in: everything it needs is there. */
export interface PolicyTest {
  readonly name: string
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly action: Action
  readonly facts: Facts
  /** The initiator and the agent's owner, by address. */
  readonly behind: { readonly initiator: string; readonly agentOwner: string }
  /** Owners who are not in the directory: from the name that stands for them to their address. */
  readonly strangeOwners: ReadonlyMap<string, string>
  readonly expect: ExpectShape
  readonly script: readonly StepShape[]
}

export interface TestFile {
  readonly file: string
  readonly tests: readonly PolicyTest[]
}

/** Every tests/*.yaml of a bundle's files, sorted by name, or what is wrong with one; nothing is skipped in silence. */
export function readTests(
  bundle: Bundle,
  files: ReadonlyMap<string, string>,
  readText?: ReadText,
): { readonly files: readonly TestFile[]; readonly problems: readonly BundleProblem[] } {
  const problems: BundleProblem[] = []
  const read: TestFile[] = []
  for (const file of [...files.keys()].filter((path) => path.startsWith('tests/')).sort()) {
    const parsed = parseYaml(file, files.get(file) ?? '')
    if ('problems' in parsed) problems.push(...parsed.problems)
    else read.push({ file, tests: testsIn(bundle, { source: parsed.source, problems, readText }) })
  }
  return { files: read, problems }
}

interface Reading {
  readonly source: YamlSource
  readonly problems: BundleProblem[]
  readonly readText: ReadText | undefined
}

function testsIn(bundle: Bundle, { source, problems, readText }: Reading): readonly PolicyTest[] {
  const shaped = readShape(source, [], testsSchema)
  if ('problems' in shaped) {
    problems.push(...shaped.problems)
    return []
  }
  const { base = {}, tests } = shaped.shape
  const names = new Set<string>()
  return tests.flatMap((test, index) => {
    const request = { ...base, ...test.request }
    const faults = [
      ...missing(request, index),
      ...(names.has(test.name) ? [repeated(index)] : []),
      ...unknownGroups(bundle, test.approvals ?? [], index),
      ...unnamedResources(bundle, request, index),
      ...unknownBudgets(bundle, request, index),
    ]
    names.add(test.name)
    problems.push(...faults.map((fault) => problemAt(source, fault)))
    const complete = completed(request)
    return complete === null || faults.length > 0
      ? []
      : [testOf(bundle, { source, index, test, request: complete, readText })]
  })
}

const needed = ['action', 'resource', 'environment', 'agent', 'time'] as const

function missing(request: RequestShape, index: number): readonly Fault[] {
  return needed
    .filter((name) => request[name] === undefined)
    .map((name) => ({
      path: ['tests', index, 'request'],
      code: 'schema/missing',
      message: `\`${name}\` is missing: add it to the request, or to \`base\` for all tests of the file.`,
    }))
}

function repeated(index: number): Fault {
  const message = 'Another test of this file has this name: rename one.'
  return { path: ['tests', index, 'name'], code: 'schema/value', message }
}

/** A voter in a group that does not exist would be refused for a reason that the test does not mean. */
function unknownGroups({ people }: Bundle, steps: readonly StepShape[], index: number): readonly Fault[] {
  return steps.flatMap(({ by }, step) =>
    (by.groups ?? []).flatMap((name, at): readonly Fault[] => {
      if (people.has(name)) return []
      const message = `"${name}" is not in \`directory\` of bundle.yaml.${didYouMean(name, people.keys())}`
      return [
        { path: ['tests', index, 'approvals', step, 'by', 'groups', at], code: 'directory/unknown', message },
      ]
    }),
  )
}

/** What is said of a resource that the request does not name would have no effect. */
function unnamedResources(
  { catalogue }: Bundle,
  { action = '', params = {}, resources = {} }: RequestShape,
  index: number,
): readonly Fault[] {
  const named = catalogue.get(action)?.resources
  return Object.keys(resources).flatMap((name): readonly Fault[] => {
    const param = named?.get(name)?.from.param
    if (param !== undefined && (params[param] ?? null) !== null) return []
    const message =
      param === undefined
        ? `The action ${action} names no resource "${name}".${didYouMean(name, named?.keys() ?? [])}`
        : `The request names no resource "${name}": give its parameter "${param}", or say nothing of it.`
    return [{ path: ['tests', index, 'request'], code: 'schema/value', message }]
  })
}

type Complete = RequestShape & { [name in (typeof needed)[number]]-?: NonNullable<RequestShape[name]> }

function completed(request: RequestShape): Complete | null {
  const { action, resource, environment, agent, time } = request
  if (!action || !resource || !environment || !agent || !time) return null
  return { ...request, action, resource, environment, agent, time }
}

interface Written {
  readonly readText: ReadText | undefined
  readonly source: YamlSource
  readonly index: number
  readonly test: TestsShape['tests'][number]
  readonly request: Complete
}

/** The agent's owner, where a test names nobody. */
function initiatorOf({ initiator, agent }: Complete): NonNullable<Ask['initiator']> {
  return {
    ...principal(initiator ?? agent.owner),
    kind: initiator?.kind ?? 'human',
    ...(initiator?.attested && { attested: true as const }),
  }
}

/** Facts as the policy would see them; what a test says about the resource stands in for resources.yaml. */
function testOf(bundle: Bundle, { source, index, test, request, readText }: Written): PolicyTest {
  const { agent, resource } = request
  const named = request.initiator ?? agent.owner
  const initiator = initiatorOf(request)
  const action: Action = {
    action: request.action,
    resource: { type: resource.type, id: resource.id },
    params: request.params ?? {},
    environment: request.environment,
  }
  const facts = factsOf(bundle, {
    action,
    agent: {
      id: agent.id ?? someAgent,
      name: agent.name,
      tags: agent.tags ?? [],
      model: agent.model ?? null,
      owner: ownerOf(agent.owner),
    },
    initiator,
    request: { reason: request.reason ?? null, source: request.source ?? 'api' },
    at: new Date(request.time).toISOString(),
    ...countedBy(bundle, {
      action,
      agent: agent.id ?? someAgent,
      initiator,
      stated: request.budgets ?? {},
    }),
    // A test states everything, so a run that it says nothing of has read nothing.
    run: { sensitivities: request.run?.sensitivities ?? [], labels: request.run?.labels ?? [] },
    ...readOutside(bundle, action, readText),
  })
  return {
    name: test.name,
    file: source.file,
    line: source.place(['tests', index]).line,
    action,
    facts: withStated(facts, request),
    behind: { initiator: addressOf(bundle, named.id), agentOwner: addressOf(bundle, agent.owner.id) },
    strangeOwners: new Map([...strangersIn(request)].map(([name, id]) => [name, addressOf(bundle, id)])),
    expect: test.expect,
    script: test.approvals ?? [],
  }
}

function principal({ id, email, groups }: { id: string; email: string; groups?: string[] | undefined }) {
  return { id, email, groups: groups ?? null }
}

function ownerOf(owner: Complete['agent']['owner']) {
  return { ...principal(owner), ...(owner.left && { left: true as const }) }
}

/** People of a test are named by their id in Slack or in Entra, or as the directory names them; both are the same person. */
export function addressOf(bundle: Bundle, id: string): string {
  return bundle.people.get(id)?.address ?? userAddress(id)
}
