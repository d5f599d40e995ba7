// The aircraft's own canvas: what the processor draws where there is no graphics processor, and how a picture is
// held to the ground while the map moves.
import { describe, expect, it } from 'vitest';
import { CELL, COLUMNS } from '../src/map/atlas';
import { FILLED, type Frame } from '../src/map/frame';
import { itemRoom } from '../src/map/gl';
import { StampPainter } from '../src/map/stamps';
import { carried, screenX, screenY, widened, type View } from '../src/map/view';

const RED = 0xff0000ff; // red, opaque, as ImageData's bytes read backwards

/* One shape, a full square in its cell. */
function square(): Uint8ClampedArray {
    const atlas = new Uint8ClampedArray(COLUMNS * CELL * CELL * 4);
    for (let y = 0; y < CELL; y++) for (let x = 0; x < CELL; x++) atlas.fill(255, (y * COLUMNS * CELL + x) * 4, (y * COLUMNS * CELL + x) * 4 + 2);
    return atlas;
}

function frame(o: { aircraft?: number[][]; trail?: number[][]; color?: number }): Frame {
    const [aircraft, trail] = [o.aircraft ?? [], o.trail ?? []];
    const f: Frame = { width: 40, height: 30, ratio: 1, aircraft: new ArrayBuffer(itemRoom(1)), count: aircraft.length, trail: new ArrayBuffer(itemRoom(1)), pieces: trail.length, halo: [0, 0, 0], ink: [1, 1, 1] };
    const put = (to: ArrayBuffer, items: number[][], second: number) => items.forEach((item, i) => {
        new Float32Array(to).set(item, i * 6);
        new Uint32Array(to).set([o.color ?? RED, second], i * 6 + 4);
    });
    put(f.aircraft, aircraft, FILLED << 8);
    put(f.trail, trail, 2 * 4); // two pixels to either side
    return f;
}

const at = (pixels: Uint32Array, x: number, y: number) => pixels[y * 40 + x];

describe('aircraft laid down by the processor', () => {
    const painter = new StampPainter(square());

    it('cover what they cover and nothing else', () => {
        const p = painter.lay(frame({ aircraft: [[20.5, 15.5, 0, 8]] }));
        expect(at(p, 20, 15)).toBe(RED);
        expect(at(p, 17, 12)).toBe(RED);
        expect(at(p, 28, 15)).toBe(0);
        expect(p.filter((v) => v !== 0).length).toBeLessThan(140);
    });

    it('are cut at the edge of the picture', () => {
        const p = painter.lay(frame({ aircraft: [[0, 0, 0, 8], [39.5, 29.5, 0, 8], [-100, 15, 0, 8]] }));
        expect(at(p, 0, 0)).toBe(RED);
        expect(at(p, 39, 29)).toBe(RED);
        expect(at(p, 39, 0)).toBe(0);
        expect(at(p, 0, 15)).toBe(0);
    });

    it('turn: a square by an eighth of a turn reaches further out', () => {
        const out = (angle: number) => at(painter.lay(frame({ aircraft: [[20.5, 15.5, angle, 10]] })), 20, 15 - 8);
        expect(out(0)).toBe(0);
        expect(out(Math.PI / 4)).not.toBe(0);
        expect(out(-7 * Math.PI / 4)).not.toBe(0);
    });

    it('that are faint keep their color and let the ground through', () => {
        const v = at(painter.lay(frame({ aircraft: [[20.5, 15.5, 0, 8]], color: 0x800000ff })), 20, 15);
        expect(v >>> 24).toBe(0x80);
        expect(v & 0xffffff).toBe(0xff);
    });

    it('lie over each other, the later on top', () => {
        const f = frame({ aircraft: [[20.5, 15.5, 0, 8], [20.5, 15.5, 0, 8]] });
        new Uint32Array(f.aircraft)[6 + 4] = 0xff00ff00;
        expect(at(painter.lay(f), 20, 15)).toBe(0xff00ff00);
    });

    it('leave nothing of the frame before', () => {
        painter.lay(frame({ aircraft: [[20.5, 15.5, 0, 8]] }));
        expect(painter.lay(frame({})).every((v) => v === 0)).toBe(true);
    });
});

describe('a trail laid down by the processor', () => {
    const painter = new StampPainter(square());

    it.each([['level', 5, 15, 35, 15], ['steep', 20, 5, 20, 25], ['aslant', 10, 5, 30, 25], ['backwards', 30, 25, 10, 5]])('runs from end to end, %s', (_, x0, y0, x1, y1) => {
        const p = painter.lay(frame({ trail: [[x0, y0, x1, y1]] }));
        for (const share of [0, 0.25, 0.5, 0.75]) expect(at(p, Math.floor(x0 + (x1 - x0) * share), Math.floor(y0 + (y1 - y0) * share)) & 0xff).toBeGreaterThan(200);
        expect(at(p, 2, 28)).toBe(0);
    });

    it('that leaves the picture is cut there', () => {
        const p = painter.lay(frame({ trail: [[-1000, 15, 1000, 15]] }));
        expect(at(p, 0, 15)).toBe(RED);
        expect(at(p, 39, 15)).toBe(RED);
    });
});

describe('a picture carried along while the map moves', () => {
    const was: View = { x: 0.3, y: 0.4, world: 4096, width: 800, height: 600, zoom: 3 };
    const corner = (now: View) => {
        const { x, y, scale } = carried(was, now);
        const [px, py] = [0.31, 0.42]; // a place on the plane
        return [screenX(was, px) * scale + x - screenX(now, px), screenY(was, py) * scale + y - screenY(now, py)];
    };
    it.each([
        ['stands', was],
        ['moved', { ...was, x: 0.32, y: 0.39 }],
        ['zoomed', { ...was, world: 9000, zoom: 4.1 }],
        ['of another size', { ...was, width: 500, height: 700 }],
    ])('%s', (_, now) => {
        const [dx, dy] = corner(now);
        expect(dx).toBeCloseTo(0, 6);
        expect(dy).toBeCloseTo(0, 6);
    });
    it('reaches beyond the view on each side', () => {
        expect(carried(widened(was, 160), was)).toEqual({ x: -160, y: -160, scale: 1 });
    });
    it('goes over the seam of the map the short way', () => {
        expect(carried({ ...was, x: 0.999 }, { ...was, x: 0.001 }).x).toBeCloseTo(-0.002 * 4096, 6);
    });
});
