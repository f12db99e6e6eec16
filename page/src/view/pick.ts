/** What of the labels lies under the pointer; pure but for reading the desk. */

import type { Pt, Question } from "../core/types";
import type { Hand, Spot, Target } from "../tools/base";
import { toolOf } from "../tools/index";
import type { Desk } from "./desk.svelte";

export interface Picked {
  readonly key: string;
  readonly target: Target;
}

/**
 * The active structure first; while it still wants drawing nothing else is in the way. Otherwise the nearest handle
 * of any, then the line. On touch a handle may also be held by its disc, `offset` px below it.
 */
export function pick(desk: Desk, at: Pt, reach: number, offset: number | null): Picked | null {
  const active = desk.question;
  if (!active) return null;
  const { hand } = desk.work(active);
  if (hand.freehand) return null;
  const own = hitEither(desk, active.key, at, reach, offset);
  if (own?.target.kind === "handle" || !desk.isAnswered(active)) return own;
  const others = desk.questions
    .filter((q) => q.key !== active.key && desk.label(q.key).visibility === "seen")
    .flatMap((q) => hitEither(desk, q.key, at, reach, offset) ?? []);
  const nearest = (kind: Target["kind"]): Picked | undefined =>
    others.filter((o) => o.target.kind === kind).toSorted((a, b) => a.target.distance - b.target.distance)[0];
  return nearest("handle") ?? own ?? nearest("body") ?? null;
}

function hitEither(desk: Desk, key: string, at: Pt, reach: number, offset: number | null): Picked | null {
  const question = desk.questions.find((q) => q.key === key);
  if (!question) return null;
  const tool = toolOf(question);
  const label = desk.label(key);
  const disc = offset === null ? null : tool.hit(label, { x: at.x, y: at.y - offset }, reach);
  const isHeld = disc?.kind === "handle" && hasDisc(question, desk.work(question).hand, disc.spot);
  const target = isHeld ? disc : tool.hit(label, at, reach);
  return target ? { key, target } : null;
}

/** Whether a handle has a disc below it: a point, or the node in hand; none while more nodes are being set. */
export function hasDisc(question: Question, hand: Hand, spot: Spot): boolean {
  if (question.tool === "place") return true;
  const { chosen, drawing } = hand;
  return drawing === null && chosen?.instance === spot.instance && chosen.node === spot.node;
}

/** Whether the active structure was said not to be visible: a stray click must not take that back. */
export function isClosed(desk: Desk, picked: Picked | null): boolean {
  const visibility = desk.question && !picked ? desk.label(desk.question.key).visibility : "seen";
  return visibility === "blurred" || visibility === "off";
}

/** Whether a press there begins a structure, or one more instance of it. */
export function startsNew(desk: Desk, picked: Picked | null): boolean {
  const question = desk.question;
  if (!question || picked) return false;
  const { hand } = desk.work(question);
  return hand.drawing === null && !hand.armed;
}
