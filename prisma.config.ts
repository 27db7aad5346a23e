import { defineConfig } from 'prisma/config'

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  // Only `prisma migrate` and `prisma studio` connect; `prisma generate` does not need it.
  ...(process.env.DATABASE_DSN ? { datasource: { url: process.env.DATABASE_DSN } } : {}),
})
