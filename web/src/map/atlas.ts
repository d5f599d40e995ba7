// The silhouettes as one texture: red is the shape, green the shape with its halo, blue its outline.
import { newCanvas, type AnyCanvas } from './frame';
import { SHAPES, SILHOUETTES } from './silhouettes';

export const CELL = 128; // texels a side
export const COLUMNS = 4;
const BOX = 64; // units a silhouette is drawn in
const MARGIN = 6; // units around it, for the halo
const HALO = 5.5; // units of stroke, half of it outside
const OUTLINE = 4;

export const SPREAD = (BOX + 2 * MARGIN) / BOX; // of a cell over its silhouette's box

export function drawAtlas(): AnyCanvas {
    const rows = Math.ceil(SHAPES.length / COLUMNS);
    const canvas = newCanvas(COLUMNS * CELL, 1 << Math.ceil(Math.log2(rows * CELL)));
    const c = canvas.getContext('2d', { alpha: false, willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
    c.fillStyle = '#000';
    c.fillRect(0, 0, canvas.width, canvas.height);
    c.globalCompositeOperation = 'lighter';
    c.lineJoin = 'round';
    const scale = CELL / (BOX + 2 * MARGIN);
    SHAPES.forEach((shape, i) => {
        const path = new Path2D(SILHOUETTES[shape]);
        c.setTransform(scale, 0, 0, scale, (i % COLUMNS) * CELL, Math.floor(i / COLUMNS) * CELL);
        c.translate(MARGIN, MARGIN);
        c.fillStyle = '#f00';
        c.fill(path);
        c.fillStyle = c.strokeStyle = '#0f0';
        c.fill(path);
        c.lineWidth = HALO;
        c.stroke(path);
        c.strokeStyle = '#00f';
        c.lineWidth = OUTLINE;
        c.stroke(path);
    });
    return canvas;
}
