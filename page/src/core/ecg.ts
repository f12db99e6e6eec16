/** Where a scanner drew the ECG: its box in the frame; pure. */

interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly kind: string;
}

export interface EcgArea {
  readonly x0: number;
  readonly y0: number;
  readonly width: number;
  readonly height: number;
}

/** A line this bright on a dark ground is a trace, 0 to 255. */
const VISIBLE = 48;

/** The widest waveform box of a frame, px; null when it has none. Bounds are inclusive. */
export function ecgOf(regions: readonly Box[]): EcgArea | null {
  const boxes = regions.filter((r) => r.kind === "waveform" && r.x1 > r.x0 && r.y1 > r.y0);
  const widest = boxes.toSorted((a, b) => b.x1 - b.x0 - (a.x1 - a.x0))[0];
  if (!widest) return null;
  const { x0, y0, x1, y1 } = widest;
  return { x0, y0, width: x1 - x0 + 1, height: y1 - y0 + 1 };
}

/** Whether nothing is drawn in RGBA pixels: they are all alike. */
export function isBlank(rgba: ArrayLike<number>): boolean {
  let low = 255;
  let high = 0;
  for (let i = 0; i < rgba.length; i += 4) {
    const value = Math.max(rgba[i] as number, rgba[i + 1] as number, rgba[i + 2] as number);
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high - low < VISIBLE;
}
