import { Client } from 'pg'
import { type Percentiles, percentiles } from '../samples.ts'

/** Milliseconds from a NOTIFY of one session to the other that listens: what nothing in this database can be told faster than. */
export async function notified(databaseUrl: string, times = 200): Promise<Percentiles> {
  const [speaker, listener] = [new Client(databaseUrl), new Client(databaseUrl)]
  try {
    await Promise.all([speaker.connect(), listener.connect()])
    await listener.query('LISTEN bench')
    const took: number[] = []
    for (let nth = 0; nth < times; nth += 1) {
      const heard = new Promise<void>((resolve) => listener.once('notification', () => resolve()))
      const said = performance.now()
      await Promise.all([speaker.query('NOTIFY bench'), heard])
      took.push(performance.now() - said)
    }
    return percentiles(took)
  } finally {
    await Promise.all([speaker.end(), listener.end()])
  }
}
