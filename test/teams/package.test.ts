import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { manifestFor } from '../../src/cli/teamsPackage.ts'
import { readConfig } from '../../src/server/config.ts'
import { StartFault } from '../../src/server/startFault.ts'
import { wrongWith } from '../../src/teams/package/check.ts'
import { zipOf } from '../../src/teams/package/zip.ts'

const TEAMS_APP_ID = '11111111-2222-3333-4444-555555555555'
const environment = {
  TEAMS_APP_ID,
  TEAMS_TENANT_ID: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
  TEAMS_APP_PASSWORD: 'a~Secret.Value-1234567890',
  BASE_URL: 'https://approvals.acme.test',
}
const options = { name: 'Countersign', appVersion: '1.0.0' }
const made = (given: object = {}, more: NodeJS.ProcessEnv = {}) =>
  manifestFor(readConfig({ ...environment, ...more }, '/nowhere/.env'), { ...options, ...given })

describe('the manifest', () => {
  test('is what Microsoft takes, by its own schema', () => {
    expect(wrongWith(made())).toEqual([])
  })

  test('says which bot it is, where it speaks and which words only read', () => {
    expect(made()).toMatchObject({
      manifestVersion: '1.16',
      version: '1.0.0',
      name: { short: 'Countersign' },
      developer: { name: 'Countersign', websiteUrl: 'https://approvals.acme.test' },
      bots: [{ botId: TEAMS_APP_ID, scopes: ['team', 'personal'], isNotificationOnly: false }],
      permissions: ['identity', 'messageTeamMembers'],
      validDomains: [],
    })
    const [bot] = made().bots
    expect(bot?.commandLists[0]?.commands.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['list', 'show', 'why', 'who', 'history', 'help']),
    )
  })

  test('a new version is of the same app, which is not the id of the bot; another bot is another app', () => {
    const { id } = made()

    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(id).not.toBe(TEAMS_APP_ID)
    expect(made({ appVersion: '1.0.1', name: 'Gate' }).id).toBe(id)
    expect(made({}, { TEAMS_APP_ID: TEAMS_APP_ID.replace('1', '9') }).id).not.toBe(id)
  })

  test.each<[string, object, RegExp]>([
    ['a name that is too long', { name: 'x'.repeat(31), developer: 'Acme' }, /^--name .*30/m],
    ['no name', { name: '' }, /--name/],
    ['a developer that is too long', { developer: 'x'.repeat(33) }, /^--developer .*32/m],
    ['a version that is none', { appVersion: '1.0' }, /^--app-version must be three numbers/m],
    ['a page without https', { website: 'http://acme.test' }, /^--website must be an https address/m],
  ])('%s is refused with the option that says it', (_, given, says) => {
    expect(() => made(given)).toThrow(says)
    expect(() => made(given)).toThrow(StartFault)
  })

  test.each(['', 'http://127.0.0.1:3000'])('BASE_URL=%s is refused: pages must be https', (BASE_URL) => {
    expect(() => made({}, { BASE_URL })).toThrow(/--website must be an https address/)
  })

  test('without the keys of Teams there is no bot to make it for', () => {
    expect(() => manifestFor(readConfig({}, '/nowhere/.env'), options)).toThrow(/TEAMS_APP_ID is not set/)
  })

  test('control: the schema notices what Teams would refuse', () => {
    const manifest = made()

    expect(wrongWith({ ...manifest, suppports: true })).toEqual([expect.stringContaining('additional')])
    expect(wrongWith({ ...manifest, bots: [{ botId: 'x', scopes: ['everywhere'] }] })).toHaveLength(2)
    expect(wrongWith({})).not.toEqual([])
  })
})

describe('the package', () => {
  test('has the manifest and both icons, flat, and nothing else', async () => {
    const folder = unpacked(await zipOf(made()))

    expect(readdirSync(folder).sort()).toEqual(['color.png', 'manifest.json', 'outline.png'])
    expect(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))).toEqual(made())
  })

  test('has the same bytes for the same manifest, wherever it is made', async () => {
    const [one, two] = [await zipOf(made()), await zipOf(made())]
    const { TZ } = process.env
    process.env.TZ = 'Pacific/Auckland'
    const far = await zipOf(made()).finally(() => {
      if (TZ === undefined) delete process.env.TZ
      else process.env.TZ = TZ
    })

    expect(two.equals(one)).toBe(true)
    expect(far.equals(one)).toBe(true)
    expect((await zipOf(made({ appVersion: '1.0.1' }))).equals(one)).toBe(false)
  })
})

describe('the icons', () => {
  test('color.png is 192 wide and high, and nowhere transparent', () => {
    const { width, height, opacities } = pixelsOf('deploy/teams/color.png')

    expect([width, height]).toEqual([192, 192])
    expect(new Set(opacities)).toEqual(new Set([255]))
  })

  test('outline.png is 32 wide and high, white on nothing', () => {
    const { width, height, opacities, colours } = pixelsOf('deploy/teams/outline.png')

    expect([width, height]).toEqual([32, 32])
    expect(opacities).toContain(0)
    expect(opacities).toContain(255)
    expect(new Set(colours)).toEqual(new Set([255]))
  })
})

/** By a program that is not ours. */
function unpacked(zip: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'teams-package-'))
  const file = join(mkdtempSync(join(tmpdir(), 'teams-zip-')), 'package.zip')
  writeFileSync(file, zip)
  execFileSync('python3', ['-m', 'zipfile', '-e', file, folder])
  return folder
}

/** Of a PNG as `build/teamsIcons.mjs` writes it: eight bits of four channels, no filter. */
function pixelsOf(path: string) {
  const png = readFileSync(path)
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
  const rows = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)))
  const pixels = Array.from({ length: height }, (_, row) => [
    ...rows.subarray(row * (width * 4 + 1) + 1, (row + 1) * (width * 4 + 1)),
  ]).flat()
  return {
    ...{ width, height },
    opacities: pixels.filter((_, at) => at % 4 === 3),
    colours: pixels.filter((_, at) => at % 4 !== 3),
  }
}
