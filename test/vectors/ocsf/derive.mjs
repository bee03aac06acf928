// Makes a JSON Schema of the classes of OCSF that are used here, out of a checkout of github.com/ocsf/ocsf-schema (Apache-2.0):
//   node test/vectors/ocsf/derive.mjs <checkout> <commit> <version> > test/vectors/ocsf/<version>.json
// The rules are those of the schema's own compiler, as far as these classes need them: a class or an object has what it extends, what
// it includes, and the dictionary's type where it names none. An attribute of a profile is not required. What is deprecated is not allowed.
import { execFileSync } from 'node:child_process'

const [checkout, commit, version] = process.argv.slice(2)
const git = (...words) => execFileSync('git', ['-C', checkout, ...words], { maxBuffer: 1 << 28 }).toString()
const read = (path) => JSON.parse(git('show', `${commit}:${path}`))
const paths = git('ls-tree', '-r', '--name-only', commit).split('\n')
const dictionary = read('dictionary.json')
const categories = read('categories.json').attributes
const [events, objects] = ['events', 'objects'].map((folder) =>
  Object.fromEntries(
    paths
      .filter((path) => path.startsWith(`${folder}/`) && path.endsWith('.json'))
      .map((path) => read(path))
      .map((one) => [one.name, one]),
  ),
)
const used = [
  'detection_finding',
  'authentication',
  'authorize_session',
  'entity_management',
  'user_management',
  'api_activity',
]
/** Objects whose inside is looked at. Of any other it is only known that it is an object. */
const inside = [
  ...[
    'actor',
    'ai_agent',
    'analytic',
    'api',
    'evidences',
    'finding_info',
    'managed_entity',
    'metadata',
    'network_endpoint',
  ],
  ...['policy', 'product', 'request', 'resource_details', 'service', 'session', 'user'],
]

function whole(name, among) {
  const { attributes = {}, constraints = {}, extends: base, ...own } = among[name]
  const below = base ? whole(base, among) : { attributes: {}, constraints: {} }
  const merged = { ...below.attributes }
  const add = (attribute, says) => {
    merged[attribute] = { ...merged[attribute], ...says, enum: { ...merged[attribute]?.enum, ...says.enum } }
  }
  for (const path of attributes.$include ?? []) {
    const included = read(path)
    for (const [attribute, says] of Object.entries(included.attributes))
      add(attribute, { ...says, ...(included.meta === 'profile' && { profile: included.name }) })
  }
  for (const [attribute, says] of Object.entries(attributes))
    if (attribute !== '$include') add(attribute, says)
  return { ...below, ...own, attributes: merged, constraints: { ...below.constraints, ...constraints } }
}

function schemaOf({ attributes, constraints }, more = {}) {
  const properties = Object.entries(attributes).map(([name, says]) => [
    name,
    more[name] ?? schemaOfValue(name, says),
  ])
  const required = Object.keys(attributes).filter(
    (name) => attributes[name].requirement === 'required' && !attributes[name].profile,
  )
  const oneOf = (names) => names.map((name) => ({ required: [name] }))
  return {
    type: 'object',
    additionalProperties: false,
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(properties),
    ...(constraints.at_least_one && { anyOf: oneOf(constraints.at_least_one) }),
    ...(constraints.just_one && { oneOf: oneOf(constraints.just_one) }),
  }
}

function schemaOfValue(name, says) {
  const known = dictionary.attributes[name] ?? {}
  if (says['@deprecated'] ?? known['@deprecated']) return false
  const one = singleOf(says, known)
  return (says.is_array ?? known.is_array) ? { type: 'array', items: one } : one
}

function singleOf(says, known) {
  const type = says.type ?? known.type
  if (objects[type]) return inside.includes(type) ? { $ref: `#/$defs/${type}` } : { type: 'object' }
  // A few are defined by an extension, and are not used here.
  const found = dictionary.types.attributes[type]
  if (!found) return false
  const { type: base = type, regex, max_len: maxLength } = found
  const kinds = {
    string_t: 'string',
    integer_t: 'integer',
    long_t: 'integer',
    boolean_t: 'boolean',
    timestamp_t: 'integer',
    float_t: 'number',
  }
  if (type === 'json_t') return true
  const numbers = Object.keys({ ...known.enum, ...says.enum })
  if (kinds[base] === 'integer' && numbers.length > 0) return { enum: numbers.map(Number) }
  return { type: kinds[base] ?? 'string', ...(regex && { pattern: regex }), ...(maxLength && { maxLength }) }
}

const classes = used
  .filter((name) => events[name])
  .map((name) => {
    const one = whole(name, events)
    const { uid: category, caption } = categories[one.category]
    const uid = category * 1_000 + one.uid
    const activities = one.attributes.activity_id.enum
    const captions = Object.entries(activities).map(([number, says]) => [number, says.caption])
    const fixed = {
      class_uid: { const: uid },
      class_name: { const: one.caption },
      category_uid: { const: category },
      category_name: { const: caption },
      type_uid: { enum: Object.keys(activities).map((number) => uid * 100 + Number(number)) },
    }
    return [uid, { $comment: JSON.stringify(Object.fromEntries(captions)), ...schemaOf(one, fixed) }]
  })
const ofApi = whole('api_activity', events).attributes
const captions = (name) =>
  Object.fromEntries(
    Object.entries({ ...dictionary.attributes[name].enum, ...ofApi[name].enum }).map(
      ([number, { caption }]) => [number, caption],
    ),
  )
const result = {
  $comment: `OCSF ${version}: made by derive.mjs from commit ${commit} (${read('version.json').version}) of github.com/ocsf/ocsf-schema, Apache-2.0`,
  captions: {
    severity_id: captions('severity_id'),
    status_id: captions('status_id'),
    action_id: captions('action_id'),
    disposition_id: captions('disposition_id'),
  },
  classes: Object.fromEntries(classes),
  $defs: Object.fromEntries(
    inside.filter((name) => objects[name]).map((name) => [name, schemaOf(whole(name, objects))]),
  ),
}
process.stdout.write(`${JSON.stringify(result)}\n`)
