import { expect, test } from 'vitest'
import type { Previewer } from '../../src/approvals/previews/previewer.ts'
import type { Action } from '../../src/core/action.ts'

/** One previewer, and what a test knows of its target. */
export interface PreviewerUnderTest {
  readonly previewer: Previewer
  /** An action that it previews. */
  readonly action: Action
  /** Actions that it does not preview. */
  readonly foreign: readonly Action[]
  /** Of what is not there. */
  readonly unknown: readonly Action[]
  /** The same, when nothing answers there. */
  readonly deaf: Previewer
}

/** What every previewer promises (`src/approvals/previews/previewer.ts`). */
export function keepsPreviewerContract(open: () => Promise<PreviewerUnderTest>): void {
  test('says of what it is configured for what it would touch, and of nothing else', async () => {
    const { previewer, action, foreign } = await open()

    expect(previewer.previews(action)).toBe(true)
    const { tables, rows } = await previewer.preview(action)
    expect(tables.length).toBeGreaterThan(0)
    expect(Number.isSafeInteger(rows) && rows >= 0).toBe(true)
    for (const one of foreign) {
      expect(previewer.previews(one)).toBe(false)
      await expect(previewer.preview(one)).rejects.toMatchObject({ code: 'target_refused' })
    }
  })

  test('refuses what is not there', async () => {
    const { previewer, unknown } = await open()

    for (const one of unknown)
      await expect(previewer.preview(one)).rejects.toMatchObject({ code: 'target_refused' })
  })

  test('says that it does not know when nothing answers, and that this may pass', async () => {
    const { deaf, action } = await open()

    await expect(deaf.preview(action)).rejects.toMatchObject({ name: 'TargetFault' })
    expect(await deaf.check()).toEqual([expect.objectContaining({ ok: false, passes: true })])
  })
}
