/**
 * What browser tests may ask of the labelling screen, as `window.__unisono`. Read-only; it tells a test what a person
 * sees, so that no test has to guess pixels.
 */

import type { Label, Pt } from "./types";

export interface TestHook {
  /** The item that is on the desk. */
  item(): string;
  /** The labels as they are shown, by question key. */
  labels(): Record<string, Label>;
  /** The index of the frame that is on the screen; -1 before the first one. */
  frame(): number;
  playing(): boolean;
  /** Where a place of the frame (px) lies in the window (client CSS px). */
  toScreen(x: number, y: number): Pt;
  /** How many saves wait on this device. */
  waiting(): number;
}

declare global {
  interface Window {
    __unisono?: TestHook;
  }
}
