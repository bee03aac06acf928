import { escapeHidden } from '../../core/visible.ts'
import { axisX, axisY, barX, barY, gridX, gridY, parseHTML, plot, rectY, ruleY } from './chartLibrary.ts'
import { type ActionFigures, type Ending, endings, type RequestFigures, type TimeFigures } from './figures.ts'
import { type Html, html, trusted } from './html.ts'
import { numberText } from './words.ts'

/** How each ending is called in legends and tables; its colour is `--c-` and the ending (style.ts). */
export const endingNames: Readonly<Record<Ending, string>> = {
  allowed: 'Allowed by policy',
  approved: 'Approved by people',
  emergency: 'Let through in an emergency',
  denied: 'Denied by people',
  refused: 'Denied by policy',
  expired: 'Expired',
  cancelled: 'Cancelled, revised or narrowed',
}

interface Said {
  /** Of the chart, on the page. */
  readonly id: string
  readonly title: string
  /** What it shows, for whoever does not see it. */
  readonly describes: string
}

/** Drawn twice, for a page and for a phone: letters do not shrink with the drawing. Style sheets show one. */
const widths = [
  ['wide', 1040],
  ['narrow', 340],
] as const

type Size = (typeof widths)[number][0]

/** How requests ended, over time. */
export function overTimeChart({ overTime }: RequestFigures, said: Said): Html {
  const { unit, bars } = overTime
  const rows = bars.flatMap(({ begins, ended }) =>
    endings.flatMap((ending) =>
      ended[ending] === 0 ? [] : [{ at: new Date(begins), ending, count: ended[ending] }],
    ),
  )
  const [first, last] = [bars[0], bars.at(-1)]
  if (!first || !last) return html``
  const until = Date.parse(last.begins) + lengths[unit]
  // A single bar would be as wide as the page.
  const since = Math.min(Date.parse(first.begins), until - fewestBars * lengths[unit])
  return drawn(said, (size) => ({
    height: size === 'wide' ? 300 : 220,
    marginLeft: 44,
    x: { type: 'utc', domain: [new Date(since), new Date(until)], label: null },
    y: { label: null, nice: true },
    color: colours,
    marks: [
      gridY({ ticks: 5 }),
      axisY({ ticks: 5, tickFormat: wholeOnly, tickSize: 0, label: null }),
      axisX({ ticks: size === 'wide' ? 12 : 4, tickSize: 3, label: null }),
      rectY(rows, {
        ...{ x: 'at', interval: unit === 'week' ? 'monday' : unit, y: 'count', fill: 'ending' },
        ...{ order: [...endings], inset: 0.5, title: titleOf },
      }),
      ruleY([0]),
    ],
  }))
}

/** The actions that were asked most. */
export function actionChart(actions: readonly ActionFigures[], said: Said): Html {
  const rows = actions.flatMap(({ name, ended }, nth) =>
    endings.flatMap((ending) =>
      ended[ending].count === 0 ? [] : [{ nth, name, ending, count: ended[ending].count }],
    ),
  )
  return drawn(said, (size) => {
    const longest = size === 'wide' ? 30 : 16
    return {
      height: 40 + actions.length * 28,
      marginLeft: size === 'wide' ? 230 : 118,
      x: { label: null, nice: true },
      y: { label: null, domain: actions.map((_, nth) => nth), padding: 0.25 },
      color: colours,
      marks: [
        gridX({ ticks: size === 'wide' ? 6 : 3 }),
        axisX({ ticks: size === 'wide' ? 6 : 3, tickFormat: wholeOnly, tickSize: 0, label: null }),
        axisY({
          tickFormat: (nth: number) => cut(actions[nth]?.name ?? '', longest),
          tickSize: 0,
          label: null,
        }),
        barX(rows, { x: 'count', y: 'nth', fill: 'ending', order: [...endings], title: titleOf }),
      ],
    }
  })
}

/** How long people took, as bars. */
export function timeChart({ spans }: TimeFigures, said: Said): Html {
  const rows = spans.map(({ name, entries: { count } }) => ({ name, count }))
  return drawn(said, (size) => ({
    height: 240,
    marginLeft: 44,
    ...(size === 'narrow' && { marginBottom: 86 }),
    x: { domain: rows.map(({ name }) => name), label: null, padding: 0.2 },
    y: { label: null, nice: true },
    marks: [
      gridY({ ticks: 4 }),
      axisY({ ticks: 4, tickFormat: wholeOnly, tickSize: 0, label: null }),
      axisX({ tickSize: 0, label: null, ...(size === 'narrow' && { tickRotate: -45 }) }),
      barY(rows, {
        ...{ x: 'name', y: 'count', fill: 'var(--c-approved)' },
        title: ({ name, count }: (typeof rows)[number]) => `${name}: ${numberText(count)}`,
      }),
      ruleY([0]),
    ],
  }))
}

/** There is room for so many bars, even when there are fewer. */
const fewestBars = 12

const lengths = {
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 31 * 86_400_000,
  year: 366 * 86_400_000,
} as const

const colours = { domain: endings, range: endings.map((ending) => `var(--c-${ending})`) }

function titleOf({
  name,
  ending,
  count,
}: {
  readonly name?: string
  readonly ending: Ending
  readonly count: number
}): string {
  const which = name === undefined ? '' : `${escapeHidden(name)}: `
  return `${which}${endingNames[ending]}, ${numberText(count)}`
}

/** Counts have no halves. */
function wholeOnly(count: number): string {
  return Number.isInteger(count) ? numberText(count) : ''
}

function cut(name: string, longest: number): string {
  const letters = [...escapeHidden(name)]
  return letters.length <= longest ? letters.join('') : `${letters.slice(0, longest - 1).join('')}…`
}

function drawn({ id, title, describes }: Said, options: (size: Size) => PlotOptions): Html {
  const charts = widths.map(([size, width]) => {
    const { document } = parseHTML('<!doctype html><html><body></body></html>')
    const svg = plot({ width, marginRight: 12, document, className: 'plot', ...options(size) })
    // The page's own style sheet says the same: no other may stand in it.
    for (const style of [...svg.querySelectorAll('style')]) style.remove()
    // A picture has one name and one description; those of its parts are none that may stand there.
    for (const part of svg.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label')
    const named = [
      ['title', title],
      ['desc', describes],
    ].map(([tag = '', text = '']) => {
      const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
      element.setAttribute('id', `${id}-${size}-${tag}`)
      element.textContent = text
      return element
    })
    svg.prepend(...named)
    svg.setAttribute('class', `plot ${size}`)
    svg.setAttribute('font-size', size === 'wide' ? '13' : '11')
    svg.setAttribute('role', 'img')
    svg.setAttribute('aria-labelledby', named.map((one) => one.getAttribute('id')).join(' '))
    return trusted(svg.outerHTML)
  })
  return html`<div class="chart">${charts}</div>`
}

type PlotOptions = NonNullable<Parameters<typeof plot>[0]>
