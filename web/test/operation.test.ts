// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { axisOf, between, path, steps } from '../src/pages/operation/axis';
import { chosenFlights, dayOf, heardOn, joined, mostLeft, neededADay, nobodyListened, worst, type Burn, type Flight, type Forecast } from '../src/pages/operation/model';

const end = (t: string, airport: string) => ({ t_lo: t, t_hi: t, t, observed: true, p: 1, places: [{ airport, p: 1 }] });
const flight = (o: Partial<Flight>): Flight => ({
    hex: 'aefc10', callsign: 'RCH103', type: 'C17', registration: '', country: 'US', operator: 'RCH', match: 'in', base: 'DRRN', leaves: 1, arrives: 0,
    t: '2024-06-07T17:08:00Z', implied: false, off: end('2024-06-07T17:08:00Z', 'DRRN'), on: end('2024-06-08T01:00:00Z', 'ETAR'), ...o,
});

describe('flights behind a number', () => {
    const out = flight({ clearances: [{ country: 'DZ', use: 'overflight', leaving: true, state: 'outside', clearance: '' }, { country: 'NE', use: 'landing', leaving: true, state: 'inside', clearance: 'NE-1' }] });
    const into = flight({ hex: 'aefc11', leaves: 0, arrives: 1, base: 'DRZA', off: end('2024-06-07T20:00:00Z', 'ETAR'), on: end('2024-06-08T03:00:00Z', 'DRZA') });
    const list = [out, into];
    it('are those that leave, or those that come, by the day at the base', () => {
        expect(chosenFlights(list, { way: 'departures' })).toEqual([out]);
        expect(chosenFlights(list, { way: 'arrivals', day: '2024-06-08' })).toEqual([into]);
        expect(chosenFlights(list, { way: 'arrivals', day: '2024-06-07' })).toEqual([]);
        expect(dayOf(into)).toBe('2024-06-08');
        expect(dayOf({ ...into, on: { ...end('2024-06-08T03:00:00Z', 'DRZA'), t_hi: '2024-06-16T03:00:00Z' } })).toBe('2024-06-08'); // not the middle of eight days
        expect(chosenFlights(list, { base: 'DRZA' })).toEqual([into]);
    });
    it('stand to one country as they do there, in all as they do worst', () => {
        expect(chosenFlights(list, { country: 'NE', standing: 'inside' })).toEqual([out]);
        expect(chosenFlights(list, { standing: 'inside' })).toEqual([]);
        expect(chosenFlights(list, { standing: 'outside' })).toEqual([out]);
        expect(worst([])).toBe('unknown');
    });
});

describe('sums of the board', () => {
    it('joins clearances that touch', () => {
        expect(joined([[5, 7], [0, 2], [2, 4], [6, 9]])).toEqual([[0, 4], [5, 9]]);
    });
    it('counts departures needed once: people ride with cargo', () => {
        const line = (unit: string, needed_a_day: number) => ({ unit, needed_a_day });
        expect(neededADay({ lines: [line('t', 0.1), line('t', 0.2), line('people', 0.25)] } as unknown as Forecast)).toBeCloseTo(0.3);
    });
    it('shows first what closure waits for', () => {
        const burn = (line: string, unit: string, left: number): Burn => ({ line, unit, whole: 100, first_day: '2024-06-07', known_days: 1, low: [left], mid: [left], high: [left] });
        expect(mostLeft([burn('', 't', 0), burn('', 'people', 20), burn('A1', 't', 90)])?.unit).toBe('people');
        expect(mostLeft([])).toBeUndefined();
    });
});

describe('the axis of time', () => {
    it('runs from its first to its last instant', () => {
        const a = axisOf(0, 100, 864);
        expect(a.x(0)).toBe(50);
        expect(a.x(100)).toBe(850);
    });
    it('has round steps that reach what is highest', () => {
        expect(steps(1370, 5)).toEqual([0, 500, 1000]);
        expect(steps(0, 5)).toEqual([0]);
    });
    it('draws lines and the areas between them', () => {
        expect(path([[0, 1], [2, 3]])).toBe('M0.0 1.0L2.0 3.0');
        expect(between([0, 1], [5, 5], [2, 2])).toBe('M0.0 5.0L1.0 5.0L1.0 2.0L0.0 2.0Z');
    });
});

describe('days on which nobody listened', () => {
    const heard = { first_day: '2024-06-07', bases: [{ base: 'DRRN', days: ['low' as const, 'missed' as const, 'unknown' as const] }, { base: 'DRZA', days: ['unknown' as const, 'unknown' as const, 'high' as const] }] };
    const silent = (day: string) => nobodyListened(heardOn(heard, day, '2024-06-10T12:00:00Z'));
    it('are those where no base was listened to', () => {
        expect(['2024-06-07', '2024-06-08', '2024-06-09'].map(silent)).toEqual([false, true, false]);
        expect(heardOn(heard, '2024-06-08', '2024-06-10T12:00:00Z')).toEqual([{ base: 'DRRN', word: 'missed' }, { base: 'DRZA', word: 'unknown' }]);
    });
    it('are not days to come, nor is anything said where the server says nothing', () => {
        expect(silent('2024-06-11')).toBe(false);
        expect(silent('2024-06-10')).toBe(true); // beyond what it says: unknown
        expect(nobodyListened(heardOn(null, '2024-06-08', '2024-06-10T12:00:00Z'))).toBe(false);
    });
});
