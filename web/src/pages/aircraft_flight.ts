// One flight of an aircraft, as points in time: pure.
import { mercX, mercY } from '../geo/mercator';
import { offOf, onOf, type LedgerRow } from '../data/ledger';

type Cell = number | string | null;
export interface FlightPoint {
    t: number;
    lat: number;
    lon: number;
    alt: number; // ft; NaN not known or on the ground
    gs: number; // kt
    ground: boolean;
    gap: boolean; // nothing heard between the point before and this one
    x: number; // Mercator, 0 to 1, not broken at the antimeridian
    y: number;
}

const numberOf = (v: Cell) => (typeof v === 'number' ? v : NaN);

/* Points of the server's trail, by the names of its columns. */
export function readTrail(columns: string[], rows: Cell[][]): FlightPoint[] {
    const at = (name: string) => columns.indexOf(name);
    const [t, lat, lon, alt, gs, gap] = ['t', 'lat', 'lon', 'alt', 'gs', 'gap'].map(at);
    let before = NaN;
    return rows.map((r) => {
        let x = mercX(numberOf(r[lon]));
        if (before === before) x -= Math.round(x - before);
        before = x;
        return { t: numberOf(r[t]), lat: numberOf(r[lat]), lon: numberOf(r[lon]), alt: numberOf(r[alt]), gs: numberOf(r[gs]), ground: r[alt] === 'ground', gap: r[gap] === 1, x, y: mercY(numberOf(r[lat])) };
    });
}

const MARGIN_S = 600; // on the ground before and after
const LONGEST_S = 47 * 3600; // what the server tells of at once

/* From when to when a flight is shown; where an end is not known, as far as it can have been. */
export function flightSpan(r: LedgerRow): { from: number; to: number } | null {
    const [off, on] = [offOf(r), onOf(r)];
    const ends = [off.lo, off.hi, on.lo, on.hi].filter((v) => v === v);
    if (!ends.length) return null;
    const from = Math.min(...ends) - MARGIN_S;
    return { from, to: Math.min(from + LONGEST_S, Math.max(...ends) + MARGIN_S) };
}

export interface Gap {
    from: FlightPoint;
    to: FlightPoint;
}
export const gapsOf = (points: FlightPoint[]): Gap[] => points.flatMap((p, i) => (i && p.gap ? [{ from: points[i - 1], to: p }] : []));

/* Rows of numbers for a chart: a point of nothing in each gap breaks the lines. */
export function chartData(points: FlightPoint[], altitude: (ft: number) => number, speed: (kt: number) => number): [number[], (number | null)[], (number | null)[]] {
    const [ts, alts, gss]: [number[], (number | null)[], (number | null)[]] = [[], [], []];
    points.forEach((p, i) => {
        if (i && p.gap) {
            ts.push((points[i - 1].t + p.t) / 2);
            alts.push(null);
            gss.push(null);
        }
        ts.push(p.t);
        alts.push(p.alt === p.alt ? altitude(p.alt) : null);
        gss.push(p.gs === p.gs ? speed(p.gs) : null);
    });
    return [ts, alts, gss];
}

/* The point at an instant, or the last one before it. */
export function pointAt(points: FlightPoint[], t: number): FlightPoint | undefined {
    let [lo, hi] = [0, points.length - 1];
    while (lo < hi) {
        const mid = (lo + hi + 1) >> 1;
        if (points[mid].t <= t) lo = mid;
        else hi = mid - 1;
    }
    return points[lo];
}
