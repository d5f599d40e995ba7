// The selection's trail as line pieces on the screen: colored by altitude, unless it is false, empty where nothing was
// heard, a bracket at each end of a gap, a cross where a fix was rejected.
import type { Rgb } from '../color';
import { nearest } from '../geo/mercator';
import type { Palette } from '../theme';
import { ITEM_BYTES, itemRoom } from './gl';
import type { View } from './view';

const STRIDE = ITEM_BYTES;

export interface TrailPoint {
    t: number;
    x: number;
    y: number;
    alt: number; // ft, NaN not known
    ground: boolean;
    gap: boolean; // nothing heard between the point before and this one
}
export interface Cross {
    x: number;
    y: number;
}

/* Seconds since 1970 between which positions were false. */
export type FalseSpan = readonly [from: number, to: number];

/* The color of a trail where it comes to a point: of its height, unless the point is false. */
export function trailColor(p: { t: number; alt: number; ground: boolean }, palette: Palette, falseSpans: readonly FalseSpan[]): Rgb {
    if (falseSpans.some(([from, to]) => p.t >= from && p.t <= to)) return palette.rgb('trust-spoofed');
    return p.ground || p.alt !== p.alt ? palette.ramp.ground : palette.ramp.at(p.alt);
}

const HALF_WIDTH = 1.3;
const BRACKET_PX = 6;
const CROSS_PX = 4;

export class Trail {
    points: TrailPoint[] = [];
    crosses: Cross[] = [];
    falseSpans: readonly FalseSpan[] = [];
    private data = new ArrayBuffer(itemRoom(256));
    private floats = new Float32Array(this.data);
    private bytes = new Uint8Array(this.data);
    count = 0;

    private put(x0: number, y0: number, x1: number, y1: number, color: Rgb, half: number): void {
        if ((this.count + 1) * STRIDE > this.data.byteLength) this.grow();
        const f = this.count * (STRIDE / 4);
        this.floats.set([x0, y0, x1, y1], f);
        const b = this.count * STRIDE + 16;
        this.bytes[b] = color[0] * 255;
        this.bytes[b + 1] = color[1] * 255;
        this.bytes[b + 2] = color[2] * 255;
        this.bytes[b + 3] = 255;
        this.bytes[b + 4] = half * 4;
        this.count++;
    }

    /* A copy of the pieces, to be handed over. */
    copy(): ArrayBuffer {
        return this.data.slice(0, itemRoom(this.count));
    }

    private grow(): void {
        const grown = new ArrayBuffer(this.data.byteLength * 2);
        new Uint8Array(grown).set(this.bytes);
        this.data = grown;
        this.floats = new Float32Array(grown);
        this.bytes = new Uint8Array(grown);
    }

    /* `head` is where the aircraft is now, in pixels, joined where it is still heard; `edge` as of the scene. */
    fill(v: View, palette: Palette, head: { x: number; y: number } | null, edge: number): void {
        this.count = 0;
        const ink = palette.rgb('ink');
        const sx = (x: number) => (nearest(x, v.x) - v.x) * v.world + v.width / 2 + edge;
        const sy = (y: number) => (y - v.y) * v.world + v.height / 2 + edge;
        let [px, py] = [0, 0];
        const brackets: [number, number, number, number][] = [];
        let dir: [number, number] = [0, -1];
        this.points.forEach((p, i) => {
            const [x, y] = [sx(p.x), sy(p.y)];
            if (i > 0 && p.gap) brackets.push([px, py, dir[0], dir[1]]);
            if (i > 0) {
                const d = Math.hypot(x - px, y - py);
                if (d > 0.01) dir = [(x - px) / d, (y - py) / d];
                if (p.gap) brackets.push([x, y, dir[0], dir[1]]);
                else if (d > 0.01) this.put(px, py, x, y, trailColor(p, palette, this.falseSpans), HALF_WIDTH);
            }
            [px, py] = [x, y];
        });
        const last = this.points[this.points.length - 1];
        if (last && head) this.put(px, py, head.x + edge, head.y + edge, trailColor(last, palette, this.falseSpans), HALF_WIDTH);
        for (const [x, y, dx, dy] of brackets)
            this.put(x + dy * BRACKET_PX, y - dx * BRACKET_PX, x - dy * BRACKET_PX, y + dx * BRACKET_PX, ink, 1);
        const bad = palette.rgb('trust-suspect');
        for (const c of this.crosses) {
            const [x, y, k] = [sx(c.x), sy(c.y), CROSS_PX];
            this.put(x - k, y - k, x + k, y + k, bad, 0.75);
            this.put(x - k, y + k, x + k, y - k, bad, 0.75);
        }
    }
}
