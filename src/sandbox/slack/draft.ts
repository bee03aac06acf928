/** What a caller wants a message to say, read and judged as Slack does. */
import type { Block } from '../wire.ts'
import { type Args, optionalText, structured } from './args.ts'
import { checkMessageBlocks } from './blocks/check.ts'
import { codePoints, isFields } from './blocks/shape.ts'
import { SlackError } from './slackError.ts'

/** Slack cuts a message's text here. */
const textCut = 40_000
const attachmentsLimit = 100

/** The content of a message; what was not given stays undefined, because an update treats that differently from empty. */
export interface Content {
  readonly text: string | undefined
  readonly blocks: readonly Block[] | undefined
  readonly attachments: readonly unknown[] | undefined
  readonly metadata: unknown
}

/** Reads a message. Throws `invalid_blocks`, `invalid_blocks_format`, `no_text`, `too_many_attachments`, `invalid_metadata_format`. */
export function readContent(args: Args, options: { recentBlocks: boolean }): Content {
  const blocks = readBlocks(structured(args, 'blocks', 'invalid_blocks_format'), options)
  const attachments = readAttachments(structured(args, 'attachments', 'invalid_attachments'))
  const metadata = readMetadata(structured(args, 'metadata', 'invalid_metadata_format'))
  const text = optionalText(args, 'text')
  if (text === undefined && !blocks?.length && !attachments?.length) throw new SlackError('no_text')
  return { text: text === undefined ? undefined : cut(text), blocks, attachments, metadata }
}

function readBlocks(given: unknown, options: { recentBlocks: boolean }): Block[] | undefined {
  if (given === undefined) return undefined
  if (!Array.isArray(given)) throw new SlackError('invalid_blocks_format')
  const problems = checkMessageBlocks(given, options)
  if (problems.length > 0) {
    const errors = problems.map((problem) => problem.replace('[ERROR] ', ''))
    throw new SlackError('invalid_blocks', { errors, response_metadata: { messages: problems } })
  }
  return given
    .filter(isFields)
    .flatMap((block) => (typeof block.type === 'string' ? [{ ...block, type: block.type }] : []))
}

function readAttachments(given: unknown): readonly unknown[] | undefined {
  if (given === undefined) return undefined
  if (!Array.isArray(given)) throw new SlackError('invalid_attachments')
  if (given.length > attachmentsLimit) throw new SlackError('too_many_attachments')
  return given
}

function readMetadata(given: unknown): unknown {
  if (given === undefined || (isFields(given) && Object.keys(given).length === 0)) return given
  const fits = isFields(given) && typeof given.event_type === 'string' && isFields(given.event_payload)
  if (!fits) throw new SlackError('invalid_metadata_format')
  return given
}

function cut(text: string): string {
  return codePoints(text) <= textCut ? text : [...text].slice(0, textCut).join('')
}
