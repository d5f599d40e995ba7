import { describe, expect, it } from 'vitest';
import { distanceM, latOf, lonOf, mercX, mercY, nearest } from '../src/geo/mercator';
import { RECKON_MAX_S, reckonFor, velocity } from '../src/geo/motion';
import { ServerClock } from '../src/data/clock';
import { age, degrees3, flightLevel, grouped, position, zTime } from '../src/format';

describe('the plane', () => {
    it('there and back is the same place', () => {
        for (const [lat, lon] of [[0, 0], [13.4815, 2.1836], [-54.8, -68.3], [84.9, 179.9]]) {
            expect(latOf(mercY(lat))).toBeCloseTo(lat, 9);
            expect(lonOf(mercX(lon))).toBeCloseTo(lon, 9);
        }
    });
    it('takes the nearer copy across 180 degrees', () => expect(nearest(mercX(-179), mercX(179))).toBeCloseTo(mercX(181), 12));
});

describe('dead reckoning', () => {
    it('goes as far as speed and time say, at any latitude and track', () => {
        for (const lat of [-60, 0, 13.5, 49.4, 70])
            for (const track of [0, 45, 92, 180, 271]) {
                const a = { lat, x: mercX(10), y: mercY(lat), gs: 450, track, posAt: 0 };
                const v = { vx: 0, vy: 0 };
                velocity(a, v);
                const d = distanceM(lat, 10, latOf(a.y + v.vy * 15), lonOf(a.x + v.vx * 15));
                expect(Math.abs(d - (450 * 1852 * 15) / 3600)).toBeLessThan(12); // sphere and ellipsoid radius apart
            }
    });
    it('stays where speed or track is not known', () => {
        const v = { vx: 1, vy: 1 };
        velocity({ lat: 0, gs: NaN, track: 90 }, v);
        expect(v).toEqual({ vx: 0, vy: 0 });
    });
    it('lasts 15 seconds and never goes back', () => {
        expect(reckonFor(100, 90, RECKON_MAX_S)).toBe(10);
        expect(reckonFor(100, 60, RECKON_MAX_S)).toBe(15);
        expect(reckonFor(100, 101, RECKON_MAX_S)).toBe(0);
    });
});

describe("the server's clock", () => {
    it('runs on at the rate the pictures show', () => {
        const c = new ServerClock();
        for (let i = 0; i < 12; i++) c.hear(1000 + i * 60, i * 1000);
        expect(c.rate).toBeCloseTo(60, 1);
        expect(c.read(11_500)).toBeCloseTo(1000 + 11.5 * 60, 0);
    });
    it('is steady where pictures come a little early or late', () => {
        const c = new ServerClock();
        [0, 1040, 1980, 3010].forEach((ms, i) => c.hear(1000 + i, ms));
        expect(c.rate).toBe(1);
    });
    it('keeps to real time where a busy page hears late, and many pictures at once', () => {
        const late = [0, 1900, 2170, 5340, 5540, 5610, 5720, 5750, 5780, 7370, 7450, 8270, 9310, 10470, 11670, 12880, 13730, 14710, 15550, 16360, 17360, 18570, 19610, 21230, 21560, 22890, 24380];
        const c = new ServerClock();
        const straying = late.map((ms, i) => (c.hear(1000 + i, ms), c.rate)).filter((rate, i) => i >= 4 && Math.abs(rate - 1) > 0.2);
        expect(straying).toEqual([]);
    });
    it('believes a rate that is not far from real time once being late does not explain it', () => {
        const c = new ServerClock();
        for (let i = 0; i < 25; i++) c.hear(1000 + i * 1.4, i * 1000);
        expect(c.rate).toBeCloseTo(1.4, 5);
    });
    it('has not begun to run fast where the first pictures are read at once', () => {
        const c = new ServerClock();
        [4000, 4001, 4002, 4003, 4010, 5000, 6000].forEach((ms, i) => c.hear(1000 + i, ms));
        expect(c.rate).toBe(1);
    });
    it('does not run backwards after another feed', () => {
        const c = new ServerClock();
        c.hear(5000, 0);
        c.hear(100, 1000);
        expect(c.rate).toBe(1);
        expect(c.read(2000)).toBe(101);
    });
});

describe('print', () => {
    it('numbers', () => {
        expect(grouped(31000)).toBe('31,000');
        expect(grouped(-1234.56, 1)).toBe('−1,234.6');
        expect(grouped(-0.2)).toBe('0');
        expect(degrees3(359.7)).toBe('000°');
        expect(flightLevel(31000)).toBe('FL310');
        expect(position(-6.467, 0.682, 3)).toBe('6.467° S 0.682° E');
    });
    it('ages: seconds, then minutes, then hours', () => {
        expect([age(-3), age(2.9), age(99), age(100), age(5999), age(6000), age(16_560)]).toEqual(['0 s', '2 s', '99 s', '1 min', '99 min', '1 h 40', '4 h 36']);
    });
    it('times in Z', () => expect(zTime(1717749000)).toBe('08:30:00Z'));
});
