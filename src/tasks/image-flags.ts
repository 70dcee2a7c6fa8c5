import type { ImageInputOptions } from './options.js'
import type { TaskFlag, TaskFlags } from './task-definition.js'

/** The flags of options that all tasks with images have: how images are decoded. */
export const decodeFlags = {
  autoOrient: {
    group: 'images',
    describe: 'Turn images as their EXIF orientation says; --no-auto-orient: leave them',
  },
  maxPixels: { group: 'images', describe: 'The most pixels that an image may have' },
  exact: { group: 'images', describe: 'Decode large JPEGs in full before they are resized: slower' },
} as const satisfies TaskFlags<ImageInputOptions>

/** How images are cut to the size of a network whose images all have one. */
export const sizeFlags = {
  resizeSize: {
    group: 'images',
    describe: 'Pixels of the shorter side after resizing [default: inference.yml, else 256]',
  },
  cropSize: {
    group: 'images',
    describe: 'Width and height of the part that is looked at [default: inference.yml, else 224]',
  },
} as const

export const thresholdFlag: TaskFlag = {
  group: 'answers',
  describe: 'Boxes, or classes, of a score above it, 0 to 1 [default: that of the model, else 0.5]',
}

export const labelsFlag: TaskFlag = {
  group: 'answers',
  describe: "File with the names of the classes: lines or JSON [default: that of the model's yml]",
}
