import type { Member } from '../wire.ts'

type Face = Pick<Member, 'name' | 'realName' | 'color' | 'bot'>

/** Initials on the member's colour; the app has its seal instead. Decorative: the name always stands beside it. */
export function Avatar({ member, size = 36 }: { member: Face | undefined; size?: number }) {
  const shape = { width: size, height: size, fontSize: size * 0.4 }
  if (member?.bot) {
    return (
      <span className="avatar avatar-app" style={shape} aria-hidden="true">
        <Seal size={size * 0.62} />
      </span>
    )
  }
  return (
    <span className="avatar" style={{ ...shape, ...colorsOf(member?.color) }} aria-hidden="true">
      {initials(member?.realName || member?.name || '?')}
    </span>
  )
}

/** Countersign's mark: two signatures, one under the other. */
export function Seal({ size = 20 }: { size?: number }) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} fill="none" aria-hidden="true">
      <path
        d="M4 10.5l4.2 4.2L18.5 4.4"
        stroke="currentColor"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path d="M4 20h16" stroke="currentColor" strokeWidth="2.6" strokeLinecap="round" />
    </svg>
  )
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  return letters
    .map((word) => [...(word ?? '?')][0])
    .join('')
    .toUpperCase()
}

/** Slack gives colours without '#'. Letters on a light one are dark, at the lightness where both contrast alike. */
function colorsOf(color: string | undefined): { readonly background: string; readonly color: string } {
  const hex = /^#?([0-9a-f]{6})$/i.exec(color ?? '')?.[1] ?? '5b6b73'
  return { background: `#${hex}`, color: luminanceOf(hex) > 0.18 ? '#10201d' : '#ffffff' }
}

/** Relative luminance, from 0 (black) to 1 (white), as WCAG 2.2 defines it. */
function luminanceOf(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
