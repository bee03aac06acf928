import { expect, test } from 'vitest'
import { matchesTag } from '../../src/http/presentRequest.ts'

const tag = '"req_1-3"'

test.each(['"req_1-3"', 'W/"req_1-3"', '"other", "req_1-3"', '*'])('%s matches', (header) => {
  expect(matchesTag(header, tag)).toBe(true)
})

test.each([undefined, '', '"req_1-2"', 'req_1-3', '"req_1-33"'])('%s does not match', (header) => {
  expect(matchesTag(header, tag)).toBe(false)
})
