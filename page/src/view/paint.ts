/** Pixels of the present frame onto a canvas. */

import { toScreen } from "../core/viewport";
import type { Size, Viewport } from "../core/viewport";
import type { Pt } from "../core/types";
import type { Cine } from "./cine.svelte";

/** How the picture is shown: brightness from -1 to 1, contrast as a factor. */
export interface Tone {
  readonly brightness: number;
  readonly contrast: number;
}

export const PLAIN: Tone = { brightness: 0, contrast: 1 };
/** From this size of a frame pixel on its square is shown, not a blend. */
const SQUARES_FROM = 4;

export function toneFilter(tone: Tone): string {
  return tone.brightness === 0 && tone.contrast === 1
    ? "none"
    : `brightness(${1 + tone.brightness}) contrast(${tone.contrast})`;
}

/** Draw the frame that is on as the viewport says. */
export function paint(canvas: HTMLCanvasElement, cine: Cine, view: Viewport, stage: Size): void {
  const ratio = window.devicePixelRatio || 1;
  const width = Math.max(1, Math.round(stage.width * ratio));
  const height = Math.max(1, Math.round(stage.height * ratio));
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) return;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = "#000";
  context.fillRect(0, 0, width, height);
  if (!cine.bitmap) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.imageSmoothingEnabled = view.scale < SQUARES_FROM;
  context.imageSmoothingQuality = "high";
  const { columns, rows } = cine.clip;
  context.drawImage(cine.bitmap, view.left, view.top, columns * view.scale, rows * view.scale);
}

/** Draw a magnified piece around `at`, with lines laid over it. */
export function paintLoupe(
  canvas: HTMLCanvasElement,
  cine: Cine,
  at: Pt,
  scale: number,
  side: number,
  lines: readonly (readonly Pt[])[],
  colour: string,
): void {
  const stage = { width: side, height: side };
  const view = { scale, left: side / 2 - (at.x + 0.5) * scale, top: side / 2 - (at.y + 0.5) * scale };
  paint(canvas, cine, view, stage);
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) return;
  for (const [width, style] of [[3, "rgba(0,0,0,.6)"], [1.25, colour]] as const) {
    context.lineWidth = width;
    context.strokeStyle = style;
    for (const line of lines) {
      context.beginPath();
      for (const p of line) {
        const s = toScreen(view, p);
        context.lineTo(s.x, s.y);
      }
      context.stroke();
    }
  }
}
