// Shows a step of four parts, and writes a line after each: node show-progress.mjs
import { setImmediate } from 'node:timers/promises'
import { showProgress } from '../../dist/commands/terminal/progress.js'

// The spinner is loaded when it is first needed, and no line should be ahead of it here.
await import('ora')
await showProgress(async (onProgress) => {
  for (const done of [1, 2, 3, 4]) {
    onProgress({ step: 'Classifying images', done, total: 4, unit: 'images' })
    await setImmediate()
    process.stderr.write(`image ${done}\n`)
  }
})
