// Samples, percentiles and tables.

/** Milliseconds that `work` takes. */
export async function timed(work) {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** Runs `work(n)` one after another; `work` resolves to milliseconds. Some runs before that are not counted. */
export async function oneAfterAnother(count, work) {
  const samples = []
  for (let n = -25; n < count; n += 1) {
    const took = await work(n + 25)
    if (n >= 0) samples.push(took)
  }
  return percentiles(samples)
}

/** Runs `work(n)` with `width` at once, until `count` are done. */
export async function atOnce(count, width, work) {
  const samples = []
  let next = 0
  const worker = async () => {
    while (next < count) samples.push(await work(next++))
  }
  await Promise.all(Array.from({ length: width }, worker))
  return percentiles(samples)
}

export function percentiles(samples) {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (share) =>
    sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), worst: at(1) }
}

/** Sections of rows; the first row of each is its head. */
export function table(sections) {
  const text = Object.entries(sections).map(([title, rows]) => {
    const widths = rows[0].map((_, column) =>
      Math.max(...rows.map((row) => String(row[column] ?? '').length)),
    )
    const line = (row) =>
      `  ${row.map((cell, column) => (column ? String(cell).padStart(widths[column]) : String(cell).padEnd(widths[column]))).join('   ')}`
    return `\n${title}\n${rows.map(line).join('\n')}\n`
  })
  return `${text.join('')}\n`
}
