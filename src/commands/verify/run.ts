import { locateModel } from '../../model/index.js'
import { taskFromConfig } from '../../tasks/index.js'
import { standardInput } from '../images/find-images.js'
import { stoppedMessage } from '../infer/resume/pending-images.js'
import { interruption } from '../terminal/interruption.js'
import { logError, printText } from '../terminal/print.js'
import type { VerifyArguments } from './arguments.js'
import { compareImages } from './compare-images.js'
import {
  comparisonJson,
  comparisonLine,
  explainDifference,
  noTotals,
  summaryText,
  tableHeading,
  totalsJson,
  withComparison,
} from './report.js'
import { plainPreprocessing, verifiedTask } from './verified-task.js'

/** Compares all images. Sets the exit code 1 if a result differs or an image could not be compared. */
export async function verify(args: VerifyArguments): Promise<void> {
  const { modelDir, params, imgPath, json, exact } = args
  try {
    // Report a missing model before installing a Python.
    await locateModel(modelDir, params)
    const name = args.task ?? (await taskFromConfig(modelDir, params))
    const side = await verifiedTask(name, args)
    const preprocessing = await plainPreprocessing(name, args, side)
    let totals = noTotals
    let total: number | undefined
    const onTotal = (images: number): void => {
      total = images
    }
    const writeSummary = (): void => {
      const stopped = interruption.aborted
      if (json) process.stdout.write(totalsJson(totals, { stopped }))
      else {
        const why = explainDifference(totals, side.preprocessing, exact) ?? ''
        printText(summaryText(totals) + why)
      }
      if (stopped) logError(stoppedMessage({ done: totals.images, total }, undefined))
    }
    // Closing both sides may take longer than an interrupted command may last.
    interruption.addEventListener('abort', writeSummary, { once: true })
    for await (const comparison of compareImages(args, side, { preprocessing, onTotal })) {
      if (interruption.aborted) break
      if (totals.images === 0 && !json) process.stdout.write(tableHeading)
      totals = withComparison(totals, comparison)
      if (json) process.stdout.write(comparisonJson(comparison))
      else printText(comparisonLine(comparison))
    }
    if (interruption.aborted) return
    interruption.removeEventListener('abort', writeSummary)
    writeSummary()
    if (totals.different + totals.failed > 0) process.exitCode = 1
  } finally {
    // A pending read would keep the process alive.
    if (imgPath.includes(standardInput)) process.stdin.destroy()
  }
}
