import { describe, expect, it } from 'vitest';
import { NO_FILTER } from '../src/desk';
import { FIRST_SORT, readInstant, readLink, writeInstant, writeLink, type LinkState } from '../src/link';

describe('links', () => {
    it('say again what they were made from', () => {
        const state: LinkState = {
            map: { lat: 13.4815, lon: 2.1836, zoom: 6.25 },
            selected: '~ae5d2c',
            filter: { text: 'rch 1&x=#', inView: true, where: 'air', placed: true, emergency: true, low: -1000, high: 30000, origins: ['adsb', 'mlat'] },
            sort: { column: 'alt', down: true },
            at: Date.UTC(2024, 5, 8, 15, 54, 10) / 1000,
        };
        expect(readLink('', writeLink(state))).toEqual({ state, bad: [] });
    });
    it('one open end of the altitudes stays open', () => {
        const half = { map: null, selected: null, filter: { ...NO_FILTER, low: 10000 }, sort: FIRST_SORT, at: NaN };
        expect(readLink('', writeLink(half)).state.filter).toEqual(half.filter);
    });
    it("tar1090's keys open the same view, before or after #", () => {
        const { state, bad } = readLink('?icao=AE5D2C&lat=13.5&lon=2.25&zoom=8', '');
        expect(bad).toEqual([]);
        expect(state.selected).toBe('ae5d2c');
        expect(state.map).toEqual({ lat: 13.5, lon: 2.25, zoom: 7 });
        expect(readLink('', '#icao=ae5d2c,3c6444&lat=13.5&lon=2.25').state).toMatchObject({ selected: 'ae5d2c', map: { zoom: 8 } });
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
