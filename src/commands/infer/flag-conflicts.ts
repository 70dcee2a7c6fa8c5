import { existsSync } from 'node:fs'
import { wording } from '../../wording.js'
import type { Checked } from '../command.js'
import { predictorFlagsTogether } from '../flags/predictor-flags.js'
import { checkTaskFlags } from '../flags/task-conflicts.js'
import { tryExample } from '../images/example-images.js'
import { standardInput } from '../images/find-images.js'
import { modelAmongImages } from '../images/model-among-images.js'
import { isBelow, readsFromFolder } from '../images/is-in-folder.js'
import { defaults, type GivenArguments } from './arguments.js'
import { isJsonFile, isNpyFile, isResultFile } from './results/file-format.js'

/** Checks valid flags for conflicts. @returns the message of a conflict, or `true` */
export async function checkInferFlags(args: GivenArguments): Promise<Checked> {
  const { imgPath, recursive, batchSize, maxBatchSize, json, output, resume, saveDir } = {
    ...defaults,
    ...args,
  }
  if (args.quiet && args.verbose)
    return wording`${{ flag: 'quiet' }} and ${{ flag: 'verbose' }} are mutually exclusive: use one of them.`
  if (imgPath.length === 0 || imgPath.includes(''))
    return wording`Expected a path for ${{ flag: 'img-path' }}.${tryExample('infer')}`
  const model = modelAmongImages(imgPath)
  if (model !== undefined) return model
  if (batchSize !== undefined && batchSize > maxBatchSize)
    return wording`${{ flag: 'batch-size' }} ${batchSize} exceeds ${{ flag: 'max-batch-size' }} ${maxBatchSize}.`
  if (args.allowHosts && !args.allowUrls)
    return wording`${{ flag: 'allow-hosts' }} requires ${{ flag: 'allow-urls' }}.`
  if (output !== undefined && !isResultFile(output))
    return wording`Expected FILE.jsonl, FILE.csv or FILE.npy for ${{ flag: 'output' }}, got ${output}.`
  if (json && output !== undefined && !isJsonFile(output))
    return wording`${{ flag: 'json' }} and ${{ flag: 'output' }} ${output} are mutually exclusive: the file is not JSON Lines.`
  if (resume && (output === undefined || !isJsonFile(output)))
    return wording`${{ flag: 'resume' }} requires ${{ flag: 'output' }} FILE.jsonl${output === undefined ? '.' : `, got ${output}.`}`
  if (saveDir !== undefined && (await takesFromAny(imgPath, saveDir)))
    return wording`${{ flag: 'save-dir' }} ${saveDir} is the folder of the images: annotated images would overwrite them. Use another folder.`
  if (saveDir !== undefined && recursive && (await isInAny(saveDir, imgPath)))
    return wording`${{ flag: 'save-dir' }} ${saveDir} is in a folder of images, and ${{ flag: 'recursive' }} would take the annotated images in the next run. Use another folder.`
  const together = await predictorFlagsTogether(args)
  if (together !== true) return together
  if (args.imgPath === undefined && !existsSync(defaults.imgPath[0]))
    return wording`No images: name them (paddle-ts infer PATH…), or set ${{ flag: 'img-path' }}. Its default ${defaults.imgPath[0]} does not exist.${tryExample('infer')}`
  return checkTaskFlags({
    ...args,
    draws: saveDir !== undefined,
    writesVectors: output !== undefined && isNpyFile(output),
  })
}

/** Whether any path reads from the folder. Paths on standard input are checked when they arrive. */
async function takesFromAny(paths: readonly string[], saveDir: string): Promise<boolean> {
  const files = paths.filter((path) => path !== standardInput)
  const takes = await Promise.all(files.map((path) => readsFromFolder(path, saveDir)))
  return takes.includes(true)
}

/** Whether the folder is below any path. */
async function isInAny(folder: string, paths: readonly string[]): Promise<boolean> {
  const are = await Promise.all(paths.map((path) => isBelow(folder, path)))
  return are.includes(true)
}
