import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesUnder } from './support/sourceFiles.ts'

/** What a script takes of the build, which no compiler looks at: `import { name } from '../dist/room/file.js'`. */
function takenFromBuild(text: string) {
  return [...text.matchAll(/import \{([^}]+)\} from '(?:\.\.\/)+dist\/([^']+)\.js'/g)].flatMap(
    ([, names = '', file = '']) =>
      names.split(',').map((name) => ({ file, name: name.trim().split(' as ')[0] ?? '' })),
  )
}

/** Which of it is not there in the source. */
const lackingIn = (text: string) =>
  takenFromBuild(text).filter(({ file, name }) => {
    const source = join('src', `${file}.ts`)
    if (!existsSync(source)) return true
    return !new RegExp(`export (async )?(function|const|class) ${name}\\b`).test(readFileSync(source, 'utf8'))
  })

const scripts = filesUnder('bench').filter(({ path }) => path.endsWith('.mjs'))

test('what the benchmarks take of the build is there, under that name', () => {
  expect(scripts.flatMap(({ text }) => takenFromBuild(text)).length).toBeGreaterThan(5)
  expect(scripts.flatMap(({ path, text }) => lackingIn(text).map((one) => ({ path, ...one })))).toEqual([])
})

test('control: a file and a name that are not there are found', () => {
  const lacking = lackingIn(
    "import { a } from '../dist/core/nowhere.js'\nimport { nothing } from '../dist/server/config.js'",
  )

  expect(lacking.map(({ file, name }) => `${file} ${name}`)).toEqual([
    'core/nowhere a',
    'server/config nothing',
  ])
})
