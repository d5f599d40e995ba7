import { describe, expect, it } from 'vitest';
import { FIRST_SORT, NO_FILTER } from '../src/desk';
import { readInstant, writeInstant } from '../src/instant';
import { FIRST_LAYERS } from '../src/layers';
import { TAR1090_KEYS } from '../src/tar1090';
import { readLink, writeLink, type LinkState } from '../src/link';
import { DESK, hrefOf } from '../src/route';

describe('links', () => {
    it('say again what they were made from', () => {
        const state: LinkState = {
            map: { lat: 13.4815, lon: 2.1836, zoom: 6.25 },
            selected: '~ae5d2c',
            filter: {
                text: 'rch 1&x=#', inView: true, where: 'air', placed: true, emergency: true, low: -1000, high: 30000, origins: ['adsb', 'mlat'],
                types: ['C17', 'IL76'], kinds: ['airlift_heavy'], countries: ['US', 'NE'], callsign: 'RCH', operator: 'Air Force, Québec', military: 'yes',
                bound: ['DRRN', 'FZAA'], squawk: '7700', receivers: [1, 12], area: [[13, 1.5], [14, 1.5], [14, 2.75]],
            },
            layers: ['coverage', 'night'],
            sort: { column: 'alt', down: true },
            at: Date.UTC(2024, 5, 8, 15, 54, 10) / 1000,
            route: DESK,
            language: null,
        };
        expect(readLink('', writeLink(state))).toEqual({ state, bad: [] });
    });
    it('one open end of the altitudes stays open', () => {
        const half = { map: null, selected: null, filter: { ...NO_FILTER, low: 10000 }, sort: FIRST_SORT, layers: FIRST_LAYERS, at: NaN };
        expect(readLink('', writeLink(half)).state.filter).toEqual(half.filter);
    });
    it("tar1090's keys open the same view, before or after #", () => {
        const { state, bad } = readLink('?icao=AE5D2C&lat=13.5&lon=2.25&zoom=8', '');
        expect(bad).toEqual([]);
        expect(state.selected).toBe('ae5d2c');
        expect(state.map).toEqual({ lat: 13.5, lon: 2.25, zoom: 7 });
        expect(readLink('', '#icao=ae5d2c,3c6444&lat=13.5&lon=2.25').state).toMatchObject({ selected: 'ae5d2c', map: { zoom: 8 } });
    });
    it("tar1090's filters and instants are done where they can be, and named where not", () => {
        const { state, bad } = readLink('?filterType=^(C17|C5M)$&filterCallSign=RCH&filterAltMin=1000&filterAltMax=35000&filterSources=adsb,mlat&filterDbFlag=military', '');
        expect(bad).toEqual([]);
        expect(state.filter).toMatchObject({ types: ['C17', 'C5M'], callsign: 'RCH', low: 1000, high: 35000, origins: ['adsb', 'mlat'], military: 'yes' });
        expect(readLink('?icao=ae5d2c&showTrace=2024-06-08&startTime=15:54&hideSidebar', '').state.at).toBe(Date.UTC(2024, 5, 8, 15, 54) / 1000);
        expect(readLink('?timestamp=1717862040', '').state.at).toBe(1717862040);
        expect(readLink('?replay=2024-06-08-15:54', '').state.at).toBe(Date.UTC(2024, 5, 8, 15, 54) / 1000);
        expect(readLink('?filterType=C.*7', '').bad).toEqual([{ key: 'filterType', value: 'C.*7' }]);
    });
    it("each of tar1090's keys does what it asks for, or is named where it asks for nothing", () => {
        const at = (...d: [number, number, number, number?, number?]) => Date.UTC(...d) / 1000;
        const place = { lat: 13.5, lon: 2.25, zoom: 7 };
        const filter = (f: object) => ({ filter: f });
        const rows: [key: string, good: string, opens: object, bad: string][] = [
            ['icao', 'icao=AE5D2C,3c6444', { selected: 'ae5d2c' }, 'icao=ae5d2'],
            ['reg', 'reg=08-8204', filter({ text: '08-8204' }), 'reg=%3Cb%3E'],
            ['lat', 'lat=13.5&lon=2.25&zoom=8', { map: place }, 'lat=91'],
            ['lon', 'lon=2.25&lat=13.5&zoom=8', { map: place }, 'lon=2.25'],
            ['zoom', 'zoom=8&lat=13.5&lon=2.25', { map: place }, 'zoom=near'],
            ['filterType', 'filterType=^(C17|C5M)$', filter({ types: ['C17', 'C5M'] }), 'filterType=C.*7'],
            ['filterCallSign', 'filterCallSign=^RCH', filter({ callsign: 'RCH' }), 'filterCallSign=RCH|SAM'],
            ['filterAltMin', 'filterAltMin=1000', filter({ low: 1000 }), 'filterAltMin=low'],
            ['filterAltMax', 'filterAltMax=35000', filter({ high: 35000 }), 'filterAltMax=1e9'],
            ['filterSources', 'filterSources=adsb,mlat', filter({ origins: ['adsb', 'mlat'] }), 'filterSources=radar'],
            ['filterDbFlag', 'filterDbFlag=military', filter({ military: 'yes' }), 'filterDbFlag=pia'],
            ['showTrace', 'showTrace=2024-06-08', { at: at(2024, 5, 8) }, 'showTrace=2024-06-31'],
            ['startTime', 'startTime=15:54&showTrace=2024-06-08', { at: at(2024, 5, 8, 15, 54) }, 'startTime=15:54'],
            ['endTime', 'endTime=16:00&showTrace=2024-06-08', { at: at(2024, 5, 8) }, 'endTime=16:00'],
            ['timestamp', 'timestamp=1717862040', { at: 1717862040 }, 'timestamp=now'],
            ['replay', 'replay=2024-06-08-15:54', { at: at(2024, 5, 8, 15, 54) }, 'replay=yesterday'],
            ['heatmap', 'heatmap=200000', { layers: expect.arrayContaining(['heat']) }, ''],
            ['rangeRings', 'rangeRings=1', { layers: expect.arrayContaining(['rings']) }, ''],
        ];
        for (const [key, good, opens, wrong] of rows) {
            for (const link of [readLink(`?${good}`, ''), readLink('', `#${good}`)]) {
                expect(link.bad, good).toEqual([]);
                expect(link.state, good).toMatchObject(opens);
            }
            if (wrong) expect(readLink(`?${wrong}`, '').bad.map((b) => b.key), wrong).toContain(key);
        }
        const looks = [...TAR1090_KEYS].filter((k) => !rows.some(([key]) => key === k));
        for (const key of looks) expect(readLink(`?${key}=1`, '').bad, key).toEqual([]); // how tar1090 looks: passed over
        expect(looks.length).toBe(20);
    });
    it('open pages by name, with the words each page takes', () => {
        expect(readLink('', hrefOf('receivers'))).toMatchObject({ state: { route: { page: 'receivers', args: {} } }, bad: [] });
        expect(readLink('', '#page=receivers&lang=ar').state).toMatchObject({ language: 'ar', route: { page: 'receivers' } });
        expect(readLink('', '#page=nowhere').state.route.page).toBe('nowhere');
        expect(readLink('', '#lang=xx').bad).toEqual([{ key: 'lang', value: 'xx' }]);
    });
    it('no word of a filter is taken for a part of another', () => {
        expect(readLink('', '#type=C17').state.filter.types).toEqual(['C17']);
        for (const hash of ['#type=C-17', '#squawk=7800', '#squawk=123', '#mil=yes', '#country=USA', '#area=1,2,3', '#area=1,2,3,4,95,6', '#receiver=x', '#layers=fog', '#__proto__=1', '#constructor=1'])
            expect(readLink('', hash).bad.length, hash).toBe(1);
    });
    it('name what they do not understand and open the rest', () => {
        const { state, bad } = readLink('', '#map=99,0,3&sel=zzz&q=rch&colour=red&alt=5~1&origin=adsb,pigeon');
        expect(bad.map((b) => b.key)).toEqual(['map', 'sel', 'colour', 'alt', 'origin']);
        expect(state.map).toBeNull();
        expect(state.selected).toBeNull();
        expect(state.filter.text).toBe('rch');
        expect(state.filter.origins).toEqual(['adsb']);
    });
    it('an instant is read as people write it, and never made up', () => {
        const at = Date.UTC(2024, 5, 8, 15, 54) / 1000;
        for (const text of ['2024-06-08T15:54:00Z', '2024-06-08 15:54', '2024-06-08 15:54Z', ' 2024-06-08t1554z']) expect(readInstant(text)).toBe(at);
        expect(readInstant('2024-06-08')).toBe(Date.UTC(2024, 5, 8) / 1000);
        for (const text of ['', '2024-02-30', '2024-06-08 24:00', '2024-06-08 15:60', '15:54', 'now']) expect(readInstant(text)).toBeNaN();
        expect(readLink('', '#at=yesterday').bad).toEqual([{ key: 'at', value: 'yesterday' }]);
        expect(writeInstant(at)).toBe('2024-06-08T15:54:00Z');
    });
    it('never fail on rubbish', () => {
        let seed = 1;
        const next = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
        for (let i = 0; i < 2000; i++) {
            const text = Array.from({ length: Math.floor(next() * 30) }, () => '&=#%,~mapselqalt0189-.'[Math.floor(next() * 22)]).join('');
            expect(() => readLink('?' + text, '#' + text)).not.toThrow();
        }
    });
});
