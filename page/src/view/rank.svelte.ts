/** The hand of one who puts cards in order: which card is chosen, which is taken, and what is said of it. */

import type { ItemView } from "../api";
import { begun, inOrder, isLevel, placeOf, type Arrange, type Order } from "../core/ordering";
import { orderOf } from "../tools/order";
import type { Desk } from "./desk.svelte";

export type Member = ItemView["members"][number];

const SAY = {
  untouched: "Nothing was moved. If the order is right as it stands, press Enter once more",
  unsaid: "Say which one, or that there is no visible difference",
  twoRemain: "Two must remain to be compared; if nothing can be judged, say that the item cannot be used",
};

export class Rank {
  /** The card that keys and buttons act on. */
  chosen = $state("");
  /** It was taken: the next tap on another card puts it there. */
  taken = $state(false);
  /** What a screen reader hears of the last move. */
  told = $state("");
  readonly shown: readonly string[];
  readonly isPair: boolean;
  readonly members: ReadonlyMap<string, Member>;
  readonly said: Order | null = $derived.by(() => (this.desk.question ? orderOf(this.desk.label(this.desk.question.key)) : null));
  readonly order: Order = $derived.by(() => this.said ?? begun(this.shown));
  private isWarned = false;

  constructor(
    readonly desk: Desk,
    members: readonly Member[],
  ) {
    this.members = new Map(members.map((member) => [member.code, member]));
    this.shown = members.map((member) => member.code);
    this.isPair = members.length === 2;
    this.chosen = this.isPair ? "" : (this.cards[0] ?? "");
  }

  /** The cards as they stand. */
  get cards(): string[] {
    return inOrder(this.order);
  }

  /** A card's letter: the same wherever it stands. */
  letter(member: string): string {
    return String.fromCharCode(65 + this.shown.indexOf(member));
  }

  /** Where a card stands, in words. */
  place(member: string): string {
    if (this.order.aside.includes(member)) return "set aside";
    const at = placeOf(this.order, member);
    const level = (this.order.groups[at] ?? []).filter((other) => other !== member).map((other) => this.letter(other));
    return `place ${at + 1} of ${this.order.groups.length}${level.length > 0 ? `, level with ${level.join(", ")}` : ""}`;
  }

  /** Of two: which was said to be first; null when none was. */
  get winner(): string | null {
    return this.said && !isLevel(this.said) ? (this.said.groups[0]?.[0] ?? null) : null;
  }

  get isAllLevel(): boolean {
    return this.said !== null && isLevel(this.said);
  }

  act(act: Arrange): void {
    this.isWarned = false;
    this.desk.message = "";
    const before = this.order;
    this.desk.event({ kind: "arrange", shown: this.shown, act });
    this.taken = false;
    if (act.do === "aside" && this.order === before) this.desk.message = SAY.twoRemain;
    const member = "member" in act ? act.member : "";
    this.told = act.do === "level" ? "no visible difference" : member ? `${this.letter(member)}: ${this.place(member)}` : "";
  }

  choose(member: string): void {
    this.chosen = member;
    this.taken = false;
  }

  chooseBy(by: number): void {
    const at = this.cards.indexOf(this.chosen);
    const next = this.cards[Math.min(this.cards.length - 1, Math.max(0, at + by))];
    if (next) this.choose(next);
  }

  /** A tap on a card: take it, or put the taken one on its place. */
  tap(member: string): void {
    if (this.isPair) return this.act({ do: "first", member });
    if (this.taken && this.chosen === member) return void (this.taken = false);
    if (this.taken) return this.act({ do: "onto", member: this.chosen, other: member });
    this.chosen = member;
    this.taken = true;
  }

  /** Whether an answer stands; an untouched order is taken as right when that is said twice. */
  isReady(): boolean {
    if (this.said) return true;
    if (this.isPair || !this.isWarned) {
      this.isWarned = true;
      this.desk.message = this.isPair ? SAY.unsaid : SAY.untouched;
      return false;
    }
    this.act({ do: "keep" });
    return true;
  }
}
