/**
 * A pack as it arrives: u32 n, n x u32 length (little-endian), then n image files one behind the other. Pure; the
 * caller gives chunks as they come and takes out the files that are whole.
 */

export interface Picture {
  readonly index: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
}

export class PackReader {
  private held: Uint8Array<ArrayBuffer>[] = [];
  private heldBytes = 0;
  private lengths: number[] | null = null;
  private next = 0;

  /** How many pictures the pack has; null until its head is there. */
  get count(): number | null {
    return this.lengths?.length ?? null;
  }

  get done(): boolean {
    return this.lengths !== null && this.next === this.lengths.length;
  }

  /** Take a chunk in, give the pictures that are whole now. */
  push(chunk: Uint8Array<ArrayBuffer>): Picture[] {
    this.held.push(chunk);
    this.heldBytes += chunk.length;
    if (!this.lengths && !this.readHead()) return [];
    const out: Picture[] = [];
    for (let bytes = this.takeNext(); bytes; bytes = this.takeNext()) {
      out.push({ index: this.next++, bytes, type: imageType(bytes) });
    }
    return out;
  }

  private takeNext(): Uint8Array<ArrayBuffer> | null {
    const length = this.lengths?.[this.next];
    return length === undefined ? null : this.take(length);
  }

  private readHead(): boolean {
    const whole = this.joined();
    if (whole.length < 4) return false;
    const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
    const n = view.getUint32(0, true);
    if (whole.length < 4 + 4 * n) return false;
    this.lengths = Array.from({ length: n }, (_, i) => view.getUint32(4 + 4 * i, true));
    this.take(4 + 4 * n);
    return true;
  }

  private take(length: number): Uint8Array<ArrayBuffer> | null {
    if (this.heldBytes < length) return null;
    const whole = this.joined();
    this.held = [whole.subarray(length)];
    this.heldBytes -= length;
    return whole.slice(0, length);
  }

  private joined(): Uint8Array<ArrayBuffer> {
    const [only] = this.held;
    if (this.held.length === 1 && only) return only;
    const whole = new Uint8Array(this.heldBytes);
    let at = 0;
    for (const part of this.held) {
      whole.set(part, at);
      at += part.length;
    }
    this.held = [whole];
    return whole;
  }
}

/** The media type by the file's first bytes. */
export function imageType(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return "image/jpeg";
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return "image/png";
  if (bytes[0] === 0x52 && bytes[8] === 0x57) return "image/webp";
  return "application/octet-stream";
}
