import { beforeEach, describe, expect, test } from 'vitest'
import { lintPrinted } from '../../src/cli/policy/lint.ts'
import { lintLiveCommand, liveFacts } from '../../src/cli/policy/lintLive.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { testWorld, type World } from '../support/world.ts'
import { bundle, rule } from './bundles.ts'

let world: World
beforeEach(async () => {
  world = await testWorld()
})

const files = new Map(Object.entries(bundleFiles))
const liveLint = async (format: 'text' | 'json' | 'github') =>
  lintPrinted('policies', files, { format, live: await liveFacts(world.ports, testBundle()) })

describe('policy lint --live', () => {
  test('finds what only the directory can tell, and says what it looked at', async () => {
    const { text, exitCode } = await liveLint('text')

    expect(exitCode).toBe(1)
    expect(text).toContain('Leg "ghosts" asks for 1 of group:nobody, where 0 can be found')
    expect(text).toContain('warning directory/nobody')
    expect(text).toMatch(/warning require\/no-spare +rules\/all\.yaml:\d+:\d+ {2}reboot/)
    expect(text).toMatch(/\nlive: 8 names of the directory looked up, 0 activations of the record read\n$/)
  })

  test('control: without it, nothing of that is found or said', () => {
    const { text } = lintPrinted('policies', files, { format: 'text', live: null })

    expect(text).not.toMatch(/unsatisfiable|nobody now|no-spare|live:/)
  })

  test('says in every format that data was live', async () => {
    expect(JSON.parse((await liveLint('json')).text)).toMatchObject({ live: { names: 8, activations: 0 } })
    expect((await liveLint('github')).text).toContain('title=policy lint::live: 8 names')
  })

  test('stops with the fix when somebody cannot be looked up', async () => {
    world.directory.down = true

    await expect(liveFacts(world.ports, testBundle())).rejects.toMatchObject({
      message: expect.stringContaining('group:security (cannot know)'),
      fix: expect.stringContaining('countersign doctor'),
    })
  })

  test('reports a bundle that does not load, and looks nothing up', async () => {
    const broken = bundle({ 'rules/a.yaml': rule.replace('params.rows', 'params.row') })

    const { text, exitCode } = await lintLiveCommand(broken, { format: 'text', live: true })

    expect(exitCode).toBe(1)
    expect(text).toContain('the bundle does not load')
    expect(text).not.toContain('live:')
  })
})
