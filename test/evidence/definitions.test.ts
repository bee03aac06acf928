import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { definitionsText } from '../../src/evidence/definitions.ts'

test('verify.py asks of every pack what this version defines: it has the hash of the definitions', () => {
  const script = readFileSync(new URL('../../deploy/audit/verify.py', import.meta.url), 'utf8')

  expect(/^DEFINITIONS = "(\w+)"$/m.exec(script)?.[1]).toBe(
    createHash('sha256').update(definitionsText()).digest('hex'),
  )
})
