/** My labels of an item from all places that may have them: the server, this window, the outbox, drafts. */

import type { ItemView } from "../api";
import { latest, overlay, type Known } from "../core/outbox";
import type { Label, Question } from "../core/types";
import { drafts } from "../keep";
import { fromLabel } from "../tools/index";
import { session } from "./session.svelte";

interface AtHand {
  readonly labels: Record<string, Label>;
  /** The answer that each label came from, which the next one supersedes. */
  readonly ids: Record<string, string>;
}

export function labelsAtHand(view: ItemView, questions: readonly Question[]): AtHand {
  const byKey = new Map(questions.map((q) => [q.key, q]));
  const read = (key: string, raw: unknown): Label | null => {
    const question = byKey.get(key);
    return question ? fromLabel(question, raw) : null;
  };
  const known = (answers: readonly (Omit<Known, "label"> & { readonly label: unknown })[]): Known[] =>
    answers.flatMap(({ id, question, label: raw, seq }) => {
      const label = read(question, raw);
      return label ? [{ id, question, label, seq }] : [];
    });
  const standing = latest(known(view.answers), known(session.saver.landed(view.item)));
  const { labels, ids } = overlay(standing, session.saver.entries, view.item, read);
  const all: Record<string, Label> = { ...labels };
  for (const [key, raw] of Object.entries(drafts.read(session.me?.id ?? "", view.item))) {
    const label = read(key, raw);
    if (label) all[key] = label;
  }
  return { labels: all, ids: { ...ids } };
}
