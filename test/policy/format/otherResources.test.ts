import { describe, expect, test } from 'vitest'
import { bundleFiles, loaded, refused } from '../files.ts'

describe('other resources in the catalogue', () => {
  const declared = (resources: string, params = '{dest: string, to: {type: string, reads: url}, n: int}') =>
    refused(
      bundleFiles({
        'actions.yaml': `apiVersion: countersign/v1
kind: ActionCatalogue
actions:
  s3.copy: {effect: write, params: ${params}, resources: ${resources}}
`,
      }),
    ).map(({ message }) => message)

  test.each([
    ['a parameter that is none', '{d: {type: b, from: params.dst}}', 'Did you mean "dest"?'],
    ['a parameter that is no text', '{d: {type: b, from: params.n}}', 'must name a parameter of type string'],
    ['something else', '{d: {type: b, from: resource.id}}', 'must be params.<parameter>'],
    ['a fact of what nothing reads', '{d: {type: b, from: read.dest.host}}', 'declares `reads`'],
    ['a fact that is none', '{d: {type: b, from: read.to.hst}}', 'Did you mean "host"?'],
    ['a fact that is no text', '{d: {type: b, from: read.to.port}}', 'that is a text'],
    ['any type', '{d: {type: "*", from: params.dest}}', 'must be one type'],
    ['a name that no rule could write', '{D-1: {type: b, from: params.dest}}', 'lower-case letters'],
  ])('refuses %s', (_what, resources, message) => {
    expect(declared(resources)).toEqual([expect.stringContaining(message)])
  })

  test('refuses a parameter whose value is hidden, or anything of open parameters', () => {
    const hidden = declared('{d: {type: b, from: params.dest}}', '{dest: {type: string, sensitive: true}}')
    expect(hidden).toEqual([expect.stringContaining('must not name a sensitive parameter')])
    expect(declared('{d: {type: b, from: params.dest}}', 'open')).toEqual([
      expect.stringContaining('because they are open'),
    ])
  })

  test('has at most five of an action', () => {
    const six = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}: {type: b, from: params.dest}`)
    expect(declared(`{${six.join(', ')}}`)).toEqual([expect.stringContaining('at most 5')])
  })

  test('is part of the digest with them', () => {
    const digests = ['from', 'to'].map((param) => {
      const yaml = `apiVersion: countersign/v1
kind: ActionCatalogue
actions:
  s3.copy: {effect: write, params: {from: string, to: string}, resources: {d: {type: b, from: params.${param}}}}
`
      return loaded(bundleFiles({ 'actions.yaml': yaml })).digest
    })
    expect(new Set(digests).size).toBe(2)
  })
})
