// @vitest-environment node
// A trail's color: height where it can be believed.
import { describe, expect, it } from 'vitest';
import { trailColor } from '../src/map/trail';
import type { Palette } from '../src/theme';

const HIGH = [0, 1, 0];
const GROUND = [0.5, 0.5, 0.5];
const FALSE = [1, 0, 1];
const palette = { rgb: () => FALSE, ramp: { ground: GROUND, at: () => HIGH } } as unknown as Palette;

describe('the color of a trail', () => {
    const at = (t: number, alt = 30_000) => trailColor({ t, alt, ground: false }, palette, [[100, 200], [300, Infinity]]);
    it('is that of the height, and of none where none is known', () => {
        expect(at(99)).toBe(HIGH);
        expect(at(250, NaN)).toBe(GROUND);
    });
    it('is no height while positions are false', () => {
        expect([at(100), at(200), at(300), at(1e9)]).toEqual([FALSE, FALSE, FALSE, FALSE]);
    });
});
