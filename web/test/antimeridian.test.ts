import { describe, expect, it } from 'vitest';
// @ts-expect-error the build's own module, plain JavaScript
import { cutLine, cutPolygon } from '../data/antimeridian.mjs';

type Ring = [number, number][];
const area = (r: Ring) => Math.abs(r.reduce((s, p, i) => s + (i ? r[i - 1][0] * p[1] - p[0] * r[i - 1][1] : 0), 0)) / 2;

describe('the cut at 180 degrees', () => {
    it('leaves alone what does not reach it', () => {
        const square: Ring = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]];
        expect(cutPolygon([square]).map((p: Ring[]) => area(p[0]))).toEqual([100]);
    });
    it('makes two of an island on it, neither across the map', () => {
        const island: Ring = [[170, 0], [-170, 0], [-170, 10], [170, 10], [170, 0]];
        const parts: Ring[][] = cutPolygon([island]);
        expect(parts).toHaveLength(2);
        expect(parts.map((p) => area(p[0])).sort()).toEqual([100, 100]);
        for (const p of parts) for (const [lon] of p[0]) expect(Math.abs(lon)).toBeGreaterThanOrEqual(170);
    });
    it('closes a ring around a pole over it', () => {
        const cap: Ring = [[-180, -70], [-90, -70], [0, -70], [90, -70], [180, -70]];
        const total = (cutPolygon([cap]) as Ring[][]).reduce((s, p) => s + area(p[0]), 0);
        expect(total).toBeCloseTo(360 * 20, 6);
    });
    it('cuts lines', () => {
        expect(cutLine([[179, 5], [-179, 6]])).toEqual([[[179, 5], [180, 6]], [[-180, 6], [-179, 6]]]);
    });
});
