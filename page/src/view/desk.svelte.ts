/** One item on the desk: its labels, the hand that draws them, and what of it is to be saved. */

import { api, type Display, type ItemView, type MyProject } from "../api";
import { asked, pruned } from "../core/asked";
import { newId } from "../core/canonical";
import { isSeveral } from "../core/choosing";
import { NO_WORK, worked, type Work as WorkTime } from "../core/clock";
import { missing, nextMissing } from "../core/queue";
import { changed, emptyStore, reduce } from "../core/store";
import { follow, tieUp } from "../core/ties";
import { labelOf, UNASKED, type Label, type Labels, type Question, type Visibility } from "../core/types";
import { drafts } from "../keep";
import { FREE_HAND, type Hand, type Spot, type ToolEvent, type Work } from "../tools/base";
import { halfDrawn, isDrawn, toLabel, toolOf } from "../tools/index";
import { labelsAtHand } from "./athand";
import { session } from "./session.svelte";
import { Tabs } from "./tabs.svelte";

const SESSION = newId();
/** Tools whose structures can be drawn in one stroke. */
const FREEHAND: ReadonlySet<string> = new Set(["trace", "outline"]);

export class Desk {
  store = $state.raw(emptyStore());
  hands = $state.raw<Readonly<Record<string, Hand>>>({});
  active = $state<string | null>(null);
  message = $state("");
  outcome = $state.raw<{ outcome: "done" | "unusable"; reason: string } | null>(null);
  readonly questions: readonly Question[];
  readonly question: Question | null = $derived.by(() => this.questions.find((q) => q.key === this.active) ?? null);
  /** The questions that are asked, as the answers stand. */
  readonly asked: readonly Question[] = $derived.by(() => asked(this.questions, this.store.labels));
  readonly tabs = new Tabs();
  private ids: Record<string, string> = {};
  private time: WorkTime = NO_WORK;

  constructor(
    readonly view: ItemView,
    readonly project: MyProject,
    private readonly display: () => Display,
  ) {
    this.questions = project.protocol.questions as readonly Question[];
    this.load();
  }

  /** What to do next with a structure. */
  hint(question: Question): string {
    return toolOf(question).hint(this.work(question), question);
  }

  label(key: string): Label {
    return labelOf(this.store.labels, key);
  }

  work(question: Question): Work {
    return { label: this.label(question.key), hand: this.hands[question.key] ?? FREE_HAND };
  }

  /** Whether a structure has its answer: nothing to do, nothing half-drawn. */
  isAnswered(question: Question): boolean {
    const { label, hand } = this.work(question);
    return label.visibility !== "unasked" && hand.drawing === null && toolOf(question).isWhole(label, question);
  }

  /** The person did something: the clock of real work goes on. */
  touch(): void {
    this.time = worked(this.time, performance.now() / 1000);
  }

  activate(key: string): void {
    const question = this.questions.find((q) => q.key === key);
    if (!question) return;
    this.finishDrawing(key);
    this.active = key;
    this.message = "";
    const isSet = question.tool === "place" && this.isAnswered(question) && this.label(key).visibility === "seen";
    this.letGo();
    if (isSet) this.setHand(key, { chosen: { instance: 0, node: 0 }, armed: true });
  }

  /** Give an event to the active structure's tool. `isLast` false holds back the save: more of it is coming. */
  event(event: ToolEvent, isLast = true): void {
    const question = this.question;
    if (!question) return;
    this.touch();
    const work = this.work(question);
    const { work: next, gesture, whole } = toolOf(question).edit(work, event, question);
    this.hands = { ...this.hands, [question.key]: next.hand };
    const labels = next.label === work.label ? this.store.labels : { ...this.store.labels, [question.key]: next.label };
    if (gesture === null || !isLast) {
      if (labels !== this.store.labels) this.preview(labels);
      return;
    }
    this.commit(whole ? tieUp(labels, question) : labels, gesture);
    if (whole) this.advance();
  }

  /** A gesture that did not come to its end leaves nothing. */
  abort(): void {
    this.store = reduce(this.store, { kind: "revert" });
    if (this.active !== null) this.setHand(this.active, { grip: null });
    this.repairHands();
  }

  /** Save what was only shown so far. */
  settle(gesture: string): void {
    if (this.store.labels !== this.store.kept) this.commit(this.store.labels, gesture);
  }

  setVisibility(visibility: Visibility): void {
    const question = this.question;
    if (!question?.visibilities.includes(visibility)) return;
    this.touch();
    const isUndone = this.label(question.key).visibility === visibility;
    const label = isUndone ? UNASKED : { visibility, instances: [] };
    this.setHand(question.key, FREE_HAND);
    this.commit({ ...this.store.labels, [question.key]: label }, isUndone ? "clear" : "visibility");
    if (!isUndone) this.advance();
  }

  clear(): void {
    if (this.active === null) return;
    this.touch();
    this.setHand(this.active, FREE_HAND);
    this.commit({ ...this.store.labels, [this.active]: UNASKED }, "clear");
  }

  toggleFreehand(): void {
    if (!this.question || !FREEHAND.has(this.question.tool)) return;
    this.setHand(this.question.key, { freehand: !this.work(this.question).hand.freehand });
  }

  undo(): void {
    this.travel("undo");
  }

  redo(): void {
    this.travel("redo");
  }

  nextMissing(by: 1 | -1): void {
    const next = nextMissing(this.asked, (q) => this.isAnswered(q), this.active, by);
    if (next) this.activate(next.key);
  }

  /** End the curve that is being drawn. Whether there was one. */
  finish(): boolean {
    const question = this.question;
    if (!question || this.work(question).hand.drawing === null) return false;
    this.event({ kind: "finish" });
    const isOpen = this.work(question).hand.drawing !== null;
    this.message = isOpen ? toolOf(question).hint(this.work(question), question) : "";
    return true;
  }

  /** From a choice of several that has its answer on to what is still missing. Whether there was something. */
  goOn(): boolean {
    const question = this.question;
    if (!question || question.tool !== "choose" || !isSeveral(question) || !this.isAnswered(question)) return false;
    if (missing(this.asked, this.store.labels, (q) => this.isAnswered(q)).length === 0) return false;
    this.nextMissing(1);
    return true;
  }

  /** Take a handle in hand, as the focus came to it. */
  choose(key: string, spot: Spot): void {
    if (this.active !== key) this.activate(key);
    this.setHand(key, { chosen: spot, armed: false });
  }

  /** Take a mark in time in hand, so that the arrows move it. */
  take(key: string, spot: Spot): void {
    if (this.active !== key) this.activate(key);
    this.setHand(key, { chosen: spot, armed: true });
  }

  /** Let go of every handle. */
  letGo(): void {
    for (const key of Object.keys(this.hands)) this.setHand(key, { chosen: null, armed: false, freehand: false });
  }

  /** Finish the item; false, with the reason said, when something required is missing. */
  submit(outcome: "done" | "unusable", reason: string): boolean {
    this.touch();
    this.finishDrawing(null);
    const open = missing(this.asked, this.store.labels, (q) => this.isAnswered(q));
    if (outcome === "done" && open[0]) {
      this.activate(open[0].key);
      this.message = `Still to do: ${open.map((q) => q.title).join(", ")}`;
      return false;
    }
    this.outcome = { outcome, reason };
    session.library.finished.add(this.view.item);
    const body = { outcome, reason, comment: "", ...this.context("submit") };
    session.saver.add({ id: newId(), kind: "submission", question: null, ...this.place(), body });
    return true;
  }

  /** Take up what another window of mine saved meanwhile, unless something here is unsaved or half-drawn. */
  async refresh(): Promise<void> {
    if (this.isBusy()) return;
    const view = await api.item(this.view.item).catch(() => null);
    if (!view || this.isBusy() || view.answers.every((a) => this.ids[a.question] === a.id)) return;
    session.library.touched(this.view.item);
    const { labels, ids } = labelsAtHand(view, this.questions);
    if (changed(this.store.kept, labels).length === 0) return;
    this.ids = { ...ids };
    this.store = emptyStore(labels);
    this.repairHands();
    this.message = "Changed in another window: this is how it stands";
  }

  private isBusy(): boolean {
    const isHalf = Object.values(this.hands).some((hand) => hand.drawing !== null || hand.grip !== null);
    return isHalf || session.saver.entries.some((e) => e.item === this.view.item && e.state === "waiting");
  }

  private load(): void {
    const { labels, ids } = labelsAtHand(this.view, this.questions);
    this.ids = { ...ids };
    this.store = emptyStore(labels);
    this.outcome = this.lastOutcome();
    this.repairHands();
    const first = this.asked.find((q) => !this.isAnswered(q)) ?? this.questions[0];
    this.active = first?.key ?? null;
  }

  private lastOutcome(): { outcome: "done" | "unusable"; reason: string } | null {
    const waiting = session.saver.entries.filter((e) => e.kind === "submission" && e.item === this.view.item).at(-1);
    const body = waiting?.body as { outcome: "done" | "unusable"; reason: string } | undefined;
    return body ?? this.view.submission;
  }

  /** Against what was shown last, not against what was kept: else a point that went along once holds its node back. */
  private preview(labels: Labels): void {
    this.store = reduce(this.store, { kind: "preview", labels: follow(this.store.labels, labels, this.questions) });
  }

  private commit(labels: Labels, gesture: string): void {
    const before = this.store.kept;
    const followed = pruned(follow(before, labels, this.questions), this.questions);
    this.store = reduce(this.store, { kind: "commit", labels: followed });
    this.message = "";
    this.save(before, this.store.kept, gesture);
  }

  private travel(kind: "undo" | "redo"): void {
    this.touch();
    const before = this.store.kept;
    this.store = reduce(this.store, { kind });
    const keys = this.save(before, this.store.kept, kind);
    if (keys[0] !== undefined && !keys.includes(this.active ?? "")) this.active = keys[0];
    this.letGo();
    this.repairHands();
  }

  /** Send every question that changed; what is half-drawn stays here until it is whole. */
  private save(before: Labels, after: Labels, gesture: string): string[] {
    const keys = changed(before, after);
    for (const key of keys) {
      const question = this.questions.find((q) => q.key === key);
      if (question && toolOf(question).isWhole(this.label(key), question)) this.saveOne(question, gesture);
    }
    const half = this.questions.filter((q) => !toolOf(q).isWhole(labelOf(after, q.key), q));
    const open = Object.fromEntries(half.map((q) => [q.key, labelOf(after, q.key)]));
    drafts.write(session.me?.id ?? "", this.view.item, open);
    return keys;
  }

  private saveOne(question: Question, gesture: string): void {
    const label = this.label(question.key);
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

  private place(): { project: string; item: string } {
    return { project: this.project.slug, item: this.view.item };
  }

  private context(kind: string): Record<string, unknown> {
    const { active_s } = this.time;
    const undo_count = this.store.undoCount;
    const gesture = { kind, at: new Date().toISOString(), active_s, undo_count, session: SESSION };
    return { ...this.place(), protocol_version: this.project.protocol.version, gesture };
  }

  private advance(): void {
    const next = nextMissing(this.asked, (q) => this.isAnswered(q), this.active);
    this.letGo();
    if (next) this.active = next.key;
  }

  /** Before turning to another structure: end the curve that is long enough. */
  private finishDrawing(except: string | null): void {
    const key = this.active;
    if (key === null || key === except || this.work(this.question as Question).hand.drawing === null) return;
    this.event({ kind: "finish" });
    this.active = key;
  }

  private setHand(key: string, hand: Partial<Hand>): void {
    this.hands = { ...this.hands, [key]: { ...(this.hands[key] ?? FREE_HAND), ...hand } };
  }

  /** After labels came from elsewhere: a structure is being drawn exactly when it is too short or not tied yet. */
  private repairHands(): void {
    for (const question of this.questions) {
      if (!isDrawn(question)) continue;
      this.setHand(question.key, { drawing: halfDrawn(question, this.store.labels), chosen: null, grip: null });
    }
  }
}
