/** Which of the ten hues an expert's line has. */

const N_HUES = 10;

/** Beyond ten experts the hues come again, with a dotted line. */
export function isSecondRound(index: number): boolean {
  return Math.floor(index / N_HUES) % 2 === 1;
}

export function expertHue(index: number): number {
  return index % N_HUES;
}
