/** An operator as written in the model's file. */
export interface Operator {
  readonly name: string
  readonly parameters: Readonly<Record<string, unknown>>
}

/** Returns the operators with the given sizes in the first resize and the last crop. */
export function overrideSizes(
  operators: readonly Operator[],
  { resizeSize, cropSize }: { resizeSize?: number | undefined; cropSize?: number | undefined },
): readonly Operator[] {
  if (operators[0]?.name === 'Decode') return overridePaddleX(operators, { resizeSize, cropSize })
  let result = operators
  if (resizeSize !== undefined) {
    const at = result.findIndex(({ name }) => name === 'ResizeImage' || name === 'Resize')
    const resize = withShorterSide(result[at], resizeSize)
    // After decoding.
    const start = result.findLastIndex(({ name }) => name === 'DecodeImage') + 1
    result = at < 0 ? result.toSpliced(start, 0, resize) : result.with(at, resize)
  }
  if (cropSize !== undefined) {
    const at = result.findLastIndex(({ name }) => name === 'CropImage' || name === 'CenterCrop')
    const { name } = result[at] ?? { name: 'CropImage' }
    const crop = { name, parameters: { size: cropSize } }
    const last = result.findLastIndex(
      ({ name }) => name === 'ResizeImage' || name === 'Resize' || name === 'DecodeImage',
    )
    result = at < 0 ? result.toSpliced(last + 1, 0, crop) : result.with(at, crop)
  }
  return result
}

/** The same for the transforms of PaddleX 2. */
function overridePaddleX(
  operators: readonly Operator[],
  { resizeSize: side, cropSize }: Parameters<typeof overrideSizes>[1],
): readonly Operator[] {
  let result = operators
  if (side !== undefined) {
    const at = result.findIndex(({ name }) => name.startsWith('Resize'))
    const { name, parameters: { interp, keep_ratio } = {} } = result[at] ?? {}
    const how = interp === undefined ? {} : { interp }
    const resize =
      name === 'Resize' && keep_ratio !== true
        ? { name, parameters: { ...how, target_size: side } }
        : { name: 'ResizeByShort', parameters: { ...how, short_size: side } }
    result = at < 0 ? result.toSpliced(1, 0, resize) : result.with(at, resize)
  }
  if (cropSize !== undefined) {
    const crop = { name: 'CenterCrop', parameters: { crop_size: cropSize } }
    const at = result.findLastIndex(({ name }) => name === 'CenterCrop')
    const last = result.findLastIndex(({ name }) => name.startsWith('Resize') || name === 'Decode')
    result = at < 0 ? result.toSpliced(last + 1, 0, crop) : result.with(at, crop)
  }
  return result
}

function withShorterSide(resize: Operator | undefined, short: number): Operator {
  const { interpolation, interp, backend, size, resize_short, keep_ratio } = resize?.parameters ?? {}
  const how = interpolation ?? interp
  const method = {
    ...(how !== undefined && { interpolation: how }),
    ...(backend !== undefined && { backend }),
  }
  // A fixed size stays square.
  if (resize?.name === 'ResizeImage' && size != null && !(Number(resize_short ?? 0) > 0)) {
    return { name: 'ResizeImage', parameters: { ...method, size: short } }
  }
  if (resize?.name === 'Resize' && keep_ratio === false) {
    const kept = how === undefined ? {} : { interp: how }
    return { name: 'Resize', parameters: { ...kept, keep_ratio, target_size: [short, short] } }
  }
  // In paddle.vision, a single number is the shorter side.
  if (resize?.name === 'Resize' && typeof size === 'number') {
    return { name: 'Resize', parameters: { ...method, size: short } }
  }
  return { name: 'ResizeImage', parameters: { ...method, resize_short: short } }
}
