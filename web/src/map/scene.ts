// Which aircraft stand where on the screen at this instant: fills the layer's instances, and keeps
// what labels, pointer and keyboard ask afterwards.
import type { Aircraft } from '../data/aircraft';
import { isEmergency } from '../data/aircraft';
import { reckonFor, velocity, RECKON_MAX_S } from '../geo/motion';
import { nearest } from '../geo/mercator';
import type { Palette } from '../theme';
import { shapeIndex } from './silhouettes';
import type { View } from './view';

export const STRIDE = 24;
export const enum Style {
    filled,
    outline,
    selected,
}
const SIZE = 18;
const SIZE_FAR = 13; // zoomed out, where they crowd
const SIZE_SELECTED = 34;
const SIZE_NOTED = 24;
const FADE_S = 300;
const FAINTEST = 0.35;
const ZOOM_FAR = 4.2;
const ZOOM_NEAR = 6.5;

export interface Spot {
    a: Aircraft;
    x: number;
    y: number;
    isOutline: boolean; // not heard now, or its height is not known
}

export interface SceneOptions {
    now: number;
    reckonLimit: number;
    selected: string | null;
    hovered: string | null;
    shows: (a: Aircraft) => boolean;
    palette: Palette;
}

export class Scene {
    data = new ArrayBuffer(STRIDE * 1024);
    private floats = new Float32Array(this.data);
    private bytes = new Uint8Array(this.data);
    count = 0;
    spots: Spot[] = [];
    private spare: Spot[] = []; // the spots of the frame before, used again
    selected: Spot | null = null;
    private readonly v = { vx: 0, vy: 0 };
    private view: View | null = null;

    private reserve(n: number): void {
        if (n * STRIDE <= this.data.byteLength) return;
        const grown = new ArrayBuffer(STRIDE * Math.ceil(n * 1.5));
        new Uint8Array(grown).set(this.bytes);
        this.data = grown;
        this.floats = new Float32Array(grown);
        this.bytes = new Uint8Array(grown);
    }

    /* Where it is now, in pixels; false if off the screen. */
    private locate(a: Aircraft, v: View, o: SceneOptions, out: Spot, margin: number): boolean {
        const s = reckonFor(o.now, a.posAt, o.reckonLimit);
        velocity(a, this.v);
        out.x = (nearest(a.x + this.v.vx * s, v.x) - v.x) * v.world + v.width / 2;
        out.y = (a.y + this.v.vy * s - v.y) * v.world + v.height / 2;
        return out.x > -margin && out.x < v.width + margin && out.y > -margin && out.y < v.height + margin;
    }

    private put(spot: Spot, o: SceneOptions, size: number, otherwise: Style): void {
        const style = spot.isOutline ? Style.outline : otherwise;
        const a = spot.a;
        const f = this.count * (STRIDE / 4);
        this.floats[f] = spot.x;
        this.floats[f + 1] = spot.y;
        const isTurned = a.pointing === a.pointing;
        this.floats[f + 2] = isTurned ? (a.pointing * Math.PI) / 180 : 0;
        this.floats[f + 3] = size;
        const b = this.count * STRIDE + 16;
        const color = a.ground || a.alt !== a.alt ? o.palette.ramp.ground : o.palette.ramp.at(a.alt);
        this.bytes[b] = color[0] * 255;
        this.bytes[b + 1] = color[1] * 255;
        this.bytes[b + 2] = color[2] * 255;
        this.bytes[b + 3] = style === Style.outline ? 255 * faded(o.now - a.posAt) : 255;
        this.bytes[b + 4] = shapeIndex(a.shape, isTurned);
        this.bytes[b + 5] = style;
        this.count++;
    }

    fill(all: Iterable<Aircraft>, total: number, v: View, o: SceneOptions): void {
        this.view = v;
        this.reserve(total + 1);
        this.count = 0;
        const pool = this.spots;
        this.spots = this.spare;
        this.spare = pool;
        this.selected = null;
        let used = 0;
        const near = Math.min(1, Math.max(0, (v.zoom - ZOOM_FAR) / (ZOOM_NEAR - ZOOM_FAR)));
        const size = SIZE_FAR + (SIZE - SIZE_FAR) * near;
        let hovered: Spot | null = null;
        for (const a of all) {
            if (a.lat !== a.lat) continue;
            const isSelected = a.hex === o.selected;
            if (!isSelected && !o.shows(a)) continue;
            const spot = (this.spots[used] ??= { a, x: 0, y: 0, isOutline: false });
            spot.a = a;
            spot.isOutline = styleOf(a, o) === Style.outline;
            if (!this.locate(a, v, o, spot, 40) && !isSelected) continue;
            used++;
            if (isSelected) this.selected = spot;
            else if (a.hex === o.hovered) hovered = spot;
            else this.put(spot, o, isEmergency(a) ? SIZE_NOTED : size, Style.filled);
        }
        this.spots.length = used;
        if (hovered) this.put(hovered, o, Math.max(size, SIZE_NOTED), Style.filled);
        if (this.selected) this.put(this.selected, o, SIZE_SELECTED, Style.selected);
    }

    /* The aircraft nearest to a point on the screen, within a reach in pixels. */
    nearest(x: number, y: number, reach: number): Aircraft | null {
        let best: Aircraft | null = null;
        let least = reach * reach;
        for (const s of this.spots) {
            const d = (s.x - x) ** 2 + (s.y - y) ** 2;
            if (d < least) [best, least] = [s.a, d];
        }
        return best;
    }

    get current(): View | null {
        return this.view;
    }
}

/* An outline grows fainter with the time nobody heard it, and never vanishes while it is kept. */
function faded(age: number): number {
    const t = Math.min(1, Math.max(0, (age - RECKON_MAX_S) / FADE_S));
    return age === age ? 1 - (1 - FAINTEST) * t : 1;
}

function styleOf(a: Aircraft, o: SceneOptions): Style {
    const unknownHeight = !a.ground && a.alt !== a.alt;
    return unknownHeight || o.now - a.posAt > Math.max(o.reckonLimit, RECKON_MAX_S) ? Style.outline : Style.filled;
}
