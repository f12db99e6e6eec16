/** The gestures of `trace`: what each event does to a curve's nodes. Pure. */

import { distance, nearestPlace } from "../../core/geometry";
import type { Place } from "../../core/geometry";
import { pulled } from "../../core/pull";
import { render } from "../../core/spline";
import { isCurve, seen } from "../../core/types";
import type { Curve, Label, Node, Pt, Step } from "../../core/types";
import { carried, finished, isMoved, unfinished } from "../base";
import type { Edited, Grip, Spot, Target, ToolEvent, Work } from "../base";
import { moved } from "./whole";

type Press = Extract<ToolEvent, { kind: "press" }>;

/** Whether the structure is done with the curve that just ended. */
type IsLast = (label: Label) => boolean;

/** The line itself is hit from nearer than a handle is. */
const BODY_SHARE = 0.7;
/** Grab the line this near to a node (share of its segment) and the node moves; elsewhere a new one is made. */
const NODE_SHARE = 0.28;
/** Points of a freehand trace are at least this far apart, px. */
const TRACE_STEP_PX = 0.5;
const MAX_TRACE_NODES = 4900;

function curvesOf(label: Label): Curve[] {
  return label.instances.filter(isCurve);
}

function withNodes(label: Label, instance: number, nodes: readonly Node[]): Label {
  const curves = curvesOf(label);
  const curve = curves[instance];
  if (!curve) return label;
  return seen(nodes.length === 0 ? curves.toSpliced(instance, 1) : curves.with(instance, { ...curve, nodes }));
}

function nodesOf(label: Label, instance: number): readonly Node[] {
  return curvesOf(label)[instance]?.nodes ?? [];
}

export function press(work: Work, event: Press, maxCurves: number): Edited {
  const { hand, label } = work;
  if (hand.freehand) return beginTrace(work, event, maxCurves);
  if (event.target?.kind === "handle") {
    if (event.remove) return remove(work, event.target.spot);
    return hold(work, label, event.target.spot, "handle", event);
  }
  if (event.remove) return unfinished(work, label, { grip: null });
  if (event.target?.kind === "body") return holdBody(work, event, event.target.instance, event.target.place);
  if (hand.drawing !== null) return append(work, event, hand.drawing);
  if (hand.armed && hand.chosen) {
    const { instance, node } = hand.chosen;
    const nodes = nodesOf(label, instance);
    const old = nodes[node];
    if (old) {
      const there = withNodes(label, instance, moved(nodes, node, event.at));
      return hold(work, there, hand.chosen, "handle", { ...event, slop: -1 });
    }
  }
  const n = curvesOf(label).length;
  if (n >= maxCurves) return unfinished(work, label, { chosen: null, armed: false, grip: null });
  const curve: Curve = { nodes: [event.at], spline: "natural-cubic/chord", freehand: false };
  const begun = unfinished(work, seen([...curvesOf(label), curve]), { drawing: n });
  return hold(begun.work, begun.work.label, { instance: n, node: 0 }, "new", event);
}

function append(work: Work, event: Press, instance: number): Edited {
  const nodes = nodesOf(work.label, instance);
  const label = withNodes(work.label, instance, [...nodes, event.at]);
  return hold(work, label, { instance, node: nodes.length }, "new", event);
}

function hold(work: Work, label: Label, spot: Spot, kind: Grip["kind"], event: Press): Edited {
  const start = nodesOf(label, spot.instance)[spot.node] ?? event.at;
  const slop = kind === "new" ? 0 : event.slop;
  const grip: Grip = { kind, spot, from: event.at, start, slop, moved: slop < 0, place: null };
  return unfinished(work, label, { chosen: spot, armed: false, grip });
}

function holdBody(work: Work, event: Press, instance: number, place: Place): Edited {
  const spot = { instance, node: place.node };
  const { slop, at } = event;
  const grip: Grip = { kind: "body", spot, from: at, start: place.at, slop, moved: false, place };
  return unfinished(work, work.label, { grip, armed: false });
}

function beginTrace(work: Work, event: Press, maxCurves: number): Edited {
  const curves = curvesOf(work.label);
  const instance = Math.min(work.hand.drawing ?? curves.length, maxCurves - 1);
  const curve: Curve = { nodes: [event.at], spline: "polyline", freehand: true };
  const spot = { instance, node: 0 };
  const grip: Grip = { kind: "trace", spot, from: event.at, start: event.at, slop: 0, moved: false, place: null };
  const all = instance < curves.length ? curves.with(instance, curve) : [...curves, curve];
  return unfinished(work, seen(all), { drawing: instance, chosen: null, armed: false, grip });
}

export function drag(work: Work, at: Pt, trail: readonly Pt[]): Edited {
  const grip = work.hand.grip;
  if (!grip || !isMoved(grip, at)) return unfinished(work, work.label, {});
  if (grip.kind === "trace") return extend(work, grip, trail.length > 0 ? trail : [at]);
  if (grip.kind === "body") return bendFrom(work, grip, at);
  const { instance, node } = grip.spot;
  const nodes = nodesOf(work.label, instance);
  const old = nodes[node];
  if (!old) return unfinished(work, work.label, { grip: null });
  const label = withNodes(work.label, instance, moved(nodes, node, carried(grip, at)));
  return unfinished(work, label, { grip: { ...grip, moved: true } });
}

function extend(work: Work, grip: Grip, trail: readonly Pt[]): Edited {
  const nodes = [...nodesOf(work.label, grip.spot.instance)];
  for (const p of trail) {
    const last = nodes.at(-1);
    const far = !last || distance(last, p) >= TRACE_STEP_PX;
    if (far && nodes.length < MAX_TRACE_NODES) nodes.push({ x: p.x, y: p.y });
  }
  return unfinished(work, withNodes(work.label, grip.spot.instance, nodes), { grip: { ...grip, moved: true } });
}

/** The line was grabbed and is now pulled: the curve goes with the pointer, by a node near it or by a new one. */
function bendFrom(work: Work, grip: Grip, at: Pt): Edited {
  const { instance } = grip.spot;
  const curve = curvesOf(work.label)[instance];
  const place = grip.place;
  if (!curve || !place) return unfinished(work, work.label, { grip: null });
  if (curve.freehand || curve.spline === "polyline") return pull(work, grip, curve, at);
  const free = (i: number): boolean => i > 0 && i < curve.nodes.length - 1 && curve.nodes[i]?.key === undefined;
  const near = place.share < NODE_SHARE ? place.node : place.share > 1 - NODE_SHARE ? place.node + 1 : -1;
  const taken = near >= 0 && free(near) ? near : -1;
  const label = taken >= 0 ? work.label : withInserted(work.label, instance, place);
  const spot = { instance, node: taken >= 0 ? taken : place.node + 1 };
  const start = nodesOf(label, instance)[spot.node] ?? place.at;
  const held = unfinished(work, label, { chosen: spot, grip: { ...grip, kind: "handle", spot, start, moved: true } });
  return drag(held.work, at, []);
}

function pull(work: Work, grip: Grip, curve: Curve, at: Pt): Edited {
  const start = { x: grip.start.x + at.x - grip.from.x, y: grip.start.y + at.y - grip.from.y };
  const label = withNodes(work.label, grip.spot.instance, pulled(curve.nodes, grip, at));
  return unfinished(work, label, { grip: { ...grip, from: at, start, moved: true } });
}

function withInserted(label: Label, instance: number, place: Place): Label {
  const nodes = nodesOf(label, instance);
  const step = nodes[place.node]?.step;
  const node: Node = { ...place.at, ...(step === "straight" ? { step } : {}) };
  return withNodes(label, instance, nodes.toSpliced(place.node + 1, 0, node));
}

export function release(work: Work, isLast: IsLast): Edited {
  const { grip, drawing } = work.hand;
  if (!grip) return unfinished(work, work.label, {});
  switch (grip.kind) {
    case "trace":
      return endTrace(work, grip, isLast);
    case "new":
      return finished(work, "add-node", work.label, {});
    case "body":
      return grip.moved ? finished(work, "bend", work.label, {}) : insert(work, grip);
    case "handle":
      if (!grip.moved) return unfinished(work, work.label, { armed: drawing === null, grip: null });
      return finished(work, grip.place ? "bend" : "move-node", work.label, { armed: false });
  }
}

function insert(work: Work, grip: Grip): Edited {
  const curve = curvesOf(work.label)[grip.spot.instance];
  if (!grip.place || !curve || curve.freehand) return unfinished(work, work.label, { grip: null });
  const chosen = { instance: grip.spot.instance, node: grip.place.node + 1 };
  return finished(work, "insert-node", withInserted(work.label, grip.spot.instance, grip.place), { chosen });
}

function endTrace(work: Work, grip: Grip, isLast: IsLast): Edited {
  const nodes = nodesOf(work.label, grip.spot.instance);
  if (nodes.length < 3) {
    return finished(work, "freehand", withNodes(work.label, grip.spot.instance, []), { drawing: null });
  }
  return finished(work, "freehand", work.label, { drawing: null, freehand: false }, isLast(work.label));
}

function remove(work: Work, spot: Spot): Edited {
  const nodes = nodesOf(work.label, spot.instance);
  const isDrawing = work.hand.drawing === spot.instance;
  const rest = nodes.length <= 2 && !isDrawing ? [] : nodes.toSpliced(spot.node, 1);
  const label = withNodes(work.label, spot.instance, rest);
  const node = Math.max(0, spot.node - 1);
  const chosen = rest.length > 0 && isDrawing ? { instance: spot.instance, node } : null;
  const drawing = rest.length > 0 ? work.hand.drawing : null;
  return finished(work, "delete-node", label, { chosen, armed: false, drawing });
}

export function erase(work: Work): Edited {
  const curves = curvesOf(work.label);
  const instance = work.hand.drawing ?? work.hand.chosen?.instance ?? curves.length - 1;
  const curve = curves[instance];
  if (!curve) return unfinished(work, work.label, { drawing: null, freehand: false, chosen: null });
  if (curve.freehand && !work.hand.chosen) {
    return finished(work, "clear", withNodes(work.label, instance, []), { drawing: null, chosen: null });
  }
  const node = work.hand.chosen?.instance === instance ? work.hand.chosen.node : curve.nodes.length - 1;
  return remove(work, { instance, node });
}

export function nudge(work: Work, dx: number, dy: number): Edited {
  const spot = work.hand.chosen;
  const nodes = spot ? nodesOf(work.label, spot.instance) : [];
  const old = spot ? nodes[spot.node] : undefined;
  if (!spot || !old) return unfinished(work, work.label, {});
  const there = moved(nodes, spot.node, { x: old.x + dx, y: old.y + dy });
  return finished(work, "nudge", withNodes(work.label, spot.instance, there), {});
}

/** End the curve that is being drawn; too short a one stays open. */
export function finish(work: Work, fewest: number, isLast: IsLast): Edited {
  const { drawing } = work.hand;
  if (drawing === null || nodesOf(work.label, drawing).length < fewest) return unfinished(work, work.label, {});
  return finished(work, "finish-curve", work.label, { drawing: null, chosen: null, armed: false }, isLast(work.label));
}

/** Make the chosen segment straight or a gap; a second time makes it bendy again. */
export function setStep(work: Work, step: Step): Edited {
  const spot = work.hand.chosen;
  const nodes = spot ? nodesOf(work.label, spot.instance) : [];
  if (!spot || nodes.length === 0) return unfinished(work, work.label, {});
  const isLast = spot.node === nodes.length - 1 && work.hand.drawing !== spot.instance;
  const i = isLast ? spot.node - 1 : spot.node;
  const { step: old, ...node } = nodes[i] as Node;
  const next = step === "bend" || old === step ? node : { ...node, step };
  return finished(work, "set-step", withNodes(work.label, spot.instance, nodes.with(i, next)), {});
}

export function hit(label: Label, at: Pt, reach: number): Target | null {
  let best: Target | null = null;
  curvesOf(label).forEach((curve, instance) => {
    const ends = curve.freehand ? [0, curve.nodes.length - 1] : curve.nodes.map((_, i) => i);
    for (const i of ends) {
      const far = distance(curve.nodes[i] as Node, at);
      if (far <= reach && (!best || far < best.distance)) {
        best = { kind: "handle", spot: { instance, node: i }, distance: far };
      }
    }
  });
  if (best) return best;
  curvesOf(label).forEach((curve, instance) => {
    const place = nearestPlace(render(curve.nodes, curve.spline), at);
    if (place && place.distance <= reach * BODY_SHARE && (!best || place.distance < best.distance)) {
      best = { kind: "body", instance, place, distance: place.distance };
    }
  });
  return best;
}
