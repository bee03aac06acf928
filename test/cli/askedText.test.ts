import { describe, expect, test } from 'vitest'
import { confirmationContent } from '../../src/card/confirmation.ts'
import { askedText } from '../../src/cli/askedText.ts'
import { claims } from '../card/claims.ts'
import { written } from '../card/written.ts'

describe('claimed-administrator: a message names what its command printed', () => {
  test.each(Object.entries(claims))('%s', (_, side) => {
    const message = written(confirmationContent(side.mine, side.confirmation))
    const { id, what } = side.confirmation

    expect(askedText(side.confirmation)).toContain(`(${id})`)
    expect(message).toContain(id)
    if ('key' in what) expect(message).toContain(what.key)
    if (what.kind === 'policy') expect(message).toContain('starter@4181cb8f70ed')
  })
})
