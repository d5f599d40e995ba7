// How well a place was heard, as the server remembers it (docs/COVERAGE.md).
import { periodArgs, type Period } from '../period';

export interface CoverageRow {
    hour?: string;
    band: string;
    word: 'heard' | 'not heard' | 'no data';
    p: number | null;
    p_low: number | null;
    p_high: number | null;
    heard_h: number; // aircraft-hours
    missed_h: number;
    presumed_h: number;
}
export interface CoverageAnswer {
    from: number;
    to: number;
    rows: CoverageRow[];
}
/* What an hour says of a place: heard low, only higher, aircraft passed unheard, nothing is known. */
export type Heard = 'low' | 'high' | 'missed' | 'unknown';

const LOW_BANDS = new Set(['ground', 'below 3,000 ft', '3,000 to 10,000 ft']);
export const isLow = (r: CoverageRow) => LOW_BANDS.has(r.band);
const PRESUMED_WEIGHT = 0.2;

export const circle = (lat: number, lon: number, km: number) => `circle=${lat.toFixed(4)},${lon.toFixed(4)},${km}km`;

export const coveragePath = (area: string, p: Period, by: 'area' | 'hour') => `api/v1/coverage?${new URLSearchParams({ area, ...periodArgs(p), by }).toString()}`;

const HALF = 0.5;
function share(rows: CoverageRow[]): number {
    const heard = rows.reduce((s, r) => s + r.heard_h, 0);
    const all = rows.reduce((s, r) => s + r.heard_h + r.missed_h + PRESUMED_WEIGHT * r.presumed_h, 0);
    return all > 0 ? heard / all : NaN;
}

/* By hours since 1970. */
export function hoursHeard(rows: CoverageRow[]): Map<number, Heard> {
    const by = new Map<number, CoverageRow[]>();
    for (const r of rows) {
        if (!r.hour) continue;
        const h = Math.floor(Date.parse(r.hour) / 3_600_000);
        by.set(h, [...(by.get(h) ?? []), r]);
    }
    const out = new Map<number, Heard>();
    for (const [h, list] of by) {
        const [low, any] = [share(list.filter(isLow)), share(list)];
        out.set(h, low >= HALF ? 'low' : any >= HALF ? 'high' : any === any ? 'missed' : 'unknown');
    }
    return out;
}

/* Share heard of all that flew low there; NaN where nobody is known to have. */
export const shareLow = (rows: CoverageRow[]) => share(rows.filter(isLow));
export const hoursLow = (rows: CoverageRow[]) => rows.filter(isLow).reduce((s, r) => s + r.heard_h + r.missed_h, 0);
