import { defineConfig } from 'prisma/config'

/** For `prisma generate` and `prisma studio`. The server applies the migrations itself (src/store/migrate.ts). */
export default defineConfig({ schema: 'prisma/schema.prisma', migrations: { path: 'prisma/migrations' } })
