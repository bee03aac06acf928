// Writes src/policy/readers/aws/actions.json, what AWS says of each of its actions, from a file of lines such as
// {"id":"ec2:DescribeInstances","level":"List","risk":["DataAccess"]}, `risk` only where there is one:
//
//   node build/awsActions.mjs FILE.jsonl --date 2026-09-26 --source "where the lines are from, and their licence"
//
// Levels are those of the AWS Service Authorization Reference. An action with several has the worst of them.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const out = fileURLToPath(new URL('../src/policy/readers/aws/actions.json', import.meta.url))

/** From harmless to grave. */
const levels = new Map([
  ['List', 'list'],
  ['Read', 'read'],
  ['Tagging', 'tagging'],
  ['Write', 'write'],
  ['Permissions management', 'permissions'],
])
const grave = [...levels.values()]
const risks = new Map([
  ['CredentialExposure', 'credentials'],
  ['DataAccess', 'contents'],
  ['PrivEsc', 'escalation'],
  ['ResourceExposure', 'exposure'],
])

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { date: { type: 'string' }, source: { type: 'string' } },
})
const [file] = positionals
if (file === undefined || values.source === undefined || !/^\d{4}-\d\d-\d\d$/.test(values.date ?? '')) {
  console.error('node build/awsActions.mjs FILE.jsonl --date YYYY-MM-DD --source "…"')
  process.exit(2)
}

const access = new Map()
const risky = new Map([...risks.values()].map((name) => [name, []]))
for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
  const { id, level, risk = [] } = JSON.parse(line)
  const [service, action, ...more] = id.split(':')
  if (more.length > 0 || !/^[a-z0-9-]+$/.test(service) || !/^[A-Za-z0-9-]+$/.test(action))
    throw new Error(`not an action: ${id}`)
  const actions = access.get(service) ?? new Map()
  access.set(service, actions.set(action, levelOf(level, id)))
  for (const name of risk) riskOf(name, id).push(id)
}

/** Tagging counts as a write where AWS names both: what a tag says can decide who may do what. */
function levelOf(text, id) {
  const named = text.split(', ').map((one) => levels.get(one))
  if (named.includes(undefined)) throw new Error(`${id} has the level ${text}, which is not known here`)
  if (named.includes('tagging')) return 'tagging'
  return named.reduce((worst, one) => (grave.indexOf(one) > grave.indexOf(worst) ? one : worst))
}

function riskOf(name, id) {
  const list = risky.get(risks.get(name))
  if (list === undefined) throw new Error(`${id} has the risk ${name}, which is not known here`)
  return list
}

const byName = (left, right) => (left < right ? -1 : left > right ? 1 : 0)
const services = Object.fromEntries(
  [...access]
    .sort(([left], [right]) => byName(left, right))
    .map(([service, actions]) => [service, byLevel(actions)]),
)

function byLevel(actions) {
  const lists = grave.map((level) => {
    const names = [...actions].filter(([, one]) => one === level).map(([name]) => name)
    return [level, names.sort(byName).join(' ')]
  })
  return Object.fromEntries(lists.filter(([, names]) => names !== ''))
}

const listed = Object.fromEntries([...risky].map(([name, ids]) => [name, ids.sort(byName).join(' ')]))
const { date, source } = values
const head = JSON.stringify({ date, source, risks: listed }, null, 1).slice(0, -2)
const lines = Object.entries(services).map(
  ([name, one]) => `  ${JSON.stringify(name)}: ${JSON.stringify(one)}`,
)
writeFileSync(out, `${head},\n "services": {\n${lines.join(',\n')}\n }\n}\n`)
console.log(
  `${[...access.values()].reduce((sum, one) => sum + one.size, 0)} actions of ${access.size} services`,
)
