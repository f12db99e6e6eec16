/** All tools by name: every file of this folder that offers a `TOOL`. */

import { tiesOf } from "../core/ties";
import { isCurve, labelOf, UNASKED } from "../core/types";
import type { Label, Labels, Question } from "../core/types";
import { isPerBeat } from "../core/waves";
import { record } from "./base";
import type { RawLabel, Tool } from "./base";

const files = import.meta.glob<{ TOOL?: Tool }>(["./*.ts", "!./index.ts", "!./base.ts", "!./*.test.ts"], { eager: true });

export const tools: ReadonlyMap<string, Tool> = new Map(
  Object.values(files).flatMap((file) => (file.TOOL ? [[file.TOOL.name, file.TOOL] as const] : [])),
);

/** The tool of a question; an unknown one is an error of the protocol and says so. */
export function toolOf(question: Question): Tool {
  const tool = tools.get(question.tool);
  if (!tool) throw new Error(`${question.key}: no tool ${question.tool}; there are: ${[...tools.keys()].join(", ")}`);
  return tool;
}

const VISIBILITIES: readonly unknown[] = ["seen", "blurred", "off", "unasked"];

/** Read a label of a question; null when it is not one. */
export function fromLabel(question: Question, raw: unknown): Label | null {
  const given = record(raw);
  const rows = given?.["instances"];
  if (!given || !VISIBILITIES.includes(given["visibility"]) || !Array.isArray(rows)) return null;
  const tool = toolOf(question);
  const instances = rows.flatMap((row: unknown) => tool.readInstance(row) ?? []);
  if (instances.length !== rows.length) return null;
  const visibility = given["visibility"] as Label["visibility"];
  return visibility === "unasked" ? UNASKED : { visibility, instances };
}

export function toLabel(question: Question, label: Label): RawLabel {
  return toolOf(question).toLabel(label);
}

/** Whether a question's structures are drawn in several steps. */
export function isDrawn(question: Question): boolean {
  return question.tool === "trace" || toolOf(question).openInstance !== undefined;
}

/** Which instance is still being drawn: the last, when it is too short or not tied yet; else null. */
export function halfDrawn(question: Question, labels: Labels): number | null {
  const label = labelOf(labels, question.key);
  const open = toolOf(question).openInstance?.(label);
  if (open !== undefined) return open;
  const last = label.instances.length - 1;
  const curve = label.instances[last];
  if (!isCurve(curve)) return null;
  const start = tiesOf(question).start;
  const said = start === undefined ? "off" : labelOf(labels, start).visibility;
  const untied = said === "unasked" ? last === 0 || isPerBeat(question) : said === "seen" && isPerBeat(question);
  const isNamed = curve.nodes.some((n) => n.key !== undefined);
  return !toolOf(question).isWhole(label, question) || (untied && !isNamed) ? last : null;
}
