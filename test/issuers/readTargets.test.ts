import { expect, test } from 'vitest'
import { readTargets } from '../../src/issuers/readTargets.ts'
import { fileFor } from './postgresql/warehouse.ts'

const url = 'postgresql://issuer:secret@db.acme.test:5432/warehouse?sslmode=verify-full'
const good = fileFor(url)

function problemsOf(text: string): readonly string[] {
  const read = readTargets('credentials.yaml', text)
  return 'targets' in read
    ? []
    : read.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
}

test('a file that is right gives its targets, as configured', () => {
  const read = readTargets('credentials.yaml', good)

  const targets = 'targets' in read ? read.targets({ installation: 'wsp_one', signer: null }) : []
  expect(targets).toMatchObject([
    { target: 'warehouse', audience: 'https://db.acme.test', ends: 'at once', seconds: 600 },
  ])
})

test.each<readonly [string, string, string]>([
  [
    'a property that there is not',
    good.replace('    environments', '    audit: true\n    environments'),
    '6:5',
  ],
  ['no environments', good.replace('[prod]', '[]'), '6:19'],
  ['a privilege that is never given', good.replace('[SELECT]', '[SELECT, TRUNCATE]'), '13:30'],
  ['another source of a name', good.replace('resource.rest', 'reason'), '11:23'],
  ['SQL in place of a list', good.replace('{from: params.columns}', '"*"'), '12:18'],
  ['an address of another database', good.replace('postgresql://', 'mysql://'), '5:10'],
  ['an address that asks for settings', good.replace('sslmode=verify-full', 'options=-crole'), '5:10'],
  ['a life of a day', good.replace('environments', 'life: 1d\n    environments'), '6:11'],
  [
    'a preview without a login',
    good.replace('    environments', '    preview: {}\n    environments'),
    '6:14',
  ],
  [
    'a preview of more than a login',
    good.replace(
      '    environments',
      '    preview: {url: "postgresql://p@h/d", sql: "SELECT 1"}\n    environments',
    ),
    '6:42',
  ],
  [
    'a preview at another database',
    good.replace('    environments', '    preview: {url: "mysql://p:secret@h/d"}\n    environments'),
    '6:20',
  ],
  ['two targets of one name', `${good}${good.replace('targets:\n', '')}`, '20:11'],
  ['a tab', good.replace('  - name', '\t- name'), '2:1'],
])('%s is refused, with its place', (_, text, place) => {
  const problems = problemsOf(text)

  expect(problems[0]).toMatch(new RegExp(`^${place} `))
  expect(problems.join('\n')).not.toContain('secret')
})

test('only a target with a login for previews has any', () => {
  const previewersIn = (text: string) => {
    const read = readTargets('credentials.yaml', text)
    return 'targets' in read ? read.previewers().map(({ target }) => target) : read.problems
  }
  const login = '    preview: {url: "postgresql://preview:secret@db.acme.test/warehouse"}\n'

  expect(previewersIn(good)).toEqual([])
  expect(previewersIn(good.replace('    environments', `${login}    environments`))).toEqual(['warehouse'])
})
