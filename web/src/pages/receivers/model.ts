// What the server tells of a receiver (docs/API.md), and what is read off it.
export interface Range {
    sectors: number;
    bands_ft: number[]; // borders between the bands
    m: number[][]; // by band, then sector from north to the east; 0 nothing
}
export interface Receiver {
    number: number;
    name: string;
    source: number;
    simulated: boolean;
    lat?: number;
    lon?: number;
    alt_m?: number;
    frames: number;
    last?: number;
    age?: number;
    formats: Record<string, number>;
    values: number;
    repaired: number;
    bad_parity: number;
    unknown: number;
    duplicate: number;
    positions: number;
    rejected: Record<string, number>;
    levels?: { step_db: number; counts: number[] };
    range?: Range;
    radio?: { samples: number; lost: number; overruns: number; clipped: number; strong: number; repaired: number; noise_dbfs: number | null; gain_db: number | null };
}
/* What the server tells of one from which no frame came yet is its name: nothing was counted. */
const NONE_HEARD = { frames: 0, formats: {}, values: 0, repaired: 0, bad_parity: 0, unknown: 0, duplicate: 0, positions: 0, rejected: {} };
export const counted = (r: Partial<Receiver>): Receiver => ({ ...NONE_HEARD, ...r }) as Receiver;

export interface Minutes {
    now: number;
    columns: string[];
    rows: (number | null)[][];
}

export type Point = [t: number, value: number];

/* One column over time; a minute without a row, or one that does not know it, tears the line. */
export function seriesOf(m: Minutes, column: string): Point[][] {
    const [at, k] = [m.columns.indexOf('t'), m.columns.indexOf(column)];
    const lines: Point[][] = [];
    let before = NaN;
    for (const row of k < 0 ? [] : m.rows) {
        const [t, v] = [row[at]!, row[k]];
        if (v === null) {
            before = NaN;
            continue;
        }
        if (t - before <= 90) lines[lines.length - 1].push([t, v]);
        else lines.push([[t, v]]);
        before = t;
    }
    return lines;
}

/* Farthest in each sector up to and with a band: bands lie upon each other. */
export function outlines(r: Range): number[][] {
    return r.m.map((_, band) => r.m[0].map((_z, i) => Math.max(...r.m.slice(0, band + 1).map((b) => b[i] ?? 0))));
}

/* Mean level of the frames, by the middles of their steps; NaN without frames. */
export function meanLevel(l: { step_db: number; counts: number[] }): number {
    const n = l.counts.reduce((a, b) => a + b, 0);
    return n ? -l.counts.reduce((s, c, i) => s + c * (i + 0.5) * l.step_db, 0) / n : NaN;
}

export const sum = (counts: Record<string, number>) => Object.values(counts).reduce((a, b) => a + b, 0);
