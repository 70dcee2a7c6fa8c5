// OpenCV's `resize` with `INTER_AREA`, reducing 8-bit RGB (modules/imgproc/src/resize.cpp): in float32,
// weighting each source pixel by its covered fraction, or in integers when a target pixel covers whole source
// pixels.

/** The three channels of a pixel as 32 bits each; the fourth is the next byte. */
function pixelAt(at: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)))
}

/**
 * Computes `count` pixels of a row as float32: each is the weighted sum of `counts[i]` source pixels from
 * byte `starts[i]` on, summed in order.
 */
export function areaAcross(
  from: usize,
  starts: usize,
  counts: usize,
  weights: usize,
  room: i32,
  count: i32,
  to: usize,
): void {
  const end = starts + ((<usize>count) << 2)
  while (starts < end) {
    let pixel = from + load<u32>(starts)
    let at = weights
    const last = at + ((<usize>load<u32>(counts)) << 2)
    let sum = f32x4.splat(0)
    while (at < last) {
      sum = f32x4.add(sum, f32x4.mul(f32x4.convert_i32x4_u(pixelAt(pixel)), v128.load32_splat(at)))
      pixel += 3
      at += 4
    }
    v128.store(to, sum)
    starts += 4
    counts += 4
    weights += (<usize>room) << 2
    to += 12
  }
}

/** Adds `count` float32 values times `weight` to `sums`, or initialises `sums` with them. */
export function areaDown(row: usize, weight: f32, count: i32, sums: usize, begins: bool): void {
  const factor = f32x4.splat(weight)
  const end = row + ((<usize>count) << 2)
  while (row < end) {
    const product = f32x4.mul(factor, v128.load(row))
    v128.store(sums, begins ? product : f32x4.add(v128.load(sums), product))
    row += 16
    sums += 16
  }
}

/** Rounds `count` float32 values to bytes, half to even. Writes up to 3 past the end. */
export function areaRound(sums: usize, count: i32, to: usize): void {
  const end = to + <usize>count
  while (to < end) {
    storeBytes(to, rounded(v128.load(sums)))
    sums += 16
    to += 4
  }
}

/**
 * Adds `count` bytes to 32-bit sums, or initialises the sums with them. Processes 16 at a time: reads and
 * writes up to 15 past the end.
 */
export function addRow(from: usize, count: i32, sums: usize, begins: bool): void {
  const end = from + <usize>count
  while (from < end) {
    const bytes = v128.load(from)
    const low = i16x8.extend_low_i8x16_u(bytes)
    const high = i16x8.extend_high_i8x16_u(bytes)
    let first = i32x4.extend_low_i16x8_u(low)
    let second = i32x4.extend_high_i16x8_u(low)
    let third = i32x4.extend_low_i16x8_u(high)
    let fourth = i32x4.extend_high_i16x8_u(high)
    if (!begins) {
      first = i32x4.add(first, v128.load(sums))
      second = i32x4.add(second, v128.load(sums, 16))
      third = i32x4.add(third, v128.load(sums, 32))
      fourth = i32x4.add(fourth, v128.load(sums, 48))
    }
    v128.store(sums, first)
    v128.store(sums, second, 16)
    v128.store(sums, third, 32)
    v128.store(sums, fourth, 48)
    from += 16
    sums += 64
  }
}

/** How `boxes` divides: by four in integers, by multiplying by the inverse, or by division. */
const BY_FOUR: i32 = 0
const MULTIPLIES: i32 = 1

/**
 * Computes `count` pixels: each is the sum of `width` pixels of `sums` divided by `divisor` in the given way.
 * Writes one byte past the end.
 */
export function boxes(sums: usize, width: i32, count: i32, divisor: f32, way: i32, to: usize): void {
  const step = <usize>width * 12
  const inverse = f32x4.splat(<f32>1 / divisor)
  const divisors = f32x4.splat(divisor)
  for (let target = 0; target < count; target += 1) {
    const end = sums + step
    let sum = i32x4.splat(0)
    while (sums < end) {
      sum = i32x4.add(sum, v128.load(sums))
      sums += 12
    }
    if (way == BY_FOUR) {
      storeBytes(to, i32x4.shr_s(i32x4.add(sum, i32x4.splat(2)), 2))
    } else {
      const values = f32x4.convert_i32x4_s(sum)
      storeBytes(to, rounded(way == MULTIPLIES ? f32x4.mul(values, inverse) : f32x4.div(values, divisors)))
    }
    to += 3
  }
}

function rounded(values: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(values))
}

function storeBytes(to: usize, values: v128): void {
  const words = i16x8.narrow_i32x4_s(values, values)
  v128.store32_lane(to, i8x16.narrow_i16x8_u(words, words), 0)
}
