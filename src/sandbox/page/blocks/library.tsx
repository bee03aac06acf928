import type { ReactNode } from 'react'
import { type Block as LibraryBlock, Message } from 'slack-blocks-to-jsx'
import type { Block } from '../../wire.ts'
import { Link, Mention, SlackDate } from './inline.tsx'

/** The blocks that slack-blocks-to-jsx draws for us. The others are ours: see blocks.tsx for why. */
export const libraryBlocks: ReadonlySet<string> = new Set([
  'rich_text',
  'divider',
  'image',
  'video',
  'file',
  'markdown',
  'table',
  'data_table',
  'data_visualization',
  'container',
  'card',
  'carousel',
  'alert',
  'context_actions',
  'task_card',
  'plan',
])

const hooks = {
  user: ({ id }: { id: string }) => <Mention is="user" id={id} label="" />,
  usergroup: ({ id }: { id: string }) => <Mention is="usergroup" id={id} label="" />,
  channel: ({ id }: { id: string }) => <Mention is="channel" id={id} label="" />,
  atChannel: () => <Mention is="broadcast" id="channel" label="" />,
  atEveryone: () => <Mention is="broadcast" id="everyone" label="" />,
  atHere: () => <Mention is="broadcast" id="here" label="" />,
  date: (date: { timestamp: string; format: string; fallback: string }) => (
    <SlackDate seconds={Number.parseInt(date.timestamp, 10)} format={date.format} fallback={date.fallback} />
  ),
  link: ({ href, children }: { href: string; children: ReactNode }) => <Link url={href} label={children} />,
}

/** One static block. It shows rich_text literally, which is what we rely on for everything an agent wrote. */
export function LibraryDrawn({ block }: { block: Block }) {
  return (
    <div className="library">
      <Message
        blocks={[block as unknown as LibraryBlock]} // as sent: what the library cannot take, the boundary catches
        logo=""
        name=""
        withoutWrapper
        hooks={hooks}
      />
    </div>
  )
}
