// A plain memory copy: node memcpy.js '{"bytes":100000000}'
import { performance } from 'node:perf_hooks'
import { serve } from './serve.js'

const { bytes } = JSON.parse(process.argv[2])
const from = Buffer.alloc(bytes, 1)
const to = Buffer.alloc(bytes)

await serve(
  {},
  {
    run: ({ times }) =>
      Array.from({ length: times }, () => {
        const start = performance.now()
        from.copy(to)
        return performance.now() - start
      }),
  },
)
