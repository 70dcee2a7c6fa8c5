/** Rounds as Python's `round()`, numpy and OpenCV's `cvRound` do. */
export function roundHalfToEven(value: number): number {
  const nearest = Math.round(value)
  return nearest - value === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest
}
