// The page's decoder against the bytes of the server's encoder: tests/unit/test_picture.c writes the
// vector and fails where its own bytes are no longer these.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FLAG_SQUAWK, Picture, PictureError } from './picture';

interface Vector {
    columns: string[];
    steps: { message: string; seq: number; nowMs: number; aircraft: (number | string)[][] }[];
}

const file = new URL('../../../tests/unit/picture_vector.json', import.meta.url);
const vector = JSON.parse(readFileSync(file, 'utf8')) as Vector;

function bytes(hex: string): Uint8Array {
    return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function held(p: Picture): (number | string)[][] {
    const columns = p as unknown as Record<string, ArrayLike<number | string>>;
    const rows = [];
    for (let slot = 0; slot < p.slots; slot++) {
        if (p.isAlive(slot)) {
            rows.push(vector.columns.map((c) => (c === 'slot' ? slot : columns[c][slot])));
        }
    }
    return rows;
}

describe('picture', () => {
    it('holds what the server holds, message by message', () => {
        const p = new Picture();
        for (const step of vector.steps) {
            const change = p.apply(bytes(step.message));
            expect(change.seq).toBe(step.seq);
            expect(change.nowMs).toBe(step.nowMs);
            expect(held(p)).toEqual(step.aircraft);
        }
    });

    it('tells which slots changed and which are gone', () => {
        const p = new Picture();
        const [first, second] = vector.steps;
        expect(p.apply(bytes(first.message)).changed).toEqual(first.aircraft.map((a) => a[0]));
        const { changed, gone } = p.apply(bytes(second.message));
        const before = new Set(first.aircraft.map((a) => a[0]));
        const after = new Set(second.aircraft.map((a) => a[0]));
        expect(gone).toEqual([...before].filter((slot) => !after.has(slot)));
        expect(changed.length).toBeGreaterThan(0);
        for (const slot of changed) {
            expect(after.has(slot)).toBe(true);
        }
    });

    it('can begin with a snapshot', () => {
        const p = new Picture();
        const at = vector.steps.findIndex((s) => bytes(s.message)[3] === 0);
        expect(at).toBeGreaterThan(0);
        expect(p.apply(bytes(vector.steps[at].message)).snapshot).toBe(true);
        p.apply(bytes(vector.steps[at + 1].message));
        expect(held(p)).toEqual(vector.steps[at + 1].aircraft);
    });

    it('refuses a delta out of order, and cut, foreign and random bytes, and goes on with a snapshot', () => {
        const p = new Picture();
        const snapshot = bytes(vector.steps.find((s) => bytes(s.message)[3] === 0)!.message);
        expect(() => p.apply(bytes(vector.steps[1].message))).toThrow(PictureError);
        for (let n = 0; n < snapshot.length; n += 7) {
            expect(() => p.apply(snapshot.slice(0, n))).toThrow(PictureError);
        }
        let seed = 1;
        for (let i = 0; i < 300; i++) {
            const noise = snapshot.slice();
            for (let k = 28; k < noise.length; k++) {
                seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
                noise[k] = seed >>> 24;
            }
            try {
                p.apply(noise);
            } catch (e) {
                expect(e).toBeInstanceOf(PictureError);
                expect(p.slots).toBe(0);
            }
        }
        expect(p.apply(snapshot).snapshot).toBe(true);
    });

    it('writes addresses', () => {
        const p = new Picture();
        const step = vector.steps[vector.steps.length - 1];
        for (const s of vector.steps) {
            p.apply(bytes(s.message));
        }
        for (const row of step.aircraft) {
            const slot = row[0] as number;
            expect(p.hex(slot)).toMatch(/^~?[0-9a-f]{6}$/);
            expect(parseInt(p.hex(slot).replace('~', ''), 16)).toBe((row[2] as number) & 0xffffff);
            expect(p.squawk[slot] === 0 || (p.flags[slot] & FLAG_SQUAWK) !== 0).toBe(true);
        }
    });
});
