// Which aircraft stand where on the screen at this instant: fills the items of a frame, and keeps
// what labels, pointer and keyboard ask afterwards. It walks over columns, not over objects, and makes
// none: 20,000 aircraft are placed in a millisecond.
import type { Aircraft } from '../data/aircraft';
import { ALIVE, EMERGENCY, fleet, GROUND, type Columns } from '../data/columns';
import { RECKON_MAX_S, reckonFor } from '../geo/motion';
import type { Palette } from '../theme';
import { FILLED, OUTLINE, SELECTED } from './frame';
import { ITEM_BYTES, itemRoom } from './gl';
import { shapeNumber } from './silhouettes';
import type { View } from './view';

const WORDS = ITEM_BYTES / 4;
const SIZE = 18;
const SIZE_FAR = 13; // zoomed out, where they crowd
const SIZE_SELECTED = 34;
const SIZE_NOTED = 24;
const FADE_S = 300;
const FAINTEST = 0.35;
const ZOOM_FAR = 4.2;
const ZOOM_NEAR = 6.5;
const CROWD_PX2 = 60; // of the map for each aircraft: where there is less they are drawn smaller
const SIZE_LEAST = 7;
const CELLS_FROM = 30_000; // so many in a view of a part of the world are drawn as cells
const CELLS_ZOOM = 5;
const CELL_PX = 10;
const CELL_SIZE = 4; // of one aircraft; twice as many are half a pixel more
const MARGIN = 40;
const RAD = Math.PI / 180;
const DOT = shapeNumber('dot');

export interface Spot {
    a: Aircraft;
    x: number;
    y: number;
    isOutline: boolean; // not heard now, or its height is not known
}

export interface SceneOptions {
    now: number;
    reckonLimit: number;
    selected: Aircraft | null;
    hovered: Aircraft | null;
    shown: Uint8Array | null; // by row of the columns; null: all
    palette: Palette;
    edge: number; // pixels that are drawn beyond each side
}

export class Scene {
    private data = new ArrayBuffer(itemRoom(1024));
    private spare: ArrayBuffer | null = null;
    private floats = new Float32Array(this.data);
    private words = new Uint32Array(this.data);
    count = 0; // instances
    spotCount = 0; // aircraft in view
    spotX = new Float32Array(1024);
    spotY = new Float32Array(1024);
    private rows = new Int32Array(1024);
    private outlines = new Uint8Array(1024);
    private columns: Columns = fleet.columns;
    private made: Spot[] | null = null;
    selected: Spot | null = null;
    hovered: Spot | null = null;
    private view: View | null = null;

    /* Hands the items over to be drawn; they are to be filled anew before they are taken again. */
    take(): ArrayBuffer {
        const taken = this.data;
        this.data = this.spare ?? new ArrayBuffer(taken.byteLength);
        this.spare = null;
        return taken;
    }

    /* What was handed over is drawn. */
    giveBack(room: ArrayBuffer): void {
        this.spare = room;
    }

    private reserve(n: number): void {
        if (this.data.byteLength < itemRoom(n)) this.data = new ArrayBuffer(itemRoom(Math.ceil(n * 1.5)));
        if (this.floats.buffer !== this.data) {
            this.floats = new Float32Array(this.data);
            this.words = new Uint32Array(this.data);
        }
        if (n <= this.rows.length) return;
        const room = Math.ceil(n * 1.5);
        this.spotX = new Float32Array(room);
        this.spotY = new Float32Array(room);
        this.rows = new Int32Array(room);
        this.outlines = new Uint8Array(room);
    }

    private put(row: number, x: number, y: number, o: SceneOptions, size: number, style: number): void {
        const c = this.columns;
        const at = this.count++ * WORDS;
        const isTurned = c.pointing[row] === c.pointing[row];
        const alt = c.alt[row];
        const { ramp } = o.palette;
        this.floats[at] = x + o.edge;
        this.floats[at + 1] = y + o.edge;
        this.floats[at + 2] = isTurned ? c.pointing[row] * RAD : 0;
        this.floats[at + 3] = size;
        let color = c.marks[row] & GROUND || alt !== alt ? ramp.groundBytes : ramp.bytesAt(alt);
        if (style === OUTLINE) color = ((color & 0xffffff) | ((255 * faded(o.now - c.posAt[row])) << 24)) >>> 0;
        this.words[at + 4] = color;
        this.words[at + 5] = (isTurned ? c.shape[row] : DOT) | (style << 8);
    }

    /* Where they are now, in pixels; the selection is kept wherever it is. */
    fill(v: View, o: SceneOptions): void {
        const c = (this.columns = fleet.columns);
        this.view = v;
        this.reserve(c.length + 2);
        const room = Math.sqrt((v.width * v.height) / (this.spotCount || 1) / CROWD_PX2); // by the frame before
        const asCells = this.spotCount > CELLS_FROM && v.zoom < CELLS_ZOOM;
        this.count = this.spotCount = 0;
        this.made = this.selected = this.hovered = null;
        const rowOf = (a: Aircraft | null) => (a && a.columns === c && c.marks[a.slot] & ALIVE ? a.slot : -1);
        const [selected, hovered] = [rowOf(o.selected), rowOf(o.hovered)];
        const near = Math.min(1, Math.max(0, (v.zoom - ZOOM_FAR) / (ZOOM_NEAR - ZOOM_FAR)));
        const size = Math.max(SIZE_LEAST, (SIZE_FAR + (SIZE - SIZE_FAR) * near) * Math.min(1, room));
        const silent = Math.max(o.reckonLimit, RECKON_MAX_S);
        const { x: px, y: py, vx, vy, posAt, alt, marks } = c;
        const margin = MARGIN + o.edge;
        const [right, bottom] = [v.width + margin, v.height + margin];
        let [over, chosen] = [-1, -1];
        for (let row = 0; row < c.length; row++) {
            if (!(marks[row] & ALIVE) || px[row] !== px[row]) continue;
            if (o.shown !== null && !o.shown[row] && row !== selected) continue;
            const age = o.now - posAt[row];
            const s = reckonFor(o.now, posAt[row], o.reckonLimit);
            let dx = px[row] + vx[row] * s - v.x;
            dx -= Math.round(dx); // the copy nearest to the middle: the antimeridian is no edge
            const x = dx * v.world + v.width / 2;
            const y = (py[row] + vy[row] * s - v.y) * v.world + v.height / 2;
            if ((x < -margin || x > right || y < -margin || y > bottom) && row !== selected) continue;
            const spot = this.spotCount++;
            const isOutline = age > silent || (alt[row] !== alt[row] && !(marks[row] & GROUND));
            this.spotX[spot] = x;
            this.spotY[spot] = y;
            this.rows[spot] = row;
            this.outlines[spot] = isOutline ? 1 : 0;
            if (row === selected) chosen = spot;
            else if (row === hovered) over = spot;
            else if (!asCells || marks[row] & EMERGENCY) this.put(row, x, y, o, marks[row] & EMERGENCY ? SIZE_NOTED : size, isOutline ? OUTLINE : FILLED);
        }
        if (asCells) this.cells(v, o);
        this.onTop(over, o, Math.max(size, SIZE_NOTED), FILLED);
        this.onTop(chosen, o, SIZE_SELECTED, SELECTED);
        this.selected = chosen < 0 ? null : this.spot(chosen);
        this.hovered = over < 0 ? null : this.spot(over);
    }

    /* Too many to tell apart: one disc for all within a few pixels, the larger the more, in the color of their mean height. */
    private cells(v: View, o: SceneOptions): void {
        const margin = MARGIN + o.edge;
        const across = Math.ceil((v.width + 2 * margin) / CELL_PX) + 1;
        const down = Math.ceil((v.height + 2 * margin) / CELL_PX) + 1;
        const many = new Uint32Array(across * down);
        const heights = new Float64Array(across * down);
        const { alt } = this.columns;
        for (let i = 0; i < this.spotCount; i++) {
            const x = Math.floor((this.spotX[i] + margin) / CELL_PX);
            const y = Math.floor((this.spotY[i] + margin) / CELL_PX);
            if (x < 0 || y < 0 || x >= across || y >= down) continue; // the selection may be anywhere
            many[y * across + x]++;
            heights[y * across + x] += alt[this.rows[i]] || 0;
        }
        for (let cell = 0; cell < many.length; cell++) {
            if (!many[cell]) continue;
            const at = this.count++ * WORDS;
            this.floats[at] = ((cell % across) + 0.5) * CELL_PX - MARGIN;
            this.floats[at + 1] = (Math.floor(cell / across) + 0.5) * CELL_PX - MARGIN;
            this.floats[at + 2] = 0;
            this.floats[at + 3] = Math.min(2 * CELL_PX, 2 * (CELL_SIZE + Math.log2(many[cell]) / 2));
            this.words[at + 4] = o.palette.ramp.bytesAt(heights[cell] / many[cell]);
            this.words[at + 5] = DOT;
        }
    }

    private onTop(spot: number, o: SceneOptions, size: number, style: number): void {
        if (spot >= 0) this.put(this.rows[spot], this.spotX[spot], this.spotY[spot], o, size, this.outlines[spot] ? OUTLINE : style);
    }

    aircraft(spot: number): Aircraft {
        return this.columns.owner[this.rows[spot]];
    }

    isOutline(spot: number): boolean {
        return this.outlines[spot] !== 0;
    }

    private spot(i: number): Spot {
        return { a: this.aircraft(i), x: this.spotX[i], y: this.spotY[i], isOutline: this.isOutline(i) };
    }

    /* All of them as objects, made where somebody asks. */
    get spots(): Spot[] {
        this.made ??= Array.from({ length: this.spotCount }, (_, i) => {
            const a = this.aircraft(i);
            return a === this.selected?.a ? this.selected : a === this.hovered?.a ? this.hovered : this.spot(i);
        });
        return this.made;
    }

    /* The aircraft nearest to a point on the screen, within a reach in pixels. */
    nearest(x: number, y: number, reach: number): Aircraft | null {
        let best = -1;
        let least = reach * reach;
        for (let i = 0; i < this.spotCount; i++) {
            const d = (this.spotX[i] - x) ** 2 + (this.spotY[i] - y) ** 2;
            if (d < least) [best, least] = [i, d];
        }
        return best < 0 ? null : this.aircraft(best);
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
