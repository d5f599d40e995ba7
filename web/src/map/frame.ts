// One picture of the aircraft layer as it goes to whoever draws it, on the page or in a worker: items as
// gl.ts packs them, in CSS pixels of the screen, and the two colors that are not theirs.
import type { Rgb } from '../color';

export const FILLED = 0;
export const OUTLINE = 1;
export const SELECTED = 2;

/* Of the casing under a trail. */
export const CASING_PX = 1.4;
export const CASING_ALPHA = 0.8;

export interface Frame {
    width: number; // CSS pixels
    height: number;
    ratio: number; // of the screen's pixels to them
    aircraft: ArrayBuffer; // x, y, angle, size; color; shape, style
    count: number;
    trail: ArrayBuffer; // x, y, x, y; color; half width in quarter pixels
    pieces: number;
    halo: Rgb;
    ink: Rgb;
}

/* Draws frames one after the other, each on an empty picture. */
export interface Painter {
    paint(f: Frame): ImageBitmap | Promise<ImageBitmap>;
    free(): void;
}

export type AnyCanvas = HTMLCanvasElement | OffscreenCanvas;

export function newCanvas(width: number, height: number): AnyCanvas {
    if (typeof OffscreenCanvas !== 'undefined') return new OffscreenCanvas(width, height);
    return Object.assign(document.createElement('canvas'), { width, height });
}
