/** One item on the desk: its labels, the hand that draws them, and what of it is to be saved. */

import { api, type Display, type ItemView, type MyProject } from "../api";
import { asked, pruned } from "../core/asked";
import { isSeveral } from "../core/choosing";
import { missing, nextMissing } from "../core/queue";
import { changed, emptyStore, reduce } from "../core/store";
import { follow, tieUp } from "../core/ties";
import { countOption, labelOf, UNASKED, type Label, type Labels, type Question, type Visibility } from "../core/types";
import { nextOfBeat } from "../core/waves";
import { drafts } from "../keep";
import { FREE_HAND, type Hand, type Spot, type ToolEvent, type Work } from "../tools/base";
import { halfDrawn, isDrawn, toolOf } from "../tools/index";
import { labelsAtHand } from "./athand";
import { Post, type NoteKind, type Outcome } from "./post";
import { session } from "./session.svelte";
import { Tabs } from "./tabs.svelte";

/** Tools whose structures can be drawn in one stroke. */
const FREEHAND: ReadonlySet<string> = new Set(["trace", "outline"]);

export class Desk {
  store = $state.raw(emptyStore());
  hands = $state.raw<Readonly<Record<string, Hand>>>({});
  active = $state<string | null>(null);
  message = $state("");
  outcome = $state.raw<Outcome | null>(null);
  readonly questions: readonly Question[];
  readonly question: Question | null = $derived.by(() => this.questions.find((q) => q.key === this.active) ?? null);
  /** The questions that are asked, as the answers stand. */
  readonly asked: readonly Question[] = $derived.by(() => asked(this.questions, this.store.labels));
  readonly tabs = new Tabs();
  private readonly post: Post;

  constructor(
    readonly view: ItemView,
    readonly project: MyProject,
    display: () => Display,
  ) {
    this.post = new Post(view, project, display, () => this.store.undoCount);
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
    this.post.touch();
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
    const hasEnded = work.hand.drawing !== null && next.hand.drawing === null;
    this.commit(whole || hasEnded ? tieUp(labels, question) : labels, gesture);
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
    this.post.submission(this.outcome);
    return true;
  }

  /** Tell the lead something about the item; it stands as it stood. */
  tell(kind: NoteKind, text: string): void {
    this.post.note(kind, text);
  }

  /** Take up what another window of mine saved meanwhile, unless something here is unsaved or half-drawn. */
  async refresh(): Promise<void> {
    if (this.isBusy()) return;
    const view = await api.item(this.view.item).catch(() => null);
    if (!view || this.isBusy() || view.answers.every((a) => this.post.ids[a.question] === a.id)) return;
    session.library.touched(this.view.item);
    const { labels, ids } = labelsAtHand(view, this.questions);
    if (changed(this.store.kept, labels).length === 0) return;
    this.post.ids = { ...ids };
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
    this.post.ids = { ...ids };
    this.store = emptyStore(labels);
    this.outcome = this.post.lastOutcome();
    this.repairHands();
    const first = this.asked.find((q) => !this.isAnswered(q)) ?? this.questions[0];
    this.active = first?.key ?? null;
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
      if (question && toolOf(question).isWhole(this.label(key), question)) this.post.answer(question, this.label(question.key), gesture);
    }
    const half = this.questions.filter((q) => !toolOf(q).isWhole(labelOf(after, q.key), q));
    const open = Object.fromEntries(half.map((q) => [q.key, labelOf(after, q.key)]));
    drafts.write(session.me?.id ?? "", this.view.item, open);
    return keys;
  }

  private advance(): void {
    const inBeat = nextOfBeat(this.asked, this.active, (q) => this.takesMore(q));
    const next = inBeat ?? nextMissing(this.asked, (q) => this.isAnswered(q), this.active);
    this.letGo();
    if (next) this.active = next.key;
  }

  /** Whether one more instance can be drawn: not said to be invisible, not as many as are asked. */
  private takesMore(question: Question): boolean {
    const { visibility, instances } = this.label(question.key);
    return visibility !== "blurred" && visibility !== "off" && instances.length < countOption(question, "instances", 1);
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
