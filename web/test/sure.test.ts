import { describe, expect, it } from 'vitest';
import { claimBand, isSpoofed, leading, wasSpoofed, type Claim, type Movement } from '../src/data/movement';
import { readDate } from '../src/data/search';
import { bearing, between, destination } from '../src/geo/greatcircle';
import { distanceM } from '../src/geo/mercator';
import { subsolar, terminator } from '../src/geo/sun';
import { bandOf, wholePercent } from '../src/sure';

describe('how sure', () => {
    it('a band includes its lower bound', () => {
        expect([0.95, 0.9499, 0.7, 0.6999, 0.4, 0.3999, 0].map((p) => bandOf(p))).toEqual(['inferred', 'probable', 'probable', 'possible', 'possible', 'unknown', 'unknown']);
        expect(bandOf(1, true)).toBe('observed');
        expect(bandOf(0.6, true)).toBe('possible');
    });
    it('a percent is never rounded up into the next band', () => {
        expect([0.946, 0.949, 0.95, 0.699, 0.3999, 0.745, 0.999, 1, 0].map(wholePercent)).toEqual([94, 94, 95, 69, 39, 75, 99, 100, 0]);
    });
});

const claim = (p: number, method = 'posterior'): Claim => ({ kind: 'destination', method, p: 1, t_lo: '', t_hi: '', candidates: [{ airport: 'DRRN', p }], none_p: 1 - p, rules: [] });
const movement = (over: Partial<Movement>): Movement => ({ hex: 'aefc15', state: 'flying', as_of: '2024-06-08T16:00:00Z', from: null, destination: null, landed: null, stay: null, events: [], ...over });

describe('what is said of a movement', () => {
    it('flying it is bound, on the ground it landed', () => {
        expect(leading(movement({ destination: claim(0.74) }))?.says).toBe('say.bound');
        expect(leading(movement({ state: 'landed', destination: claim(0.74), landed: claim(1, 'observed') }))?.says).toBe('say.landed');
        expect(leading(movement({}))).toBeNull();
        expect(claimBand(claim(0.74))).toBe('probable');
        expect(claimBand(claim(1, 'observed'))).toBe('observed');
        expect(claimBand({ ...claim(1), candidates: [] })).toBe('unknown');
    });
    it('positions are spoofed while such an event lasts, and five minutes more', () => {
        const event = (t_hi: string) => ({ kind: 'spoofed', p: 0.99, t_lo: '2024-06-08T15:30:00Z', t_hi, rules: [] });
        expect(isSpoofed(movement({ events: [event('2024-06-08T15:58:00Z')] }))).toBe(true);
        expect(isSpoofed(movement({ events: [event('2024-06-08T15:50:00Z')] }))).toBe(false);
        expect(wasSpoofed(movement({ events: [event('2024-06-08T15:50:00Z')] }))).toBeDefined();
        expect(wasSpoofed(movement({ events: [event('2024-06-07T15:50:00Z')] }))).toBeUndefined();
        expect(isSpoofed(movement({}))).toBe(false);
        expect(isSpoofed(null)).toBe(false);
    });
});

describe('geometry', () => {
    it('a great circle begins and ends where it should, and its middle is as far from either', () => {
        const [a, b] = [[36.6, -6.3], [13.5, 2.2]] as const;
        const line = between(a, b, 10);
        expect(line[0][0]).toBeCloseTo(a[0], 6);
        expect(line[10][1]).toBeCloseTo(b[1], 6);
        const [m] = [line[5]];
        expect(distanceM(a[0], a[1], m[0], m[1])).toBeCloseTo(distanceM(b[0], b[1], m[0], m[1]), 0);
        const far = destination(a, bearing(a, b), distanceM(a[0], a[1], b[0], b[1]));
        expect(far[0]).toBeCloseTo(b[0], 4);
        expect(far[1]).toBeCloseTo(b[1], 4);
    });
    it('the sun stands over the tropic at the solstice and over the meridian at noon', () => {
        const june = subsolar(Date.UTC(2024, 5, 20, 20, 51) / 1000);
        expect(june.lat).toBeCloseTo(23.44, 1);
        expect(Math.abs(subsolar(Date.UTC(2024, 3, 15, 12) / 1000).lon)).toBeLessThan(0.3);
        expect(terminator({ lat: 20, lon: 0 }, 0)).toBeCloseTo(-70, 6);
    });
});

describe('search', () => {
    it('reads dates as they are written here and there', () => {
        const at = Date.UTC(2024, 5, 8, 15, 54) / 1000;
        for (const text of ['2024-06-08 15:54', '8/6/2024 15:54', '08.06.2024 15:54Z']) expect(readDate(text)).toBe(at);
        expect(readDate('RCH115')).toBeNaN();
        expect(readDate('31/2/2024')).toBeNaN();
    });
});
