import { defaultModelFolder } from '../../package-files.js'
import { wording } from '../../wording.js'
import type { Checked } from '../command.js'
import { predictorFlagsTogether } from '../flags/predictor-flags.js'
import { checkTaskFlags } from '../flags/task-conflicts.js'
import { standardInput } from '../images/find-images.js'
import { readsFromFolder } from '../images/is-in-folder.js'
import { defaults, type GivenArguments } from './arguments.js'
import { isJsonFile, isNpyFile, isResultFile } from './results/file-format.js'

/** What is wrong with flags that are right each by itself: the message, or `true`. */
export async function checkInferFlags(args: GivenArguments): Promise<Checked> {
  const { imgPath, batchSize, maxBatchSize, json, output, resume, saveDir } = { ...defaults, ...args }
  if (args.quiet && args.verbose)
    return wording`${{ flag: 'quiet' }} and ${{ flag: 'verbose' }} contradict each other: give one of them.`
  if (imgPath.length === 0 || imgPath.includes(''))
    return wording`Expected a path for ${{ flag: 'img-path' }}.`
  if (batchSize !== undefined && batchSize > maxBatchSize)
    return wording`${{ flag: 'batch-size' }} ${batchSize} is above ${{ flag: 'max-batch-size' }} ${maxBatchSize}.`
  if (output !== undefined && !isResultFile(output))
    return wording`Expected FILE.jsonl, FILE.csv or FILE.npy for ${{ flag: 'output' }}, got ${output}.`
  if (json && output !== undefined && !isJsonFile(output))
    return wording`${{ flag: 'json' }} and ${{ flag: 'output' }} ${output} contradict each other: the results go there in another form.`
  if (resume && (output === undefined || !isJsonFile(output)))
    return wording`${{ flag: 'resume' }} needs ${{ flag: 'output' }} FILE.jsonl${output === undefined ? '.' : `, got ${output}.`}`
  if (saveDir !== undefined && (await takesFromAny(imgPath, saveDir)))
    return wording`${{ flag: 'save-dir' }} ${saveDir} is where the images are: the pictures would take their place.`
  const together = await predictorFlagsTogether(args)
  if (together !== true) return together
  return checkTaskFlags({
    ...{ modelDir: defaultModelFolder, ...args },
    draws: saveDir !== undefined,
    writesVectors: output !== undefined && isNpyFile(output),
  })
}

/** What comes on standard input is looked at when it comes. */
async function takesFromAny(paths: readonly string[], saveDir: string): Promise<boolean> {
  const files = paths.filter((path) => path !== standardInput)
  const takes = await Promise.all(files.map((path) => readsFromFolder(path, saveDir)))
  return takes.includes(true)
}
