/** My labels of an item from all places that may have them: the server, this window, the outbox, drafts. */

import type { ItemView } from "../api";
import { overlay } from "../core/outbox";
import type { Label, Question } from "../core/types";
import { drafts } from "../keep";
import { fromLabel } from "../tools/index";
import { session } from "./session.svelte";

/** How much later the server's answer must be to be another one than this window's, in ms. */
const LATER_MS = 2000;

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
  const known = new Map(
    view.answers.flatMap((a) => {
      const label = read(a.question, a.label);
      return label ? [[a.question, { id: a.id, question: a.question, label, at: Date.parse(a.at) }] as const] : [];
    }),
  );
  for (const [question, made] of [...sentOnOpening(view.item, read), ...session.library.madeHere(view.item)]) {
    const server = known.get(question);
    const isOurs = !server || server.id === made.id || server.at < made.at + LATER_MS;
    if (isOurs) known.set(question, { question, ...made });
  }
  const { labels, ids } = overlay([...known.values()], session.saver.entries, view.item, read);
  const all: Record<string, Label> = { ...labels };
  for (const [key, raw] of Object.entries(drafts.read(session.me?.id ?? "", view.item))) {
    const label = read(key, raw);
    if (label) all[key] = label;
  }
  return { labels: all, ids: { ...ids } };
}

/** What was found waiting when the page was opened: it may have left the outbox while the item was being fetched. */
function sentOnOpening(
  item: string,
  read: (key: string, raw: unknown) => Label | null,
): (readonly [string, { id: string; label: Label; at: number }])[] {
  const { entries, at } = session.saver.found;
  return entries.flatMap(({ id, item: of, question, body }) => {
    const label = of === item && question !== null ? read(question, body["label"]) : null;
    return question !== null && label ? [[question, { id, label, at }] as const] : [];
  });
}
