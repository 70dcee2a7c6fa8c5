import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { wording } from '../../wording.js'
import type { FlagWording } from '../flags/flag.js'
import { isImageName } from './image-names.js'

/** Files of an exported model, one of which its folder contains. */
const files = ['inference.pdiparams', 'model.pdiparams', 'inference.pdmodel', 'model.pdmodel', '__model__']

/** The message for a model in the place of an image; undefined without one. */
export function modelAmongImages(paths: readonly string[]): FlagWording | undefined {
  const model = paths.find(isModel)
  if (model === undefined) return undefined
  const name = { option: 'modelDir', value: model }
  return wording`${model} is a model, not an image: name it with ${name} (-m ${model}).`
}

function isModel(path: string): boolean {
  if (/\.(?:pdmodel|pdiparams)$/.test(path)) return existsSync(path)
  // One look at a file: a shell may have passed a hundred thousand.
  if (!isFolder(path)) return false
  // Other folders may contain a million images: they are not listed.
  return files.some((file) => existsSync(join(path, file))) && !holdsImage(path)
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  } catch {
    return false
  }
}

function holdsImage(folder: string): boolean {
  try {
    return readdirSync(folder).some(isImageName)
  } catch {
    return false
  }
}
