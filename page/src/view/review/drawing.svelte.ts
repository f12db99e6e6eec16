/** Drawing a mask anew: the sketch with its past, by pointer and by keyboard alike. */

import {
  addCorner, choose, chosenPlace, close, cornerAt, EMPTY, inside, insertAt, move, OPEN, remove, sketchOf,
  type Choice, type Sketch,
} from "../../core/sketch";
import type { ReviewClip } from "../../api";
import type { Pt } from "../../core/types";

const REACH_CSS_PX = { mouse: 10, touch: 24 } as const;

export class Drawing {
  sketch = $state.raw<Sketch>(EMPTY);
  /** The cross that the arrow keys move; null while the pointer draws. */
  cross = $state.raw<Pt | null>(null);
  private past: Sketch[] = [];
  private dragged: Choice | null = null;
  readonly frame: { readonly width: number; readonly height: number };

  constructor(clip: ReviewClip) {
    this.frame = { width: clip.clip.columns, height: clip.clip.rows };
    this.sketch = sketchOf(clip.corners);
  }

  press(at: Pt, perPx: number, touch: boolean): void {
    const reach = REACH_CSS_PX[touch ? "touch" : "mouse"] * perPx;
    this.cross = null;
    const hit = cornerAt(this.sketch, at, reach);
    if (hit && hit.polygon === OPEN && hit.corner === 0 && this.sketch.open.length >= 3) {
      this.put(close(this.sketch));
      return;
    }
    this.keep();
    if (hit) this.sketch = { ...this.sketch, chosen: hit };
    else {
      const more = this.sketch.open.length === 0 ? insertAt(this.sketch, at, reach / 2) : this.sketch;
      this.sketch = more === this.sketch ? addCorner(this.sketch, inside(at, this.frame)) : more;
    }
    this.dragged = this.sketch.chosen;
  }

  drag(at: Pt): void {
    if (this.dragged) this.sketch = move(this.sketch, this.dragged, inside(at, this.frame));
  }

  release(): void {
    this.dragged = null;
  }

  /** True when the key was one of drawing. */
  key(event: KeyboardEvent): boolean {
    const step = event.shiftKey ? 10 : 1;
    const control = event.ctrlKey || event.metaKey;
    if (control && event.key.toLowerCase() === "z") return this.undo();
    if (control || event.altKey) return false;
    switch (event.key) {
      case "ArrowLeft":
        return this.nudge(-step, 0);
      case "ArrowRight":
        return this.nudge(step, 0);
      case "ArrowUp":
        return this.nudge(0, -step);
      case "ArrowDown":
        return this.nudge(0, step);
      case " ":
        return this.drop();
      case "[":
        return this.put(choose(this.sketch, -1));
      case "]":
        return this.put(choose(this.sketch, 1));
      case "Backspace":
      case "Delete":
        return this.put(remove(this.sketch));
      case "n":
      case "N":
        return this.put(close({ ...this.sketch, chosen: null }));
      case "x":
      case "X":
        return this.clear();
      default:
        return false;
    }
  }

  clear(): boolean {
    return this.put(EMPTY);
  }

  undo(): boolean {
    const before = this.past.pop();
    if (before) this.sketch = before;
    return true;
  }

  /** Set a corner where the cross is. */
  private drop(): boolean {
    const at = this.cross ?? { x: (this.frame.width - 1) / 2, y: (this.frame.height - 1) / 2 };
    this.cross = at;
    const [first] = this.sketch.open;
    const closes = first && this.sketch.open.length >= 3 && Math.hypot(first.x - at.x, first.y - at.y) < 2;
    this.put(closes ? close(this.sketch) : addCorner(this.sketch, at));
    this.sketch = { ...this.sketch, chosen: null };
    return true;
  }

  private nudge(dx: number, dy: number): boolean {
    const chosen = chosenPlace(this.sketch);
    if (chosen && this.sketch.chosen) {
      return this.put(move(this.sketch, this.sketch.chosen, inside({ x: chosen.x + dx, y: chosen.y + dy }, this.frame)));
    }
    const from = this.cross ?? { x: (this.frame.width - 1) / 2, y: (this.frame.height - 1) / 2 };
    this.cross = inside({ x: from.x + dx, y: from.y + dy }, this.frame);
    return true;
  }

  private put(sketch: Sketch): boolean {
    if (sketch !== this.sketch) this.keep();
    this.sketch = sketch;
    return true;
  }

  private keep(): void {
    this.past.push(this.sketch);
  }
}
