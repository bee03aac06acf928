import { expect, test } from 'vitest'
import { targetFindings } from '../../src/cli/targetFindings.ts'
import { doublePreviewer } from '../issuers/doublePreviewer.ts'
import { doubleTarget } from '../issuers/doubleTarget.ts'
import { previewWarehouse } from '../issuers/postgresql/previewWarehouse.ts'

test('names each target, and beside it the login of its previews, with what that can do besides', async () => {
  const { previewer, role, asOwner } = await previewWarehouse()
  await asOwner((owner) => owner.query(`GRANT DELETE ON effects TO ${role}`))
  const well = { ok: true, detail: 'well', fix: null }
  const targets = [doubleTarget({ check: async () => [well] })]
  const previewers = [doublePreviewer({ target: 'lake', check: async () => [well] }), previewer]

  expect(await targetFindings({ targets, previewers })).toEqual([
    { name: 'credentials warehouse', ...well },
    { name: 'preview lake', ...well },
    {
      name: 'preview warehouse',
      ok: false,
      detail: expect.stringContaining('effects'),
      fix: expect.stringContaining('REVOKE ALL ON effects'),
    },
  ])
})
