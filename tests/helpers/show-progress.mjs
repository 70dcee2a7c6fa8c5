// Shows the progress of four parts and writes a line after each: node show-progress.mjs
import { setImmediate } from 'node:timers/promises'
import { showProgress } from '../../dist/commands/terminal/progress.js'

// Load the spinner, which is loaded on demand, so that no line precedes it.
await import('ora')
await showProgress(async (onProgress) => {
  for (const done of [1, 2, 3, 4]) {
    onProgress({ step: 'Classifying images', done, total: 4, unit: 'images' })
    await setImmediate()
    process.stderr.write(`image ${done}\n`)
  }
})
