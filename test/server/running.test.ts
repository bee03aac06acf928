import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { forgetRunning, readRunning, refuseSecond, writeRunning } from '../../src/server/running.ts'

const says = { url: 'http://127.0.0.1:3000', sandbox: null }

function place() {
  const path = mkdtempSync(join(tmpdir(), 'countersign-running-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  const file = join(path, 'running.json')
  return {
    path,
    file,
    left: (running: object) => writeFileSync(file, JSON.stringify({ ...says, ...running })),
  }
}

/** The number of a process that is gone. */
const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid

test('a server that runs is found until it is gone, and its file is its own business', () => {
  const { path, file } = place()

  writeRunning(path, says)
  expect(readRunning(path)).toMatchObject({ pid: process.pid, ...says })
  expect(statSync(file).mode & 0o077).toBe(0)
  expect(readdirSync(path)).toEqual(['running.json'])

  forgetRunning(path)
  expect(readRunning(path)).toBeNull()
  expect(readdirSync(path)).toEqual([])
})

describe('what a server that is gone left behind is no server, and is replaced', () => {
  test.each<[string, (at: ReturnType<typeof place>) => void]>([
    ['the number of a process that is gone', (at) => at.left({ pid: deadPid() })],
    ['the number of another program by now', (at) => at.left({ pid: process.ppid, born: 'another boot 1' })],
    ['our own number, of an earlier boot', (at) => at.left({ pid: process.pid, born: 'another boot 1' })],
    ['half a file', (at) => writeFileSync(at.file, '{"pid": 1, "url"')],
    ['an empty file', (at) => writeFileSync(at.file, '')],
    ['another program’s file', (at) => writeFileSync(at.file, '{"pid": "first"}')],
  ])('%s', (_, leave) => {
    const at = place()
    leave(at)

    expect(readRunning(at.path)).toBeNull()
    expect(() => refuseSecond(at.path)).not.toThrow()
    writeRunning(at.path, says)

    expect(readRunning(at.path)).toMatchObject({ pid: process.pid })
  })
})

describe('a second server on one data directory', () => {
  test('is refused, naming the first, and leaves its file alone', () => {
    const at = place()
    at.left({ pid: process.ppid })

    for (const second of [() => refuseSecond(at.path), () => writeRunning(at.path, says)])
      expect(second).toThrow(
        expect.objectContaining({
          message: expect.stringContaining(`process ${process.ppid}, http://127.0.0.1:3000`),
          fix: expect.stringContaining('DATA_DIR'),
        }),
      )

    forgetRunning(at.path)
    expect(JSON.parse(readFileSync(at.file, 'utf8'))).toMatchObject({ pid: process.ppid })
    expect(readdirSync(at.path)).toEqual(['running.json'])
  })
})

test('a directory in its place is named, and taking the file back fails aloud', () => {
  const at = place()
  mkdirSync(join(at.file, 'inner'), { recursive: true })

  expect(() => writeRunning(at.path, says)).toThrow(
    expect.objectContaining({
      message: expect.stringContaining(at.file),
      fix: expect.stringContaining('Remove'),
    }),
  )
  expect(() => forgetRunning(at.path)).toThrow()
  expect(readdirSync(at.path)).toEqual(['running.json'])
})
