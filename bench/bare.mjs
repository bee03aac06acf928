// What the same machine can do at best: a bare Fastify route that makes one durable insert into the same database.
import Fastify from 'fastify'
import pg from 'pg'
import { pino } from 'pino'
import { startEmbedded } from '../dist/store/embedded.js'

export async function startBare(dataDir) {
  const database = await startEmbedded({ dataDir, log: pino({ level: 'silent' }), beside: true })
  const pool = new pg.Pool({ connectionString: database.migrateUrl, max: 10 })
  await pool.query('CREATE TABLE IF NOT EXISTS bench_bare (id bigserial PRIMARY KEY, body jsonb NOT NULL)')
  const app = Fastify()
  app.post('/', async (request, reply) => {
    const { rows } = await pool.query('INSERT INTO bench_bare (body) VALUES ($1) RETURNING id', [
      JSON.stringify(request.body),
    ])
    return reply.code(201).send({ id: rows[0].id })
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    async insert(n) {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ n }),
      })
      await answer.arrayBuffer()
    },
    async stop() {
      await app.close()
      await pool.query('DROP TABLE bench_bare')
      await pool.end()
    },
  }
}
