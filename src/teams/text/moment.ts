/** A moment in the reader's own time zone and language. Teams draws it; in any other run these would be words. */
export function moment(instant: string, form: 'time' | 'day'): string {
  const at = seconds(instant).replace('.000Z', 'Z')
  return form === 'time' ? `{{TIME(${at})}}` : `{{DATE(${at}, SHORT)}} at {{TIME(${at})}}`
}

/** The same where nothing is drawn. */
export function momentInWords(instant: string, form: 'time' | 'day'): string {
  const at = seconds(instant)
  return form === 'time' ? `${at.slice(11, 16)} UTC` : `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`
}

/** Teams takes no fractions of a second. */
function seconds(instant: string): string {
  return new Date(Math.floor(Date.parse(instant) / 1_000) * 1_000).toISOString()
}
