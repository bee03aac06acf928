import { execFileSync } from 'node:child_process'
import fs, { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { readBundleDirectory } from '../../src/store/bundleDirectory.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'countersign-bundle-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
})

const at = (path: string) => join(directory, path)
function write(path: string, text = path): void {
  mkdirSync(dirname(at(path)), { recursive: true })
  writeFileSync(at(path), text)
}
const read = () => Object.fromEntries(readBundleDirectory(directory))
const refused = (says: RegExp) =>
  expect(read).toThrow(
    expect.objectContaining({ code: 'bundle_unreadable', message: expect.stringMatching(says) }),
  )

test('a directory is read by path, sorted', () => {
  for (const path of ['rules/b.yaml', 'bundle.yaml', 'rules/a.yaml', 'tests/x/y.yaml']) write(path)

  expect([...readBundleDirectory(directory)]).toEqual(
    ['bundle.yaml', 'rules/a.yaml', 'rules/b.yaml', 'tests/x/y.yaml'].map((path) => [path, path]),
  )
})

describe('as Kubernetes mounts a ConfigMap', () => {
  /** Files of one version in a folder of its own; `..data` leads to it, and everything else leads there. */
  function mount(folder: string, version: string, files: readonly string[]): void {
    for (const file of files) write(join(folder, `..${version}`, file), `${file} ${version}`)
    symlinkSync(`..${version}`, at(join(folder, '..data_tmp')))
    renameSync(at(join(folder, '..data_tmp')), at(join(folder, '..data')))
    for (const name of new Set(files.map((file) => file.split('/')[0] ?? '')))
      if (!fs.existsSync(at(join(folder, name)))) symlinkSync(join('..data', name), at(join(folder, name)))
  }

  test('with subfolders: the files are read, once and under their names', () => {
    mount('.', '2026_11_30', ['bundle.yaml', 'actions.yaml', 'rules/a.yaml'])

    expect(read()).toEqual({
      'actions.yaml': 'actions.yaml 2026_11_30',
      'bundle.yaml': 'bundle.yaml 2026_11_30',
      'rules/a.yaml': 'rules/a.yaml 2026_11_30',
    })
  })

  test('one for each folder', () => {
    mount('.', '1', ['bundle.yaml'])
    mount('rules', '2', ['a.yaml', 'b.yaml'])

    expect(read()).toEqual({
      'bundle.yaml': 'bundle.yaml 1',
      'rules/a.yaml': 'a.yaml 2',
      'rules/b.yaml': 'b.yaml 2',
    })
  })

  test('exchanged while it is read: one version or the other, never a mixture', () => {
    const files = ['actions.yaml', 'bundle.yaml', 'rules/a.yaml']
    mount('.', '1', files)
    let reads = 0
    const readText = (path: string) => {
      const text = fs.readFileSync(path, 'utf8')
      reads += 1
      if (reads === 1) mount('.', '2', files)
      return text
    }

    const texts = [...readBundleDirectory(directory, readText).values()]

    expect(texts).toEqual(files.map((file) => `${file} 2`))
    expect(reads).toBe(6)
  })
})

describe('links', () => {
  test('lead to files and folders elsewhere', () => {
    write('elsewhere/all.yaml', 'all')
    mkdirSync(at('policies'))
    symlinkSync('../elsewhere', at('policies/rules'))
    symlinkSync('../elsewhere/all.yaml', at('policies/bundle.yaml'))

    expect(Object.fromEntries(readBundleDirectory(at('policies')))).toEqual({
      'bundle.yaml': 'all',
      'rules/all.yaml': 'all',
    })
  })

  test.each<[string, () => void, RegExp]>([
    [
      'back to the folder they stand in',
      () => symlinkSync('.', at('rules')),
      /rules is a link to a folder that contains it/,
    ],
    [
      'back to a folder above',
      () => {
        write('rules/a.yaml')
        symlinkSync('..', at('rules/up'))
      },
      /rules\/up is a link to a folder that contains it/,
    ],
    [
      'to themselves',
      () => symlinkSync('a.yaml', at('a.yaml')),
      /a\.yaml is a link that leads back to itself/,
    ],
    [
      'to nothing',
      () => symlinkSync('gone.yaml', at('a.yaml')),
      /a\.yaml is a link to something that does not exist/,
    ],
    ['to a device', () => symlinkSync('/dev/null', at('a.yaml')), /a\.yaml is neither a file nor a folder/],
    ['to a pipe', () => pipe('pipe'), /pipe is neither a file nor a folder/],
  ])('%s are refused, with their name', (_, make, says) => {
    write('bundle.yaml')
    make()

    refused(says)
  })

  test('to a folder with far too much in it are refused', () => {
    mkdirSync(at('policies'))
    // Each folder leads three times to the next: a handful of links, and thousands of ways.
    for (let n = 0; n < 9; n += 1)
      for (const name of ['left', 'right', 'straight']) {
        mkdirSync(at(`${n}`), { recursive: true })
        symlinkSync(`../${n + 1}`, at(`${n}/${name}`))
      }
    write('9/a.yaml')
    symlinkSync('../0', at('policies/rules'))

    expect(() => readBundleDirectory(at('policies'))).toThrow(/more than 2000 entries/)
  })
})

function pipe(name: string): void {
  execFileSync('mkfifo', [at(name)])
}

test('what cannot be read is refused with what it has to be', () => {
  expect(() => readBundleDirectory(at('nothing'))).toThrow(
    expect.objectContaining({ code: 'bundle_unreadable', fix: expect.stringContaining('POLICY_DIR') }),
  )
  write('file')
  expect(() => readBundleDirectory(at('file'))).toThrow(
    expect.objectContaining({ code: 'bundle_unreadable' }),
  )
})
