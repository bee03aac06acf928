/** One sample of a page in Prometheus' text format. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const line = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/

/** Every sample of a page. @throws when a line is neither one nor a comment */
export function samplesOf(page: string): readonly Sample[] {
  return page
    .split('\n')
    .filter((text) => text !== '' && !text.startsWith('#'))
    .map((text) => {
      const [, name = '', labels = '', value = ''] = line.exec(text) ?? []
      if (name === '') throw new Error(`not a sample: ${text}`)
      return { name, labels: labelsOf(labels), value: value === 'Nan' ? Number.NaN : Number(value) }
    })
}

function labelsOf(text: string): Readonly<Record<string, string>> {
  const found = [...text.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)",?/g)]
  if (found.map(([whole]) => whole).join('') !== text) throw new Error(`not labels: ${text}`)
  return Object.fromEntries(found.map(([, name = '', value = '']) => [name, value]))
}

/** What a page says under a name and these labels; null when it says nothing. */
export function valueIn(
  page: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | null {
  const found = samplesOf(page).filter(
    (one) =>
      one.name === name && Object.entries(labels).every(([label, value]) => one.labels[label] === value),
  )
  if (found.length > 1) throw new Error(`${name} stands there ${found.length} times`)
  return found[0]?.value ?? null
}
