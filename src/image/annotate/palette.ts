/** Red, green and blue, each from 0 to 255. */
export type Colour = readonly [number, number, number]

export const black: Colour = [0, 0, 0]
export const white: Colour = [255, 255, 255]

/** Far apart from each other, those that follow each other most of all. */
const colours: readonly Colour[] = [
  [230, 25, 75],
  [0, 130, 200],
  [255, 225, 25],
  [60, 180, 75],
  [245, 130, 48],
  [145, 30, 180],
  [70, 240, 240],
  [240, 50, 230],
  [128, 0, 0],
  [170, 255, 195],
  [0, 0, 128],
  [250, 190, 212],
  [0, 128, 128],
  [220, 190, 255],
  [170, 110, 40],
  [210, 245, 60],
]

/** The colour of a class: always the same one. */
export function colourOf(classId: number): Colour {
  return colours[Math.abs(Math.trunc(classId)) % colours.length] ?? white
}

/** Black or white, whichever stands out more. */
export function contrastTo([red, green, blue]: Colour): Colour {
  return 0.299 * red + 0.587 * green + 0.114 * blue > 140 ? black : white
}
