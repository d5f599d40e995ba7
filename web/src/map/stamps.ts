// The aircraft layer without a graphics processor: where WebGL is done in software each pixel of a sprite costs
// sixty nanoseconds, twenty thousand sprites a third of a second. Here each silhouette is turned and scaled once
// into the pixels it covers, and those are laid down; one pixel of the picture for a CSS pixel.
import { CELL, COLUMNS, drawAtlas, SPREAD } from './atlas';
import { CASING_ALPHA, CASING_PX, OUTLINE, SELECTED, type Frame, type Painter } from './frame';
import { ITEM_BYTES } from './gl';

const ANGLES = 72; // of a turn that are told apart
const SIZES = 64; // pixels, from 0
const STYLES = 3;
const FINE = 3; // samples across a pixel
const FAINTEST = 4; // of 255: less is not seen
const KEPT = 4096;
const RIM = 0.85; // how strong the halo is
const WORDS = ITEM_BYTES / 4;
const TURN = 2 * Math.PI;

/* Pixels from the middle to a corner of the turned box. */
const reachOf = (size: number) => Math.ceil(size * SPREAD * Math.SQRT1_2) + 1;
const ROOM = (2 * reachOf(SIZES) + 1) ** 2; // pixels of the largest

/* What a silhouette covers around its middle, each pixel with the weights, 0 to 255, of its own color and of its edge. */
interface Stamp {
    dx: Int8Array;
    dy: Int8Array;
    own: Uint8Array;
    edge: Uint8Array;
}

/* The same for every texel of the atlas. */
interface Plane {
    own: Uint8Array;
    edge: Uint8Array;
}

function readAtlas(): Uint8ClampedArray {
    const canvas = drawAtlas();
    const c = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    return c.getImageData(0, 0, canvas.width, canvas.height).data;
}

/* A number 0 to 65,025 by 255, rounded. */
const by255 = (v: number) => ((v + 128) * 257) >> 16;

export class StampPainter implements Painter {
    private readonly stamps = new Map<number, Stamp>();
    private readonly planes: Plane[] = [];
    private readonly cut = { dx: new Float32Array(ROOM), dy: new Float32Array(ROOM), own: new Float32Array(ROOM), edge: new Float32Array(ROOM) };
    private width = 0;
    private height = 0;
    private pixels = new Uint32Array(0); // premultiplied

    constructor(private readonly atlas = readAtlas()) {}

    paint(f: Frame): Promise<ImageBitmap> {
        const pixels = this.lay(f);
        return createImageBitmap(new ImageData(new Uint8ClampedArray(pixels.buffer), this.width, this.height));
    }

    /* The picture's pixels, row by row, as ImageData has them; good until the next frame. */
    lay(f: Frame): Uint32Array<ArrayBuffer> {
        const [width, height] = [Math.round(f.width), Math.round(f.height)];
        if (width * height !== this.pixels.length) this.pixels = new Uint32Array(width * height);
        else this.pixels.fill(0);
        [this.width, this.height] = [width, height];
        this.drawTrail(f);
        this.drawAircraft(f);
        this.divide();
        return this.pixels;
    }

    /* The atlas as weights of a style. */
    private plane(style: number): Plane {
        let plane = this.planes[style];
        if (plane) return plane;
        const texels = this.atlas.length / 4;
        plane = { own: new Uint8Array(texels), edge: new Uint8Array(texels) };
        for (let i = 0; i < texels; i++) {
            const [shape, halo, line] = [this.atlas[4 * i], this.atlas[4 * i + 1], this.atlas[4 * i + 2]];
            plane.own[i] = style === OUTLINE ? line : shape;
            plane.edge[i] = style === OUTLINE ? shape * 0.5 * (1 - line / 255) : Math.max(0, halo - shape) * (style === SELECTED ? 1 : RIM);
        }
        return (this.planes[style] = plane);
    }

    /* A silhouette turned by `angle` of ANGLES, `size` pixels large. */
    private make(shape: number, style: number, angle: number, size: number): Stamp {
        const { own, edge } = this.plane(style);
        const [box, reach] = [size * SPREAD, reachOf(size)];
        const [c, s] = [(CELL / box) * Math.cos((angle / ANGLES) * TURN), (CELL / box) * Math.sin((angle / ANGLES) * TURN)];
        const corner = Math.floor(shape / COLUMNS) * CELL * COLUMNS * CELL + (shape % COLUMNS) * CELL;
        const { cut } = this;
        let n = 0;
        for (let dy = -reach; dy <= reach; dy++)
            for (let dx = -reach; dx <= reach; dx++) {
                cut.own[n] = cut.edge[n] = 0;
                for (let i = 0; i < FINE * FINE; i++) {
                    const x = dx + ((i % FINE) + 0.5) / FINE - 0.5;
                    const y = dy + (Math.floor(i / FINE) + 0.5) / FINE - 0.5;
                    const u = Math.floor(x * c + y * s + CELL / 2);
                    const v = Math.floor(y * c - x * s + CELL / 2);
                    if (u < 0 || v < 0 || u >= CELL || v >= CELL) continue;
                    cut.own[n] += own[corner + v * COLUMNS * CELL + u];
                    cut.edge[n] += edge[corner + v * COLUMNS * CELL + u];
                }
                cut.own[n] /= FINE * FINE;
                cut.edge[n] /= FINE * FINE;
                if (cut.own[n] + cut.edge[n] < FAINTEST) continue;
                cut.dx[n] = dx;
                cut.dy[n++] = dy;
            }
        return { dx: Int8Array.from(cut.dx.subarray(0, n)), dy: Int8Array.from(cut.dy.subarray(0, n)), own: Uint8Array.from(cut.own.subarray(0, n)), edge: Uint8Array.from(cut.edge.subarray(0, n)) };
    }

    private stamp(shape: number, style: number, angle: number, size: number): Stamp {
        const key = ((shape * STYLES + style) * ANGLES + angle) * SIZES + size;
        let stamp = this.stamps.get(key);
        if (!stamp) {
            if (this.stamps.size >= KEPT) this.stamps.clear();
            this.stamps.set(key, (stamp = this.make(shape, style, angle, size)));
        }
        return stamp;
    }

    /* One pixel over what is there: premultiplied red, green, blue and how much of it is covered, 0 to 255. */
    private over(x: number, y: number, r: number, g: number, b: number, cover: number): void {
        const at = y * this.width + x;
        const below = this.pixels[at];
        const rest = 255 - cover;
        this.pixels[at] = below === 0 ? r | (g << 8) | (b << 16) | (cover << 24) :
            (r + by255((below & 255) * rest)) | ((g + by255(((below >>> 8) & 255) * rest)) << 8) |
            ((b + by255(((below >>> 16) & 255) * rest)) << 16) | ((cover + by255((below >>> 24) * rest)) << 24);
    }

    private drawAircraft(f: Frame): void {
        const floats = new Float32Array(f.aircraft);
        const words = new Uint32Array(f.aircraft);
        const { width, height } = this;
        const [halo, ink] = [f.halo.map((v) => v * 255), f.ink.map((v) => v * 255)];
        for (let i = 0, at = 0; i < f.count; i++, at += WORDS) {
            const [color, kind] = [words[at + 4], words[at + 5]];
            const [shape, style] = [kind & 255, (kind >> 8) & 255];
            const angle = Math.round((floats[at + 2] / TURN) * ANGLES + ANGLES) % ANGLES;
            const s = this.stamp(shape, style, angle, Math.min(SIZES - 1, Math.round(floats[at + 3])));
            const edge = style === SELECTED ? ink : halo;
            const alpha = color >>> 24;
            const [cx, cy] = [Math.round(floats[at] - 0.5), Math.round(floats[at + 1] - 0.5)];
            for (let k = 0; k < s.dx.length; k++) {
                const [x, y] = [cx + s.dx[k], cy + s.dy[k]];
                if (x < 0 || y < 0 || x >= width || y >= height) continue;
                const [w, e] = [by255(s.own[k] * alpha), by255(s.edge[k] * alpha)];
                this.over(x, y, by255((color & 255) * w + edge[0] * e), by255(((color >> 8) & 255) * w + edge[1] * e),
                    by255(((color >> 16) & 255) * w + edge[2] * e), Math.min(255, w + e));
            }
        }
    }

    private drawTrail(f: Frame): void {
        const floats = new Float32Array(f.trail);
        const bytes = new Uint8Array(f.trail);
        const halo = f.halo.map((v) => v * 255);
        for (const isCasing of [true, false])
            for (let i = 0; i < f.pieces; i++) {
                const [at, b] = [i * WORDS, i * ITEM_BYTES + 16];
                const half = bytes[b + 4] / 4 + (isCasing ? CASING_PX : 0);
                const color = isCasing ? halo : bytes.subarray(b, b + 3);
                this.line(floats[at], floats[at + 1], floats[at + 2], floats[at + 3], half, color, isCasing ? CASING_ALPHA : bytes[b + 3] / 255);
            }
    }

    /* Along the longer of its two extents, pixel by pixel, and across it as far as it is thick. */
    private line(ax: number, ay: number, bx: number, by: number, half: number, color: ArrayLike<number>, alpha: number): void {
        const [dx, dy] = [bx - ax, by - ay];
        const length2 = Math.max(1e-8, dx * dx + dy * dy);
        const isFlat = Math.abs(dx) >= Math.abs(dy);
        const [a, b, slope] = isFlat ? [ax, bx, dy / (dx || 1)] : [ay, by, dx / (dy || 1)];
        const [across, along] = isFlat ? [this.height, this.width] : [this.width, this.height];
        const r = half + 1;
        const reach = r * Math.SQRT2;
        for (let p = Math.max(0, Math.floor(Math.min(a, b) - r)); p <= Math.min(along - 1, Math.max(a, b) + r); p++) {
            const middle = (isFlat ? ay : ax) + (Math.min(Math.max(p + 0.5, Math.min(a, b)), Math.max(a, b)) - a) * slope;
            for (let q = Math.max(0, Math.floor(middle - reach)); q <= Math.min(across - 1, middle + reach); q++) {
                const [x, y] = isFlat ? [p, q] : [q, p];
                const [px, py] = [x + 0.5 - ax, y + 0.5 - ay];
                const t = Math.min(1, Math.max(0, (px * dx + py * dy) / length2));
                const cover = Math.min(1, Math.max(0, 0.5 + half - Math.hypot(px - t * dx, py - t * dy))) * alpha;
                if (cover > 0) this.over(x, y, color[0] * cover, color[1] * cover, color[2] * cover, cover * 255);
            }
        }
    }

    /* Colors as ImageData has them, not multiplied by how much is covered. */
    private divide(): void {
        const { pixels } = this;
        for (let i = 0; i < pixels.length; i++) {
            const v = pixels[i];
            const a = v >>> 24;
            if (a === 0 || a === 255) continue;
            const up = 255 / a;
            pixels[i] = Math.min(255, (v & 255) * up) | (Math.min(255, ((v >> 8) & 255) * up) << 8) | (Math.min(255, ((v >> 16) & 255) * up) << 16) | (a << 24);
        }
    }

    free(): void {
        this.stamps.clear();
    }
}
