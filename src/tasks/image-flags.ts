import type { ImageInputOptions } from './options.js'
import type { TaskFlag, TaskFlags } from './task-definition.js'

/** Flags of the options that all image tasks share: how images are decoded. */
export const decodeFlags = {
  autoOrient: {
    group: 'images',
    describe: 'Rotate images by their EXIF orientation; --no-auto-orient: do not',
  },
  maxPixels: { group: 'images', describe: 'Maximum number of pixels of an image' },
  exact: { group: 'images', describe: 'Decode large JPEGs at full size before resizing: slower' },
} as const satisfies TaskFlags<ImageInputOptions>

/** Flags for the input size of a network with a fixed one. */
export const sizeFlags = {
  resizeSize: {
    group: 'images',
    describe:
      'Pixels of the shorter side after resizing [default: inference.yml, else by the program’s size, else 256]',
  },
  cropSize: {
    group: 'images',
    describe:
      'Width and height of the centre crop [default: inference.yml, else the program’s size, else 224]',
  },
} as const

export const thresholdFlag: TaskFlag = {
  group: 'answers',
  common: true,
  describe: 'Score threshold of boxes or classes, 0 to 1 [default: that of the model, else 0.5]',
}

export const labelsFlag: TaskFlag = {
  group: 'answers',
  common: true,
  describe: "File of class names: lines or JSON [default: those of the model's yml]",
}
