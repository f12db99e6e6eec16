/** The little Markdown that instructions use: paragraphs, lists, bold and emphasis; pure, no HTML passes. */

export interface Span {
  readonly text: string;
  readonly style: "plain" | "strong" | "em";
}

export interface Block {
  readonly kind: "paragraph" | "list";
  readonly rows: readonly (readonly Span[])[];
}

export function parseProse(text: string): Block[] {
  return text
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter(Boolean)
    .map(block);
}

function block(part: string): Block {
  if (!/^[-*] /.test(part)) return { kind: "paragraph", rows: [spans(joined(part))] };
  const rows = part.split(/\n(?=[-*] )/).map((row) => spans(joined(row.replace(/^[-*] /, ""))));
  return { kind: "list", rows };
}

function joined(text: string): string {
  return text.split("\n").map((line) => line.trim()).join(" ");
}

function spans(text: string): Span[] {
  return text
    .split(/(\*\*[^*]+\*\*|\*[^*]+\*)/)
    .filter(Boolean)
    .map((piece) => {
      if (/^\*\*.+\*\*$/.test(piece)) return { text: piece.slice(2, -2), style: "strong" };
      if (/^\*.+\*$/.test(piece)) return { text: piece.slice(1, -1), style: "em" };
      return { text: piece, style: "plain" };
    });
}
