/** Which of the ten hues an expert's line has. */

const N_HUES = 10;

export function expertHue(index: number): number {
  return index % N_HUES;
}
