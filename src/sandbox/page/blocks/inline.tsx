import type { ReactNode } from 'react'
import { clockTime, dayName, slackDate } from '../clock.ts'
import { usePeople } from '../people.tsx'
import { emojiText, withEmoji } from './emoji.ts'
import { type Inline, type Part, parseMrkdwn, type Style } from './mrkdwn.ts'
import { isShape, plain, string } from './shape.ts'

/** A text object, plain or mrkdwn, as Slack shows it. */
export function Text({ text }: { text: unknown }) {
  if (!isShape(text)) return null
  if (text.type === 'mrkdwn') return <Mrkdwn text={string(text.text)} verbatim={text.verbatim === true} />
  return <span className="lines">{plainShown(text)}</span>
}

/** A plain_text object's characters: never markup, emoji names only when they were asked for. */
export function plainShown(text: unknown): string {
  const characters = plain(text)
  return isShape(text) && text.emoji === false ? characters : withEmoji(characters)
}

export function Mrkdwn({ text, verbatim = false }: { text: string; verbatim?: boolean }) {
  return <>{parseMrkdwn(text, verbatim).map((part, index) => drawPart(part, index))}</>
}

function drawPart(part: Part, key: number): ReactNode {
  if (part.is === 'fence') return <pre key={key}>{part.text}</pre>
  const inlines = part.inlines.map((inline, index) => drawInline(inline, index))
  if (part.is === 'quote') return <blockquote key={key}>{inlines}</blockquote>
  return (
    <span key={key} className="lines">
      {inlines}
    </span>
  )
}

function drawInline(inline: Inline, key: number): ReactNode {
  switch (inline.is) {
    case 'text':
      return <Styled key={key} text={inline.text} style={inline.style} />
    case 'link':
      return <Link key={key} url={inline.url} label={inline.label} />
    case 'emoji':
      return <span key={key}>{emojiText(inline.name)}</span>
    case 'date':
      return <SlackDate key={key} seconds={inline.seconds} format={inline.format} fallback={inline.label} />
    default:
      return <Mention key={key} is={inline.is} id={inline.id} label={inline.label} />
  }
}

function Styled({ text, style }: { text: string; style: Style }) {
  let drawn: ReactNode = text
  if (style.code) drawn = <code>{drawn}</code>
  if (style.strike) drawn = <s>{drawn}</s>
  if (style.italic) drawn = <em>{drawn}</em>
  if (style.bold) drawn = <strong>{drawn}</strong>
  return <>{drawn}</>
}

/** Only http, https and mailto become links, as in Slack; anything else stays what it is: text. */
export function Link({ url, label }: { url: string; label: ReactNode }) {
  if (!/^(https?:|mailto:)/i.test(url)) return <>{label}</>
  return (
    <a href={url} target="_blank" rel="noreferrer noopener">
      {label}
    </a>
  )
}

export function Mention({ is, id, label }: { is: string; id: string; label: string }) {
  const people = usePeople()
  const forMe =
    is === 'broadcast' ||
    id === people.viewer ||
    (people.usergroups.get(id)?.users.includes(people.viewer) ?? false)
  return <span className={forMe ? 'mention mention-me' : 'mention'}>{nameOf(is, id, label, people)}</span>
}

function nameOf(is: string, id: string, label: string, people: ReturnType<typeof usePeople>): string {
  if (is === 'user') return `@${people.members.get(id)?.realName ?? (label || id)}`
  if (is === 'usergroup') return `@${people.usergroups.get(id)?.handle ?? (label.replace(/^@/, '') || id)}`
  if (is === 'channel') return `#${people.conversations.get(id) ?? (label || id)}`
  return `@${id}`
}

/** `timestamp` of a rich_text date, or the seconds of a `<!date^…>`. The exact moment is in the tooltip. */
export function SlackDate({
  seconds,
  format,
  fallback,
}: {
  seconds: number
  format: string
  fallback: string
}) {
  const ms = seconds * 1000
  const now = Date.now()
  if (!Number.isFinite(ms)) return <>{fallback}</>
  return <time title={`${dayName(ms, now)} ${clockTime(ms)}`}>{slackDate(ms, format, fallback, now)}</time>
}
