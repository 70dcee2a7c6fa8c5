// numpy's float32.

/**
 * Writes `pixels` RGB pixels as three float32 planes, `planeBytes` apart. Each value is `(value * scale -
 * mean) / std`, rounded after each step. Processes 4 pixels at a time: reads and writes up to 3 past the end.
 */
export function normalise(
  from: usize,
  pixels: i32,
  to: usize,
  planeBytes: usize,
  scale: f32,
  meanRed: f32,
  meanGreen: f32,
  meanBlue: f32,
  stdRed: f32,
  stdGreen: f32,
  stdBlue: f32,
): void {
  const zero = i32x4.splat(0)
  const factor = f32x4.splat(scale)
  for (let pixel = 0; pixel < pixels; pixel += 4) {
    const bytes = v128.load(from)
    const red = i8x16.shuffle(bytes, zero, 0, 16, 16, 16, 3, 16, 16, 16, 6, 16, 16, 16, 9, 16, 16, 16)
    const green = i8x16.shuffle(bytes, zero, 1, 16, 16, 16, 4, 16, 16, 16, 7, 16, 16, 16, 10, 16, 16, 16)
    const blue = i8x16.shuffle(bytes, zero, 2, 16, 16, 16, 5, 16, 16, 16, 8, 16, 16, 16, 11, 16, 16, 16)
    v128.store(to, normalised(red, factor, f32x4.splat(meanRed), f32x4.splat(stdRed)))
    v128.store(to + planeBytes, normalised(green, factor, f32x4.splat(meanGreen), f32x4.splat(stdGreen)))
    v128.store(to + 2 * planeBytes, normalised(blue, factor, f32x4.splat(meanBlue), f32x4.splat(stdBlue)))
    from += 12
    to += 16
  }
}

function normalised(values: v128, scale: v128, mean: v128, std: v128): v128 {
  return f32x4.div(f32x4.sub(f32x4.mul(f32x4.convert_i32x4_u(values), scale), mean), std)
}
