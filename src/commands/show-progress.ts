import ora from 'ora'
import type { ProgressListener } from '../progress.js'

/**
 * Shows the progress of long steps on stderr while `task` runs: a spinner on a terminal, plain lines
 * elsewhere, nothing with `quiet`.
 */
export async function showProgress<T>(
  task: (onProgress: ProgressListener) => Promise<T>,
  { quiet = false }: { quiet?: boolean } = {},
): Promise<T> {
  const spinner = ora({ stream: process.stderr, isSilent: quiet, discardStdin: false })
  let step: string | undefined
  const onProgress: ProgressListener = (progress) => {
    const share =
      progress.done !== undefined && progress.total
        ? ` ${Math.floor((100 * progress.done) / progress.total)} %`
        : ''
    if (progress.step !== step) {
      if (step !== undefined && spinner.isSpinning) spinner.succeed(step)
      step = progress.step
      spinner.start(step + share)
    } else if (spinner.isSpinning) spinner.text = step + share
  }
  try {
    const result = await task(onProgress)
    if (step !== undefined && spinner.isSpinning) spinner.succeed(step)
    return result
  } catch (error) {
    if (step !== undefined && spinner.isSpinning) spinner.fail(step)
    throw error
  }
}
