import { describe, expect, test } from 'vitest'
import { areAlike, patternSpellings, spellings } from '../../src/core/spelling.ts'
import { glob } from '../../src/policy/glob.ts'

const alike = (one: string, other: string): boolean => areAlike(spellings(one), spellings(other))

describe('names that differ only by case or look', () => {
  test.each([
    ['case', 'WAREHOUSE.users', 'warehouse.users'],
    ['case of letters that are two in small', 'STRASSE', 'straße'],
    ['case of another script', 'Вася', 'вася'],
    ['the last sigma of a word', 'ΟΔΟΣ', 'οδος'],
    ['full width', 'ｗａｒｅｈｏｕｓｅ', 'warehouse'],
    ['mathematical letters', '𝐰𝐚𝐫𝐞𝐡𝐨𝐮𝐬𝐞', 'warehouse'],
    ['a ligature', 'ﬁnance', 'finance'],
    ['a Cyrillic letter', 'w\u0430rehouse', 'warehouse'],
    ['a Cyrillic capital', '\u0412illing', 'billing'],
    ['a Greek letter', 'pr\u03bfd', 'prod'],
    ['a letter of Lisu', '\ua4f0vents', 'events'],
    ['a zero', 'pr0d', 'prod'],
    ['a one', 'bil1ing', 'billing'],
    ['a capital I as an l', 'bilIing', 'billing'],
    ['a capital I as an i', 'bIlling', 'billing'],
    ['an ideographic full stop', 'warehouse\u3002users', 'warehouse.users'],
    ['its half width', 'warehouse\uff61users', 'warehouse.users'],
    ['a full width dot', 'warehouse\uff0eusers', 'warehouse.users'],
    ['a middle dot', 'warehouse\u00b7users', 'warehouse.users'],
    ['a Greek one', 'warehouse\u0387users', 'warehouse.users'],
    ['a letter that is a dot', 'warehouse\ua78fusers', 'warehouse.users'],
    ['a bullet', 'warehouse\u2022users', 'warehouse.users'],
    ['a point of hyphenation', 'warehouse\u2027users', 'warehouse.users'],
    ['a dot operator', 'warehouse\u22c5users', 'warehouse.users'],
    ['a dot of Katakana', 'warehouse\u30fbusers', 'warehouse.users'],
    ['another hyphen', 'acme\u2010lake', 'acme-lake'],
    ['a zero-width space', 'ware\u200bhouse', 'warehouse'],
    ['a soft hyphen', 'ware\u00adhouse', 'warehouse'],
    ['a space that does not break', 'my\u00a0table', 'my table'],
    ['a variation selector', 'users\ufe0f', 'users'],
    ['a character of direction', '\u202eusers', 'users'],
    ['a space that nothing seen follows', 'users \u200b', 'users'],
    ['a space that nothing seen precedes', '\u200b users', 'users'],
    ['spaces with nothing seen between', 'my \u200b table', 'my table'],
    ['case and look together', 'W\u0410REH0USE', 'warehouse'],
  ])('%s: %j is like %j', (_what, one, other) => {
    expect(alike(one, other)).toBe(true)
    expect(alike(other, one)).toBe(true)
  })

  test.each([
    ['another word', 'warehouse.users', 'warehouse.events'],
    ['one letter', 'mail', 'mall'],
    ['the same in capitals', 'MAIL', 'MALL'],
    ['in capitals and small', 'MAIL.orders', 'mall.orders'],
    ['a number', 'shard-2', 'shard-3'],
    ['two letters that look like one', 'rnail', 'mail'],
    ['another divider', 'warehouse,users', 'warehouse.users'],
    ['no divider', 'warehouseusers', 'warehouse.users'],
    ['an accent', 'müller', 'muller'],
    ['a dash that is not there', 'ware-house', 'warehouse'],
    ['nothing', '', 'a'],
    ['names of objects', 'constructor', '__proto__'],
  ])('control: %s: %j is not like %j', (_what, one, other) => {
    expect(alike(one, other)).toBe(false)
  })
})

test('a name is like itself, whatever it is made of', () => {
  for (const name of ['a', 'A', 'I0l1', '\u200b', '😀', '\ud800', 'ﷺ']) expect(alike(name, name)).toBe(true)
})

test.each([
  ['WAREHOUSE.*', 'warehouse.users', true],
  ['warehouse.*', 'WAREH\u041eUSE.USERS', true],
  ['*.users', 'x.USERS', true],
  ['*', 'anything', true],
  ['warehouse.*', 'staging_warehouse.users', false],
  ['a *', 'ab', false],
])('of the pattern %j: %j fits a spelling: %s', (pattern, name, expected) => {
  const patterns = [...patternSpellings(pattern)].map(glob)

  expect([...spellings(name)].some((spelling) => patterns.some(({ fits }) => fits(spelling)))).toBe(expected)
})
