import { describe, expect, it } from 'vitest';
import { hoursHeard, shareLow, type CoverageRow } from '../src/data/coverage';
import { ledgerPath, timeOf, readAnswer, rowBand, type LedgerRow } from '../src/data/ledger';
import { binDays, binsOf, countBy, medianStay, meetingsOf, presenceOf, sumDays } from '../src/pages/place_days';

const june = (d: number, h = 0) => Date.UTC(2024, 5, d, h) / 1000;
const iso = (d: number, h: number) => new Date(june(d, h) * 1000).toISOString();
const period = { from: june(7), to: june(10) };

const row = (r: Partial<LedgerRow>): LedgerRow => ({
    hex: 'aefc10', epoch: 0, leg: 1, row: 1, callsign: 'RCH103', registration: null, type: 'C17', class: 'airlift_heavy', operator: 'RCH', state: 'US', military: 1, p: 0.99, observed: 1,
    airport: 'DRRN', t_lo: iso(7, 14), t_hi: iso(7, 16), fixes: 1, silent_s: 0, heard_p: null, candidates: [], none_p: 0, evidence: { receivers: 1, share: [], rules: [] }, ...r,
});

describe('days of a place', () => {
    it('are single up to a month, then weeks, then months', () => {
        expect([1, 31, 32, 217, 218].map(binDays)).toEqual([1, 1, 7, 7, 30]);
        expect(binsOf({ from: june(1), to: june(1) + 40 * 86_400 }).map((b) => (b.to - b.from) / 86_400)).toEqual([7, 7, 7, 7, 7, 5]);
    });
    it('hold each row once, by the middle of its interval, weighed by how sure it is', () => {
        const bins = sumDays(period, [row({}), row({ t_lo: iso(7, 23), t_hi: iso(8, 3), p: 0.5, observed: 0 }), row({ t_lo: iso(9, 1), t_hi: iso(9, 1), p: 0.2 })], [row({ lift_low_kg: 10, lift_plan_kg: 100, lift_max_kg: 200, p: 0.5 })]);
        expect(bins.map((b) => b.arrivals)).toEqual([1, 1, 0]);
        expect(bins.reduce((s, b) => s + b.expectedArrivals, 0)).toBeCloseTo(1.69);
        expect([bins[0].lowKg, bins[0].planKg, bins[0].maxKg]).toEqual([5, 50, 100]);
    });
    it('do not count a turn-back', () => {
        expect(sumDays(period, [row({ sortie: 0 })], [row({ sortie: 0, lift_max_kg: 9 })])[0]).toMatchObject({ arrivals: 0, maxKg: 0 });
    });
});

describe('presence', () => {
    it('has a row a country and operator, civil flights together and last', () => {
        const list = presenceOf(binsOf(period), [row({}), row({ observed: 0, p: 0.75 }), row({ military: 0, operator: 'AFR' }), row({ military: 0, operator: null }), row({ state: 'IT', operator: 'IAM', p: 0.1, observed: 0 })]);
        expect(list.map((p) => [p.state, p.isCivil, p.total, p.operators])).toEqual([['US', false, 2, 1], ['IT', false, 0, 1], [null, true, 2, 1]]);
        expect(list[0].cells.map((c) => [c.count, c.band])).toEqual([[2, 'observed'], [0, null], [0, null]]);
        expect(list[1].cells[0]).toEqual({ count: 0, band: 'unknown' });
    });
});

describe('meetings', () => {
    const stay = (hex: string, lo: number, hi: number, more: Partial<LedgerRow> = {}) =>
        row({ hex, t_lo: iso(7, lo - 1), t_hi: iso(7, hi + 1), sure_lo: iso(7, lo), sure_hi: iso(7, hi), ...more });
    it('are sure where the sure parts overlap, possible where only the others do', () => {
        const [sure, maybe] = meetingsOf([stay('a', 8, 12), stay('b', 10, 14), stay('c', 15, 18)]);
        expect([sure.isSure, sure.lo, sure.hi, sure.band]).toEqual([true, june(7, 10), june(7, 12), 'observed']);
        expect([maybe.one.hex, maybe.other.hex, maybe.isSure, maybe.band]).toEqual(['b', 'c', false, 'possible']);
    });
    it('are as sure as the weaker stay, of two airframes, at one field, one of them military', () => {
        expect(meetingsOf([stay('a', 8, 12), stay('b', 8, 12, { p: 0.8, observed: 0 })])[0].band).toBe('probable');
        expect(meetingsOf([stay('a', 8, 12), stay('a', 9, 12)])).toEqual([]);
        expect(meetingsOf([stay('a', 8, 12), stay('b', 9, 12, { airport: 'DRZA' })])).toEqual([]);
        expect(meetingsOf([stay('a', 8, 12, { military: 0 }), stay('b', 9, 12, { military: 0 })])).toEqual([]);
    });
    it('the median stay is from the middles of the ends', () => {
        expect(medianStay([stay('a', 8, 12), stay('b', 8, 10)])).toBe(4 * 3600);
        expect(medianStay([])).toBeNaN();
    });
});

describe('counts by place', () => {
    it('are expected numbers, most first', () => {
        expect(countBy([row({}), row({ airport: 'DRZA', p: 0.6, observed: 0 }), row({ p: 0.3, observed: 0 })], (r) => r.airport).map((c) => [c.code, Math.round(c.expected * 100), c.possible, c.observed])).toEqual([['DRRN', 129, 1, 1], ['DRZA', 60, 1, 0]]);
    });
});

describe('coverage', () => {
    const c = (band: string, heard_h: number, missed_h: number, presumed_h = 0): CoverageRow => ({ hour: iso(7, 14), band, word: 'heard', p: null, p_low: null, p_high: null, heard_h, missed_h, presumed_h });
    it('tells what an hour says', () => {
        const at = june(7, 14) / 3600;
        expect(hoursHeard([c('ground', 1, 0), c('FL245 and above', 0, 9)]).get(at)).toBe('low');
        expect(hoursHeard([c('FL245 and above', 1, 0)]).get(at)).toBe('high');
        expect(hoursHeard([c('FL245 and above', 0, 0, 2)]).get(at)).toBe('missed');
        expect(hoursHeard([c('ground', 0, 0)]).get(at)).toBe('unknown');
        expect(hoursHeard([]).get(at)).toBeUndefined();
    });
    it('presumed counts a fifth', () => {
        expect(shareLow([c('ground', 4, 0, 5), c('FL245 and above', 0, 99)])).toBeCloseTo(0.8);
        expect(shareLow([])).toBeNaN();
    });
});

describe('questions', () => {
    it('have an answer also where nothing is known', () => {
        const sum = { rows: 0, counted: 0, observed: 0, expected: 0, low: 0, high: 0 };
        expect(readAnswer('stays', { sum, next: null })).toEqual({ rows: [], sum: { ...sum, lift_offered: { low_kg: 0, plan_kg: 0, max_kg: 0, of: 0 } }, next: null });
    });
    it('leave out what is not asked', () => {
        expect(ledgerPath('arrivals', { airport: 'DRRN', military: '' }, period, 10)).toBe('api/v1/arrivals?airport=DRRN&from=2024-06-07&to=2024-06-10&limit=10');
    });
    it('a flight is between its take-off and its landing; observed only where surely so', () => {
        const f = row({ t_lo: undefined, t_hi: undefined, off_lo: iso(7, 10), off_hi: iso(7, 10), on_lo: iso(7, 14), on_hi: iso(7, 14) });
        expect(timeOf({ ...f, off_t: iso(7, 10), on_t: iso(7, 14) })).toBe(june(7, 12));
        expect(timeOf({ ...f, on_hi: iso(9, 14), off_t: iso(7, 10), on_t: iso(7, 14) })).toBe(june(7, 12)); // where it is likely, not where it is possible
        expect(timeOf(row({ t_lo: undefined, off_lo: iso(7, 10), off_hi: iso(7, 12), off_t: iso(7, 11), on_lo: null, on_hi: null, on_t: null }))).toBe(june(7, 11));
        expect(timeOf(row({ t_lo: iso(7, 10), t_hi: iso(9, 10), t: iso(7, 12) }))).toBe(june(7, 12));
        expect(rowBand(row({ p: 0.5 }))).toBe('possible');
    });
});
