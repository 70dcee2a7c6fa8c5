import { locateModel } from '../../model/index.js'
import { taskFromConfig } from '../../tasks/index.js'
import { standardInput } from '../images/find-images.js'
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
    const side = await verifiedTask(args.task ?? (await taskFromConfig(modelDir, params)), args)
    const preprocessing = await plainPreprocessing(args)
    let totals = noTotals
    for await (const comparison of compareImages(args, side, preprocessing)) {
      if (totals.images === 0 && !json) process.stdout.write(tableHeading)
      totals = withComparison(totals, comparison)
      process.stdout.write(json ? comparisonJson(comparison) : comparisonLine(comparison))
    }
    if (json) process.stdout.write(totalsJson(totals))
    else
      process.stdout.write(summaryText(totals) + (explainDifference(totals, side.preprocessing, exact) ?? ''))
    if (totals.different + totals.failed > 0) process.exitCode = 1
  } finally {
    // A pending read would keep the process alive.
    if (imgPath.includes(standardInput)) process.stdin.destroy()
  }
}
