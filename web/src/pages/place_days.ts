// What happened at a place, by day (by week or month where there are many): pure sums of the ledger's rows.
import type { Heard } from '../data/coverage';
import { BANDS, lengthOf, timeOf, rowBand, spanOf, sureSpanOf, surest, weakest, type LedgerRow } from '../data/ledger';
import { DAY_S, daysOf, type Period } from '../period';
import type { Band } from '../sure';

export interface Bin {
    from: number;
    to: number;
    arrivals: number; // rows that are possible at least
    expectedArrivals: number;
    departures: number;
    expectedDepartures: number;
    lowKg: number; // lift offered, expected
    planKg: number;
    maxKg: number;
}

/* Days in one bin, so that the bins can be told apart. */
export const binDays = (days: number) => (days <= 31 ? 1 : days <= 217 ? 7 : 30);

export const isCounted = (r: LedgerRow) => r.sortie !== 0;
/* What a row counts in a sum, as the server counts it. */
const weight = (r: LedgerRow) => r.sum_p ?? r.p;
export const isPossible = (r: LedgerRow) => rowBand(r) !== 'unknown';

export function binsOf(period: Period): Bin[] {
    const days = daysOf(period);
    const n = binDays(days.length);
    return days.filter((_, i) => i % n === 0).map((from) => ({
        from, to: Math.min(from + n * DAY_S, days[days.length - 1] + DAY_S), arrivals: 0, expectedArrivals: 0, departures: 0, expectedDepartures: 0, lowKg: 0, planKg: 0, maxKg: 0,
    }));
}

export const binAt = (bins: Bin[], t: number) => bins.findIndex((b) => t >= b.from && t < b.to);

/* Each row is in the bin of the time it is listed by. */
export function sumDays(period: Period, arrivals: LedgerRow[], departures: LedgerRow[]): Bin[] {
    const bins = binsOf(period);
    for (const r of arrivals.filter(isCounted)) {
        const b = bins[binAt(bins, timeOf(r))];
        if (!b) continue;
        b.expectedArrivals += weight(r);
        if (isPossible(r)) b.arrivals++;
    }
    for (const r of departures.filter(isCounted)) {
        const b = bins[binAt(bins, timeOf(r))];
        if (!b) continue;
        b.expectedDepartures += weight(r);
        if (isPossible(r)) b.departures++;
        b.lowKg += weight(r) * (r.lift_low_kg ?? 0);
        b.planKg += weight(r) * (r.lift_plan_kg ?? 0);
        b.maxKg += weight(r) * (r.lift_max_kg ?? 0);
    }
    return bins;
}

export interface Presence {
    key: string;
    state: string | null;
    operator: string | null; // null: civil flights together, or military ones of which it is not known
    isCivil: boolean;
    operators: number; // of civil flights
    cells: { count: number; band: Band | null }[]; // one a bin
    bins: number; // with an arrival
    total: number;
}

/* Who came when: a row a country and operator, civil flights together; those who came most often first. */
export function presenceOf(bins: Bin[], arrivals: LedgerRow[]): Presence[] {
    const all = new Map<string, { of: Presence; bands: Band[][]; codes: Set<string> }>();
    for (const r of arrivals.filter(isCounted)) {
        const at = binAt(bins, timeOf(r));
        if (at < 0) continue;
        const isCivil = r.military !== 1;
        const key = isCivil ? 'civil' : `${r.state ?? ''} ${r.operator ?? ''}`;
        let p = all.get(key);
        if (!p)
            all.set(key, (p = {
                of: { key, state: isCivil ? null : r.state, operator: isCivil ? null : r.operator, isCivil, operators: 0, cells: [], bins: 0, total: 0 },
                bands: bins.map(() => []), codes: new Set(),
            }));
        p.bands[at].push(rowBand(r));
        if (r.operator) p.codes.add(r.operator);
    }
    return [...all.values()].map(({ of, bands, codes }) => {
        const cells = bands.map((list) => {
            const counted = list.filter((b) => b !== 'unknown');
            return { count: counted.length, band: list.length ? surest(list) : null };
        });
        return { ...of, operators: codes.size, cells, bins: cells.filter((c) => c.count > 0).length, total: cells.reduce((s, c) => s + c.count, 0) };
    }).sort((p, q) => Number(p.isCivil) - Number(q.isCivil) || q.total - p.total || (p.key < q.key ? -1 : 1));
}

export interface Meeting {
    one: LedgerRow;
    other: LedgerRow;
    lo: number; // together certainly from … to; where that is not sure, at most
    hi: number;
    isSure: boolean;
    band: Band;
}

const MEETINGS_MOST = 2000;

const endOf = (hi: number) => (hi === Infinity ? NaN : hi); // both are still there

/* Stays that overlap at one field, one of them military at least. */
export function meetingsOf(stays: LedgerRow[]): Meeting[] {
    const list = stays.filter(isPossible).map((r) => ({ r, ...spanOf(r), sure: sureSpanOf(r) })).map((s) => (s.hi !== s.hi ? { ...s, hi: Infinity } : s)).sort((p, q) => p.lo - q.lo);
    const out: Meeting[] = [];
    for (let i = 0; i < list.length; i++)
        for (let k = i + 1; k < list.length && list[k].lo < list[i].hi && out.length < MEETINGS_MOST; k++) {
            const [p, q] = [list[i], list[k]];
            if (p.r.airport !== q.r.airport || p.r.hex === q.r.hex || (p.r.military !== 1 && q.r.military !== 1)) continue;
            const [lo, hi] = [Math.max(p.sure.lo, q.sure.lo), Math.min(p.sure.hi, q.sure.hi)];
            const isSure = lo < hi;
            out.push({
                one: p.r, other: q.r, isSure,
                lo: isSure ? lo : Math.max(p.lo, q.lo), hi: isSure ? hi : endOf(Math.min(p.hi, q.hi)),
                band: isSure ? weakest([rowBand(p.r), rowBand(q.r)]) : BANDS[3],
            });
        }
    return out;
}

/* The median length of stays, from the middle of each end; NaN where there are none. */
export function medianStay(stays: LedgerRow[]): number {
    const lengths = stays.filter(isPossible).map((r) => {
        const { least, most } = lengthOf(r);
        return (least + most) / 2;
    }).filter((s) => s === s).sort((a, b) => a - b);
    const n = lengths.length;
    return n ? (lengths[(n - 1) >> 1] + lengths[n >> 1]) / 2 : NaN;
}

/* Whether anything was heard there from … to; null where nobody can say. */
export function heardIn(from: number, to: number, hours: Map<number, Heard> | null, moves: LedgerRow[]): boolean | null {
    if (!hours) return null;
    if (moves.some((r) => r.observed && timeOf(r) >= from && timeOf(r) < to)) return true;
    for (let h = Math.floor(from / 3600); h < to / 3600; h++) if (hours.get(h) === 'low' || hours.get(h) === 'high') return true;
    return false;
}

export interface Count {
    code: string;
    expected: number;
    possible: number;
    observed: number;
    last: number;
}

/* Arrivals of a period by airport or country, most first. */
export function countBy(arrivals: LedgerRow[], of: (r: LedgerRow) => string | null | undefined): Count[] {
    const all = new Map<string, Count>();
    for (const r of arrivals.filter(isCounted)) {
        const code = of(r);
        if (!code) continue;
        let c = all.get(code);
        if (!c) all.set(code, (c = { code, expected: 0, possible: 0, observed: 0, last: 0 }));
        c.expected += weight(r);
        if (isPossible(r)) c.possible++;
        if (r.observed) c.observed++;
        c.last = Math.max(c.last, timeOf(r));
    }
    return [...all.values()].sort((p, q) => q.expected - p.expected || (p.code < q.code ? -1 : 1));
}
