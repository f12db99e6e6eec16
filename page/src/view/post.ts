/** What one item's desk sends: answers, how the item was finished, notes to the lead; and the clock of real work. */

import type { Display, ItemView, MyProject } from "../api";
import { newId } from "../core/canonical";
import { NO_WORK, worked, type Work as WorkTime } from "../core/clock";
import type { Label, Question } from "../core/types";
import { toLabel } from "../tools/index";
import { session } from "./session.svelte";

const SESSION = newId();

export type Outcome = { readonly outcome: "done" | "unusable"; readonly reason: string };
export type NoteKind = "flag" | "comment" | "feedback";

export class Post {
  /** The answer that each label came from, which the next one supersedes. */
  ids: Record<string, string> = {};
  private time: WorkTime = NO_WORK;

  constructor(
    private readonly view: ItemView,
    private readonly project: MyProject,
    private readonly display: () => Display,
    private readonly undoCount: () => number,
  ) {}

  /** The person did something: the clock of real work goes on. */
  touch(): void {
    this.time = worked(this.time, performance.now() / 1000);
  }

  answer(question: Question, label: Label, gesture: string): void {
    const supersedes = this.ids[question.key] ?? null;
    if (supersedes === null && label.visibility === "unasked") return;
    const id = newId();
    this.ids[question.key] = id;
    const body = {
      question: question.key,
      label: toLabel(question, label),
      supersedes,
      display: this.display(),
      ...this.context(gesture),
    };
    session.library.touched(this.view.item);
    session.saver.add({ id, kind: "answer", question: question.key, ...this.place(), body });
  }

  submission({ outcome, reason }: Outcome): void {
    session.library.finished.add(this.view.item);
    const body = { outcome, reason, comment: "", ...this.context("submit") };
    session.saver.add({ id: newId(), kind: "submission", question: null, ...this.place(), body });
  }

  /** Tell the lead something about the item; it stands as it stood. */
  note(kind: NoteKind, text: string): void {
    this.touch();
    const body = { kind, text, ...this.context("note") };
    session.saver.add({ id: newId(), kind: "note", question: null, ...this.place(), body });
  }

  /** How the item was finished last: what waits here, else what the server knows. */
  lastOutcome(): Outcome | null {
    const waiting = session.saver.entries.filter((e) => e.kind === "submission" && e.item === this.view.item).at(-1);
    return (waiting?.body as Outcome | undefined) ?? this.view.submission;
  }

  private place(): { project: string; item: string } {
    return { project: this.project.slug, item: this.view.item };
  }

  private context(kind: string): Record<string, unknown> {
    const { active_s } = this.time;
    const gesture = { kind, at: new Date().toISOString(), active_s, undo_count: this.undoCount(), session: SESSION };
    return { ...this.place(), protocol_version: this.project.protocol.version, gesture };
  }
}
