import { describe, expect, it } from 'vitest';
import { newAircraft, place, type Aircraft } from '../src/data/aircraft';
import { NO_FILTER, predicate, sorted } from '../src/desk';
import { inView } from '../src/map/view';
import { mercX, mercY } from '../src/geo/mercator';

function made(hex: string, part: Partial<Aircraft> = {}): Aircraft {
    return Object.assign(newAircraft(hex), part);
}

describe('filters', () => {
    const rch = made('ae5d2c', { flight: 'RCH115', alt: 31000, origin: 'adsb_icao', squawk: '4512' });
    const car = made('3c0001', { flight: 'FOLLOW', ground: true, origin: 'mlat' });
    const mute = made('~2a0001', { origin: 'mode_s', squawk: '7700' });
    const shown = (part: Partial<typeof NO_FILTER>) => [rch, car, mute].filter(predicate({ ...NO_FILTER, ...part })).map((a) => a.hex);
    place(rch, 6.4, 0.7, 100);

    it('none lets all through', () => expect(shown({})).toHaveLength(3));
    it('text is in call sign, address or squawk, in any case', () => {
        expect(shown({ text: 'rch' })).toEqual(['ae5d2c']);
        expect(shown({ text: 'AE5D' })).toEqual(['ae5d2c']);
        expect(shown({ text: '7700' })).toEqual(['~2a0001']);
        expect(shown({ text: 'nothing' })).toEqual([]);
    });
    it('altitude leaves out what has none, and counts the ground as 0', () => {
        expect(shown({ low: 30000 })).toEqual(['ae5d2c']);
        expect(shown({ low: -500, high: 1000 })).toEqual(['3c0001']);
    });
    it('where, position, emergency, origin', () => {
        expect(shown({ where: 'ground' })).toEqual(['3c0001']);
        expect(shown({ where: 'air' })).toEqual(['ae5d2c', '~2a0001']);
        expect(shown({ placed: true })).toEqual(['ae5d2c']);
        expect(shown({ emergency: true })).toEqual(['~2a0001']);
        expect(shown({ origins: ['mlat', 'modes'] })).toEqual(['3c0001', '~2a0001']);
    });
    it('all that are set must hold', () => expect(shown({ origins: ['adsb'], high: 20000 })).toEqual([]));
});

describe('order', () => {
    const a = made('000001', { flight: 'B1', alt: 100, seenAt: 1000 });
    const b = made('000002', { flight: 'A1', seenAt: 1000 });
    const c = made('000003', { flight: '', alt: 900, seenAt: 1000 });
    const silent = made('000004', { flight: 'A0', alt: 500, seenAt: 100 });
    const by = (column: 'flight' | 'alt' | 'age', down = false) => sorted([a, b, c, silent], { column, down }, 1000).map((x) => x.hex);

    it('not known is last whichever way, and the silent after all', () => {
        expect(by('flight')).toEqual(['000002', '000001', '000003', '000004']);
        expect(by('flight', true)).toEqual(['000001', '000002', '000003', '000004']);
        expect(by('alt')).toEqual(['000001', '000003', '000002', '000004']);
        expect(by('alt', true)).toEqual(['000003', '000001', '000002', '000004']);
    });
    it('equal ones keep the order of their addresses', () => expect(by('age')).toEqual(['000001', '000002', '000003', '000004']));
});

describe('the view', () => {
    const v = { x: mercX(179.5), y: mercY(0), world: 4096, width: 400, height: 300, zoom: 3 };
    it('has no edge at 180 degrees', () => {
        expect(inView(v, mercX(-179.5), mercY(0), 0)).toBe(true);
        expect(inView(v, mercX(0), mercY(0), 0)).toBe(false);
    });
});
