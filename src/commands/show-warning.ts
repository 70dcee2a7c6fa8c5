import type { PredictorWarning } from '../inference/index.js'

/** Puts a warning on stderr: it must not stand among the answers. */
export function showWarning({ code, message }: PredictorWarning): void {
  process.stderr.write(`Warning: ${message}\n[${code}]\n`)
}
