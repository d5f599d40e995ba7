import { describe, expect, it } from 'vitest';
import { lengthOf, type LedgerRow } from '../src/data/ledger';
import { chartData, flightSpan, gapsOf, pointAt, readTrail } from '../src/pages/aircraft_flight';
import { LEDGER_KEYS, ledgerValues } from '../src/pages/ledger_file';
import { readLink } from '../src/link';

const COLUMNS = ['t', 'lat', 'lon', 'alt', 'gs', 'track', 'type', 'gap'];
const ROWS = [
    [100, 10, 179.9, 'ground', 0, 0, 'adsb_icao', 0], [110, 10, -179.9, 1000, 150, 0, 'adsb_icao', 0], [900, 10, -179, 35000, 450, 0, 'adsb_icao', 1], [910, 10, -178, null, null, 0, 'mlat', 0],
];
const row = (r: Partial<LedgerRow>): LedgerRow => ({
    hex: 'aefc10', epoch: 0, leg: 1, row: 1, callsign: null, registration: null, type: null, class: null, operator: null, state: null, military: null, p: 1, observed: 0,
    off_lo: '2024-06-07T09:00:00Z', off_hi: '2024-06-07T09:00:10Z', on_lo: '2024-06-07T14:00:00Z', on_hi: '2024-06-07T14:10:00Z', fixes: 0, silent_s: 0, heard_p: null, candidates: [], none_p: 0, evidence: { receivers: 0, share: [], rules: [] }, ...r,
});

describe('a flight', () => {
    const points = readTrail(COLUMNS, ROWS);
    it('goes on over the antimeridian', () => {
        const steps = points.slice(1).map((p, i) => p.x - points[i].x);
        for (const s of steps) expect(Math.abs(s)).toBeLessThan(0.01);
    });
    it('has its columns by name, the ground told from heights', () => {
        expect(points.map((p) => [p.t, p.ground, p.gap])).toEqual([[100, true, false], [110, false, false], [900, false, true], [910, false, false]]);
        expect(points[0].alt).toBeNaN();
        expect(readTrail(['gap', 'alt', 'lon', 'lat', 'gs', 't'], [[1, 500, 2, 13, 90, 7]])[0]).toMatchObject({ t: 7, lat: 13, alt: 500, gs: 90, gap: true });
    });
    it('draws no line where nothing was heard', () => {
        const [ts, alts, gss] = chartData(points, (ft) => ft, (kt) => kt);
        expect(ts).toEqual([100, 110, 505, 900, 910]);
        expect(alts).toEqual([null, 1000, null, 35000, null]);
        expect(gss).toEqual([0, 150, null, 450, null]);
        expect(gapsOf(points).map((g) => g.to.t - g.from.t)).toEqual([790]);
    });
    it('has a point at each instant', () => {
        expect([0, 100, 500, 905, 9999].map((t) => pointAt(points, t)?.t)).toEqual([100, 100, 110, 900, 910]);
        expect(pointAt([], 1)).toBeUndefined();
    });
    it('is shown from before its take-off to after its landing, two days at most', () => {
        const at = (s: string) => Date.parse(s) / 1000;
        expect(flightSpan(row({}))).toEqual({ from: at('2024-06-07T08:50:00Z'), to: at('2024-06-07T14:20:00Z') });
        expect(flightSpan(row({ on_lo: '2024-06-20T00:00:00Z', on_hi: '2024-06-20T00:00:00Z' }))!.to - at('2024-06-07T08:50:00Z')).toBe(47 * 3600);
        expect(flightSpan(row({ off_lo: null, off_hi: null, on_lo: null, on_hi: null }))).toBeNull();
    });
    it('lasted between the inner and the outer ends; open where one is not known', () => {
        expect(lengthOf(row({}))).toEqual({ least: 4 * 3600 + 3590, most: 5 * 3600 + 600 });
        expect(lengthOf(row({ on_lo: null, on_hi: null })).most).toBeNaN();
    });
});

describe('files of the ledger', () => {
    it('have a value for each key', () => {
        expect(ledgerValues(row({})).length).toBe(LEDGER_KEYS.length);
        const values = Object.fromEntries(LEDGER_KEYS.map((k, i) => [k, ledgerValues(row({ candidates: [{ airport: 'DRRN', p: 0.9 }], evidence: { receivers: 2, share: [90, 0, 10, 0, 0], rules: ['aligned', 'held'] } }))[i]]));
        expect(values).toMatchObject({ hex: 'aefc10', candidates: 'DRRN:0.9', receivers: 2, share: '90/0/10/0/0', rules: 'aligned held' });
    });
});

describe('links of the pages', () => {
    it('keep what they know and name the rest', () => {
        const { state, bad } = readLink('', '#page=ledger&what=events&airport=DRRN&type=C17&sort=-p&military=2&class=tanker&from=2024-06-07&to=2024-06-14&nonsense=1');
        expect(state.route).toEqual({ page: 'ledger', args: { what: 'events', airport: 'DRRN', type: 'C17', sort: '-p', class: 'tanker', from: '2024-06-07', to: '2024-06-14' } });
        expect(bad.map((b) => b.key).sort()).toEqual(['military', 'nonsense']);
        expect(state.filter.types).toEqual([]);
    });
    it('an area has a form, an aircraft an address', () => {
        expect(readLink('', '#page=area&area=circle=13.5,2.2,60NM').state.route.args).toEqual({ area: 'circle=13.5,2.2,60NM' });
        expect(readLink('', '#page=area&area=<script>').bad.length).toBe(1);
        expect(readLink('', '#page=aircraft&hex=AEFC10&leg=0.2.24').state.route.args).toEqual({ hex: 'AEFC10', leg: '0.2.24' });
        expect(readLink('', '#page=aircraft&hex=xyz').bad.length).toBe(1);
    });
});
