/** The gestures of `outline`: what each event does to a closed outline's corners. Pure. */

import { distance, nearestOnSegment } from "../../core/geometry";
import { pulled } from "../../core/pull";
import { isOutline, seen } from "../../core/types";
import type { Label, Outline, Pt } from "../../core/types";
import { carried, finished, isMoved, unfinished } from "../base";
import type { Edited, Grip, Spot, Target, ToolEvent, Work } from "../base";

type Press = Extract<ToolEvent, { kind: "press" }>;

export const FEWEST = 3;
/** The line itself is hit from nearer than a corner is. */
const BODY_SHARE = 0.7;
const TRACE_STEP_PX = 0.5;
const MOST_CORNERS = 4900;

export function outlinesOf(label: Label): Outline[] {
  return label.instances.filter(isOutline);
}

function cornersOf(label: Label, instance: number): readonly Pt[] {
  return outlinesOf(label)[instance]?.corners ?? [];
}

function withCorners(label: Label, instance: number, corners: readonly Pt[]): Label {
  const all = outlinesOf(label);
  const old = all[instance];
  if (!old) return label;
  return seen(corners.length === 0 ? all.toSpliced(instance, 1) : all.with(instance, { ...old, corners }));
}

export function press(work: Work, event: Press, most: number): Edited {
  const { hand, label } = work;
  if (hand.freehand) return begin(work, event, most, true);
  const target = event.target;
  if (target?.kind === "handle") {
    if (event.remove) return remove(work, target.spot);
    const { instance, node } = target.spot;
    const closes = hand.drawing === instance && node === 0 && cornersOf(label, instance).length >= FEWEST;
    return closes ? finish(work, most) : hold(work, label, target.spot, "handle", event);
  }
  if (event.remove) return unfinished(work, label, { grip: null });
  if (hand.drawing !== null) {
    const corners = cornersOf(label, hand.drawing);
    const longer = withCorners(label, hand.drawing, [...corners, event.at]);
    return hold(work, longer, { instance: hand.drawing, node: corners.length }, "new", event);
  }
  if (target?.kind === "body") {
    const grip = gripOf("body", { instance: target.instance, node: target.place.node }, event, target.place.at);
    return unfinished(work, label, { grip: { ...grip, place: target.place }, armed: false });
  }
  if (hand.armed && hand.chosen) {
    const { instance, node } = hand.chosen;
    const corners = cornersOf(label, instance);
    if (corners[node]) {
      const moved = withCorners(label, instance, corners.with(node, event.at));
      return hold(work, moved, hand.chosen, "handle", { ...event, slop: -1 });
    }
  }
  return begin(work, event, most, false);
}

/** A new outline, where one more is wanted; a new freehand stroke replaces the last one where none is. */
function begin(work: Work, event: Press, most: number, freehand: boolean): Edited {
  const all = outlinesOf(work.label);
  if (!freehand && all.length >= most) return unfinished(work, work.label, { chosen: null, armed: false, grip: null });
  const instance = Math.min(work.hand.drawing ?? all.length, most - 1);
  const outline: Outline = { corners: [event.at], freehand };
  const label = seen(instance < all.length ? all.with(instance, outline) : [...all, outline]);
  const begun = unfinished(work, label, { drawing: instance, armed: false });
  return hold(begun.work, label, { instance, node: 0 }, freehand ? "trace" : "new", event);
}

function gripOf(kind: Grip["kind"], spot: Spot, event: Press, start: Pt): Grip {
  const slop = kind === "new" || kind === "trace" ? 0 : event.slop;
  return { kind, spot, from: event.at, start, slop, moved: slop < 0, place: null };
}

function hold(work: Work, label: Label, spot: Spot, kind: Grip["kind"], event: Press): Edited {
  const start = cornersOf(label, spot.instance)[spot.node] ?? event.at;
  const chosen = kind === "trace" ? null : spot;
  return unfinished(work, label, { chosen, armed: false, grip: gripOf(kind, spot, event, start) });
}

export function drag(work: Work, at: Pt, trail: readonly Pt[]): Edited {
  const grip = work.hand.grip;
  if (!grip || !isMoved(grip, at)) return unfinished(work, work.label, {});
  if (grip.kind === "trace") return extend(work, grip, trail.length > 0 ? trail : [at]);
  if (grip.kind === "body") return dragBody(work, grip, at);
  const corners = cornersOf(work.label, grip.spot.instance);
  if (!corners[grip.spot.node]) return unfinished(work, work.label, { grip: null });
  const moved = corners.with(grip.spot.node, carried(grip, at));
  return unfinished(work, withCorners(work.label, grip.spot.instance, moved), { grip: { ...grip, moved: true } });
}

function extend(work: Work, grip: Grip, trail: readonly Pt[]): Edited {
  const corners = [...cornersOf(work.label, grip.spot.instance)];
  for (const p of trail) {
    const last = corners.at(-1);
    const isFar = !last || distance(last, p) >= TRACE_STEP_PX;
    if (isFar && corners.length < MOST_CORNERS) corners.push({ x: p.x, y: p.y });
  }
  return unfinished(work, withCorners(work.label, grip.spot.instance, corners), { grip: { ...grip, moved: true } });
}

/** The line was grabbed: a trace is pulled along, a clicked outline gets a corner there that goes with the pointer. */
function dragBody(work: Work, grip: Grip, at: Pt): Edited {
  const { instance } = grip.spot;
  const outline = outlinesOf(work.label)[instance];
  if (!outline || !grip.place) return unfinished(work, work.label, { grip: null });
  if (outline.freehand) {
    const corners = pulled(outline.corners, grip, at);
    const start = { x: grip.start.x + at.x - grip.from.x, y: grip.start.y + at.y - grip.from.y };
    return unfinished(work, withCorners(work.label, instance, corners), { grip: { ...grip, from: at, start, moved: true } });
  }
  const spot = { instance, node: grip.place.node + 1 };
  const label = withCorners(work.label, instance, outline.corners.toSpliced(spot.node, 0, grip.place.at));
  const held = unfinished(work, label, { chosen: spot, grip: { ...grip, kind: "handle", spot, moved: true } });
  return drag(held.work, at, []);
}

export function release(work: Work, most: number): Edited {
  const { grip, drawing } = work.hand;
  if (!grip) return unfinished(work, work.label, {});
  const { instance } = grip.spot;
  if (grip.kind === "trace") return endTrace(work, instance, most);
  if (grip.kind === "new") return finished(work, "add-corner", work.label, {});
  if (grip.kind === "handle" && !grip.moved) return unfinished(work, work.label, { armed: drawing === null, grip: null });
  if (grip.kind === "handle" || grip.moved) return finished(work, grip.place ? "bend" : "move-corner", work.label, { armed: false });
  const outline = outlinesOf(work.label)[instance];
  if (!outline || outline.freehand || !grip.place) return unfinished(work, work.label, { grip: null });
  const chosen = { instance, node: grip.place.node + 1 };
  const corners = outline.corners.toSpliced(chosen.node, 0, grip.place.at);
  return finished(work, "insert-corner", withCorners(work.label, instance, corners), { chosen });
}

function endTrace(work: Work, instance: number, most: number): Edited {
  if (cornersOf(work.label, instance).length < FEWEST) {
    return finished(work, "freehand", withCorners(work.label, instance, []), { drawing: null });
  }
  const isLast = outlinesOf(work.label).length >= most;
  return finished(work, "freehand", work.label, { drawing: null, freehand: false }, isLast);
}

function remove(work: Work, spot: Spot): Edited {
  const corners = cornersOf(work.label, spot.instance);
  const isDrawing = work.hand.drawing === spot.instance;
  const rest = corners.length <= FEWEST && !isDrawing ? [] : corners.toSpliced(spot.node, 1);
  const isGone = rest.length === 0;
  const chosen = isDrawing && !isGone ? { instance: spot.instance, node: Math.max(0, spot.node - 1) } : null;
  const drawing = isGone ? null : work.hand.drawing;
  return finished(work, "delete-corner", withCorners(work.label, spot.instance, rest), { chosen, armed: false, drawing });
}

export function erase(work: Work): Edited {
  const all = outlinesOf(work.label);
  const instance = work.hand.drawing ?? work.hand.chosen?.instance ?? all.length - 1;
  const outline = all[instance];
  if (!outline) return unfinished(work, work.label, { drawing: null, freehand: false, chosen: null });
  if (outline.freehand) return finished(work, "clear", withCorners(work.label, instance, []), { drawing: null, chosen: null });
  const node = work.hand.chosen?.instance === instance ? work.hand.chosen.node : outline.corners.length - 1;
  return remove(work, { instance, node });
}

export function nudge(work: Work, dx: number, dy: number): Edited {
  const spot = work.hand.chosen;
  const corners = spot ? cornersOf(work.label, spot.instance) : [];
  const old = spot ? corners[spot.node] : undefined;
  if (!spot || !old) return unfinished(work, work.label, {});
  const moved = corners.with(spot.node, { x: old.x + dx, y: old.y + dy });
  return finished(work, "nudge", withCorners(work.label, spot.instance, moved), {});
}

/** Close the outline that is being drawn; one of too few corners stays open. */
export function finish(work: Work, most: number): Edited {
  const { drawing } = work.hand;
  if (drawing === null || cornersOf(work.label, drawing).length < FEWEST) return unfinished(work, work.label, {});
  const isLast = outlinesOf(work.label).length >= most;
  return finished(work, "close-outline", work.label, { drawing: null, chosen: null, armed: false }, isLast);
}

export function hit(label: Label, at: Pt, reach: number): Target | null {
  let best: Target | null = null;
  outlinesOf(label).forEach(({ corners, freehand }, instance) => {
    corners.forEach((corner, node) => {
      const far = distance(corner, at);
      if (far > reach || (best && far >= best.distance) || (freehand && node > 0)) return;
      best = { kind: "handle", spot: { instance, node }, distance: far };
    });
  });
  if (best) return best;
  outlinesOf(label).forEach(({ corners }, instance) => {
    corners.forEach((a, node) => {
      const { at: on, t: share } = nearestOnSegment(a, corners[(node + 1) % corners.length] as Pt, at);
      const far = distance(on, at);
      if (far > reach * BODY_SHARE || (best && far >= best.distance)) return;
      best = { kind: "body", instance, place: { at: on, distance: far, node, share }, distance: far };
    });
  });
  return best;
}
