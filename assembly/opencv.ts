// OpenCV's `resize` for 8-bit RGB with 2, 4 or 8 weights: first along a row into unrounded values, then down
// the columns. 2 and 8 weights are integers with 11 fractional bits (modules/imgproc/src/resize.cpp); 4
// weights are float32, as in Intel's IPP, which OpenCV calls on x64.

const BITS: i32 = 22
const HALF: i32 = 1 << (BITS - 1)

/** Two pixels interleaved by channel: both reds, both greens, both blues, each as 16 bits. */
function twoPixels(at: usize): v128 {
  const bytes = v128.load64_zero(at)
  return i8x16.shuffle(bytes, i32x4.splat(0), 0, 16, 3, 16, 1, 16, 4, 16, 2, 16, 5, 16, 16, 16, 16, 16)
}

/**
 * Computes `count` pixels of a row, each from the two source pixels from byte `starts[i]` on, as 16-bit
 * values without the last 4 bits. Processes two at a time, so `starts` has one more entry. Reads up to 2
 * bytes past the source pixels and writes up to 10 past the end.
 */
export function acrossTwo(from: usize, starts: usize, weights: usize, count: i32, to: usize): void {
  const end = starts + ((<usize>count) << 2)
  while (starts < end) {
    const first = i32x4.dot_i16x8_s(twoPixels(from + load<u32>(starts)), v128.load32_splat(weights))
    const second = i32x4.dot_i16x8_s(twoPixels(from + load<u32>(starts, 4)), v128.load32_splat(weights, 4))
    const values = i16x8.narrow_i32x4_s(i32x4.shr_s(first, 4), i32x4.shr_s(second, 4))
    v128.store(to, i8x16.shuffle(values, values, 0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15, 14, 15))
    starts += 8
    weights += 8
    to += 12
  }
}

/** The same with eight source pixels and 32-bit values. */
export function acrossEight(from: usize, starts: usize, weights: usize, count: i32, to: usize): void {
  const end = starts + ((<usize>count) << 2)
  while (starts < end) {
    const pixel = from + load<u32>(starts)
    let sum = i32x4.dot_i16x8_s(twoPixels(pixel), v128.load32_splat(weights))
    sum = i32x4.add(sum, i32x4.dot_i16x8_s(twoPixels(pixel + 6), v128.load32_splat(weights, 4)))
    sum = i32x4.add(sum, i32x4.dot_i16x8_s(twoPixels(pixel + 12), v128.load32_splat(weights, 8)))
    sum = i32x4.add(sum, i32x4.dot_i16x8_s(twoPixels(pixel + 18), v128.load32_splat(weights, 12)))
    v128.store(to, sum)
    starts += 4
    weights += 16
    to += 12
  }
}

/** The upper halves of the products. */
function upperHalves(values: v128, weight: v128): v128 {
  const low = i32x4.extmul_low_i16x8_s(values, weight)
  const high = i32x4.extmul_high_i16x8_s(values, weight)
  return i8x16.shuffle(low, high, 2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23, 26, 27, 30, 31)
}

function eightOfTwo(first: usize, second: usize, above: v128, below: v128): v128 {
  const sum = i16x8.add(upperHalves(v128.load(first), above), upperHalves(v128.load(second), below))
  return i16x8.shr_s(i16x8.add(sum, i16x8.splat(2)), 2)
}

/**
 * Computes `count` bytes from two rows of 16-bit values. Processes 16 at a time: reads and writes up to 15
 * past the end.
 */
export function downTwo(
  first: usize,
  second: usize,
  firstWeight: i32,
  secondWeight: i32,
  count: i32,
  to: usize,
): void {
  const above = i16x8.splat(<i16>firstWeight)
  const below = i16x8.splat(<i16>secondWeight)
  const end = to + <usize>count
  while (to < end) {
    const low = eightOfTwo(first, second, above, below)
    v128.store(to, i8x16.narrow_i16x8_u(low, eightOfTwo(first + 16, second + 16, above, below)))
    first += 32
    second += 32
    to += 16
  }
}

/** The three channels of a pixel as float32; the fourth is the next byte. */
function pixelAt(at: usize): v128 {
  const words = i16x8.extend_low_i8x16_u(v128.load32_zero(at))
  return f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(words))
}

function weighed(values: v128, weight: usize, offset: usize): v128 {
  return f32x4.mul(values, v128.load32_splat(weight + offset))
}

/**
 * Computes `count` pixels of a row from four source pixels each, in float32, summed in order. Reads one byte
 * past the source pixels.
 */
export function acrossFour(from: usize, starts: usize, weights: usize, count: i32, to: usize): void {
  const end = starts + ((<usize>count) << 2)
  while (starts < end) {
    const pixel = from + load<u32>(starts)
    let sum = weighed(pixelAt(pixel), weights, 0)
    sum = f32x4.add(sum, weighed(pixelAt(pixel + 3), weights, 4))
    sum = f32x4.add(sum, weighed(pixelAt(pixel + 6), weights, 8))
    sum = f32x4.add(sum, weighed(pixelAt(pixel + 9), weights, 12))
    v128.store(to, sum)
    starts += 4
    weights += 16
    to += 12
  }
}

/**
 * Computes `count` bytes from four rows of float32, rounding half to even. Processes 4 at a time: reads and
 * writes up to 3 past the end.
 */
export function downFour(
  first: usize,
  second: usize,
  third: usize,
  fourth: usize,
  weights: usize,
  count: i32,
  to: usize,
): void {
  for (let at: usize = 0; at < <usize>count; at += 4) {
    const offset = at << 2
    let sum = weighed(v128.load(first + offset), weights, 0)
    sum = f32x4.add(sum, weighed(v128.load(second + offset), weights, 4))
    sum = f32x4.add(sum, weighed(v128.load(third + offset), weights, 8))
    sum = f32x4.add(sum, weighed(v128.load(fourth + offset), weights, 12))
    const values = i32x4.trunc_sat_f32x4_s(f32x4.nearest(sum))
    const words = i16x8.narrow_i32x4_s(values, values)
    v128.store32_lane(to + at, i8x16.narrow_i16x8_u(words, words), 0)
  }
}

/**
 * Computes `count` bytes in integers from eight rows of 32-bit values, whose addresses are at `rows`.
 * Processes 4 at a time: reads and writes up to 3 past the end.
 */
export function downEight(rows: usize, weights: usize, count: i32, to: usize): void {
  for (let at: usize = 0; at < <usize>count; at += 4) {
    let sum = i32x4.splat(HALF)
    for (let tap: usize = 0; tap < 32; tap += 4) {
      const values = v128.load(<usize>load<u32>(rows + tap) + (at << 2))
      sum = i32x4.add(sum, i32x4.mul(values, v128.load32_splat(weights + tap)))
    }
    const values = i32x4.shr_s(sum, BITS)
    const words = i16x8.narrow_i32x4_s(values, values)
    v128.store32_lane(to + at, i8x16.narrow_i16x8_u(words, words), 0)
  }
}
