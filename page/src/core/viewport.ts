/** How the frame lies on the screen; pure. A viewport maps px of the frame to CSS px of the stage. */

import type { Pt } from "./types";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** `scale` CSS px per frame px; `left`, `top`: where the frame's outer corner (-0.5, -0.5) lies. */
export interface Viewport {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

export const MIN_SCALE = 0.05;
export const MAX_SCALE = 64;

/** The largest view that shows the whole frame, centred, with a margin. */
export function fit(frame: Size, stage: Size, margin = 8): Viewport {
  const room = { width: Math.max(1, stage.width - 2 * margin), height: Math.max(1, stage.height - 2 * margin) };
  const scale = clampScale(Math.min(room.width / frame.width, room.height / frame.height));
  return { scale, left: (stage.width - frame.width * scale) / 2, top: (stage.height - frame.height * scale) / 2 };
}

export function toScreen(view: Viewport, p: Pt): Pt {
  return { x: view.left + (p.x + 0.5) * view.scale, y: view.top + (p.y + 0.5) * view.scale };
}

export function toImage(view: Viewport, p: Pt): Pt {
  return { x: (p.x - view.left) / view.scale - 0.5, y: (p.y - view.top) / view.scale - 0.5 };
}

/** Zoom by a factor; what lies under `at` (screen) stays there. */
export function zoomAt(view: Viewport, at: Pt, factor: number): Viewport {
  const scale = clampScale(view.scale * factor);
  const k = scale / view.scale;
  return { scale, left: at.x - (at.x - view.left) * k, top: at.y - (at.y - view.top) * k };
}

export function pan(view: Viewport, dx: number, dy: number): Viewport {
  return { ...view, left: view.left + dx, top: view.top + dy };
}

/** Two fingers: the image follows both. */
export function pinch(view: Viewport, before: readonly [Pt, Pt], now: readonly [Pt, Pt]): Viewport {
  const spread = (pair: readonly [Pt, Pt]): number => Math.hypot(pair[0].x - pair[1].x, pair[0].y - pair[1].y);
  const centre = (pair: readonly [Pt, Pt]): Pt => ({ x: (pair[0].x + pair[1].x) / 2, y: (pair[0].y + pair[1].y) / 2 });
  const from = centre(before);
  const to = centre(now);
  const moved = pan(view, to.x - from.x, to.y - from.y);
  return spread(before) < 1 ? moved : zoomAt(moved, to, spread(now) / spread(before));
}

/** Keep at least a strip of the frame on the stage, so that it cannot be lost. */
export function held(view: Viewport, frame: Size, stage: Size, strip = 48): Viewport {
  const inside = (start: number, size: number, room: number): number =>
    Math.min(room - strip, Math.max(strip - size, start));
  return {
    ...view,
    left: inside(view.left, frame.width * view.scale, stage.width),
    top: inside(view.top, frame.height * view.scale, stage.height),
  };
}

function clampScale(scale: number): number {
  return Math.min(MAX_SCALE, Math.max(MIN_SCALE, scale));
}
