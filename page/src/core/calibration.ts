/**
 * A calibrated strip: where its baseline is, and what velocity and time a place stands for. Pure.
 *
 * Source: DICOM PS3.3 C.8.5.5 (US Region Calibration Module): a value is its distance from the place where the axis is
 * 0, in px, times the signed size of a pixel.
 */

import type { Pt } from "./types";

/** A calibrated area of the frame, as it comes over the wire: inclusive px bounds. */
export interface Region {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly kind: string;
  readonly unit_x: string;
  readonly unit_y: string;
  readonly delta_x: number;
  readonly delta_y: number;
  readonly zero_x?: number | null;
  readonly zero_y?: number | null;
}

export interface Tick {
  readonly value: number;
  /** Where it stands, px of the frame along the axis. */
  readonly at: number;
}

export interface Reading {
  readonly velocity_cm_s: number | null;
  readonly time_ms: number | null;
}

/** How well a strip's axes are known: all, no baseline (scale without a zero), or nothing. */
export type Known = "calibrated" | "no-baseline" | "uncalibrated";

const MS_PER_S = 1000;

/** The spectral strips of a frame with velocity over time, the largest first. */
export function stripsOf(regions: readonly Region[]): Region[] {
  const area = (r: Region): number => (r.x1 - r.x0 + 1) * (r.y1 - r.y0 + 1);
  return regions
    .filter((r) => r.unit_x === "s" && r.unit_y === "cm/s" && r.delta_x !== 0 && r.delta_y !== 0)
    .toSorted((a, b) => area(b) - area(a));
}

/** The strip that a place lies on, else the largest. */
export function stripAt(regions: readonly Region[], at: Pt): Region | null {
  const strips = stripsOf(regions);
  const holds = (r: Region): boolean => at.x >= r.x0 - 0.5 && at.x <= r.x1 + 0.5 && at.y >= r.y0 - 0.5 && at.y <= r.y1 + 0.5;
  return strips.find(holds) ?? strips[0] ?? null;
}

export function knownOf(regions: readonly Region[]): Known {
  const [strip] = stripsOf(regions);
  if (!strip) return "uncalibrated";
  return hasBaseline(strip) ? "calibrated" : "no-baseline";
}

function hasBaseline(strip: Region): strip is Region & { readonly zero_y: number } {
  return typeof strip.zero_y === "number";
}

/** The velocity at a row; null where the baseline is not known. */
export function velocityAt(strip: Region, y: number): number | null {
  return hasBaseline(strip) ? (y - strip.zero_y) * strip.delta_y : null;
}

/** The time at a column, from where the axis is 0, or from the strip's left edge when it does not say. */
export function timeAt(strip: Region, x: number): number {
  return (x - (strip.zero_x ?? strip.x0)) * strip.delta_x * MS_PER_S;
}

export function readingAt(regions: readonly Region[], at: Pt): Reading {
  const strip = stripAt(regions, at);
  if (!strip) return { velocity_cm_s: null, time_ms: null };
  return { velocity_cm_s: velocityAt(strip, at.y), time_ms: timeAt(strip, at.x) };
}

/** A reading in words: three figures of the velocity at most, whole ms; empty when nothing is known. */
export function said({ velocity_cm_s, time_ms }: Reading): string {
  const parts = [
    velocity_cm_s === null ? null : `${velocityWord(velocity_cm_s)} cm/s`,
    time_ms === null ? null : `${Math.round(time_ms)} ms`,
  ];
  return parts.filter((part) => part !== null).join(", ");
}

/** Tenths below 20 cm/s, as tissue moves; whole ones above, as blood does. */
export function velocityWord(velocity_cm_s: number): string {
  const text = velocity_cm_s.toFixed(Math.abs(velocity_cm_s) < 20 ? 1 : 0);
  return text.replace(/^-(?=0(\.0)?$)/, "");
}

/** Round values between two ends, about `wanted` of them, in steps of 1, 2 or 5 times a power of ten. */
export function roundValues(a: number, b: number, wanted: number): number[] {
  const low = Math.min(a, b);
  const high = Math.max(a, b);
  if (!(high > low) || wanted < 1) return [];
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((k) => k * power >= rough * (1 - 1e-9)) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/** The velocities to write along a strip; none without a baseline. */
export function velocityTicks(strip: Region, wanted: number): Tick[] {
  if (!hasBaseline(strip)) return [];
  const { zero_y, delta_y } = strip;
  const value = (y: number): number => (y - zero_y) * delta_y;
  return roundValues(value(strip.y0), value(strip.y1), wanted).map((v) => ({ value: v, at: zero_y + v / delta_y }));
}

/** The times to write along a strip, ms. */
export function timeTicks(strip: Region, wanted: number): Tick[] {
  const zero = strip.zero_x ?? strip.x0;
  return roundValues(timeAt(strip, strip.x0), timeAt(strip, strip.x1), wanted).map((v) => ({
    value: v,
    at: zero + v / MS_PER_S / strip.delta_x,
  }));
}
