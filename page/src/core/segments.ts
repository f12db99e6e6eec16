/** The seven endocardial segments of the apical four chamber view, as they lie in the picture; pure. */

export interface Segment {
  /** The end of the name of its protocol. */
  readonly key: string;
  readonly title: string;
  /** Its outline in a picture of 240 by 280. */
  readonly outline: string;
  readonly at: { readonly x: number; readonly y: number };
}

export const SEGMENT_PROTOCOL = "rank-a4c-segment-";
export const SEGMENT_BOX = "0 0 240 280";

/** The septum on the left, the apex above: the picture as most laboratories show it. */
export const SEGMENTS: readonly Segment[] = [
  { key: "basal-inferoseptal", title: "basal inferoseptal", outline: "M28 188 L80 188 L86 268 L34 268 Z", at: { x: 57, y: 228 } },
  { key: "mid-inferoseptal", title: "mid inferoseptal", outline: "M32 112 L86 120 L80 184 L28 184 Z", at: { x: 56, y: 150 } },
  { key: "apical-septal", title: "apical septal", outline: "M62 46 L104 76 L87 116 L33 108 Q40 72 62 46 Z", at: { x: 69, y: 84 } },
  { key: "apex", title: "apex", outline: "M65 43 Q120 -16 175 43 L133 73 Q120 64 107 73 Z", at: { x: 120, y: 38 } },
  { key: "apical-lateral", title: "apical lateral", outline: "M178 46 L136 76 L153 116 L207 108 Q200 72 178 46 Z", at: { x: 171, y: 84 } },
  { key: "mid-anterolateral", title: "mid anterolateral", outline: "M208 112 L154 120 L160 184 L212 184 Z", at: { x: 184, y: 150 } },
  { key: "basal-anterolateral", title: "basal anterolateral", outline: "M212 188 L160 188 L154 268 L206 268 Z", at: { x: 183, y: 228 } },
];

/** The segment that a protocol asks about; null when it is another axis. */
export function segmentOf(protocol: string): Segment | null {
  if (!protocol.startsWith(SEGMENT_PROTOCOL)) return null;
  return SEGMENTS.find((segment) => segment.key === protocol.slice(SEGMENT_PROTOCOL.length)) ?? null;
}
