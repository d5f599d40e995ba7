// The ground for a picture: coasts, land, borders cut to the picture's edge, so that neither the canvas
// nor the SVG carries the rest of the world.
import ground50 from '../../../data/out/ground-50m.json?url';
import ground10 from '../../../data/out/ground-10m.json?url';
import countriesFile from '../../../data/out/countries.json?url';
import { mercX, mercY } from '../../geo/mercator';
import type { View } from '../../map/view';
import type { Palette } from '../../theme';
import type { Language } from '../../words';
import type { Paper } from './paper';

export type Pixel = [x: number, y: number];
type Lines = Pixel[][]; // on the map's plane, 0..1
interface Box {
    x0: number;
    y0: number;
    x1: number;
    y1: number;
}
export interface Country {
    x: number;
    y: number;
    area: number;
    names: Record<Language, string>;
}
export interface Ground {
    land: { line: Pixel[]; box: Box }[];
    lines: { line: Pixel[]; box: Box; isBorder: boolean }[];
    countries: Country[];
}

const FINE_ZOOM = 5.5; // from here the 10 m coast, as on the map
const EDGE_PX = 4; // cut so far outside
const STEP_PX = 0.4; // points closer than this are one

async function read<T>(file: string): Promise<T> {
    const r = await fetch(new URL(file, document.baseURI).href);
    if (!r.ok) throw new Error(`HTTP ${r.status}`);
    return (await r.json()) as T;
}

function boxOf(line: Pixel[]): Box {
    const b = { x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity };
    for (const [x, y] of line) {
        b.x0 = Math.min(b.x0, x);
        b.x1 = Math.max(b.x1, x);
        b.y0 = Math.min(b.y0, y);
        b.y1 = Math.max(b.y1, y);
    }
    return b;
}

interface Feature {
    properties: { k: string } & Record<string, unknown>;
    geometry: { type: string; coordinates: never };
}
const project = (ring: [number, number][]): Pixel[] => ring.map(([lon, lat]) => [mercX(lon), mercY(lat)]);

function sorted(features: Feature[]): Omit<Ground, 'countries'> {
    const land: Lines = [];
    const lines: { line: Pixel[]; isBorder: boolean }[] = [];
    for (const f of features) {
        const c = f.geometry.coordinates as unknown;
        const isBorder = f.properties.k === 'border';
        if (f.geometry.type === 'MultiPolygon')
            for (const polygon of c as [number, number][][][]) {
                land.push(...polygon.map(project));
                if (f.properties.k === 'island') lines.push(...polygon.map((ring) => ({ line: project(ring), isBorder: false })));
            }
        else for (const line of c as [number, number][][]) lines.push({ line: project(line), isBorder });
    }
    return { land: land.map((line) => ({ line, box: boxOf(line) })), lines: lines.map((l) => ({ ...l, box: boxOf(l.line) })) };
}

const kept = new Map<string, Promise<Ground>>();

/* Read once; the browser has the file already where the map has drawn it. */
export function groundFor(zoom: number): Promise<Ground> {
    const file = zoom > FINE_ZOOM ? ground10 : ground50;
    let reading = kept.get(file);
    if (!reading) {
        reading = (async () => {
            const [ground, names] = await Promise.all([
                read<{ features: Feature[] }>(file),
                read<{ features: { properties: Record<Language, string> & { a: number }; geometry: { coordinates: [number, number] } }[] }>(countriesFile),
            ]);
            const countries = names.features.map(({ properties: p, geometry: { coordinates: [lon, lat] } }) => ({ x: mercX(lon), y: mercY(lat), area: p.a, names: p }));
            return { ...sorted(ground.features), countries };
        })();
        kept.set(file, reading);
        reading.catch(() => kept.delete(file));
    }
    return reading;
}

/* What of a closed line lies within the box, by its four edges in turn (Sutherland and Hodgman). */
export function cutPolygon(line: Pixel[], b: Box): Pixel[] {
    const edges: [axis: 0 | 1, at: number, sign: 1 | -1][] = [[0, b.x0, 1], [0, b.x1, -1], [1, b.y0, 1], [1, b.y1, -1]];
    let list = line;
    for (const [axis, at, sign] of edges) {
        const from = list;
        list = [];
        for (let i = 0; i < from.length; i++) {
            const [p, q] = [from[(i + from.length - 1) % from.length], from[i]];
            const [isIn, wasIn] = [(q[axis] - at) * sign >= 0, (p[axis] - at) * sign >= 0];
            if (isIn !== wasIn) {
                const k = (at - p[axis]) / (q[axis] - p[axis]);
                list.push(axis ? [p[0] + (q[0] - p[0]) * k, at] : [at, p[1] + (q[1] - p[1]) * k]);
            }
            if (isIn) list.push(q);
        }
    }
    return list;
}

/* The pieces of an open line of which at least one end of each step is near the box. */
export function cutLine(line: Pixel[], b: Box): Lines {
    const pieces: Lines = [];
    let piece: Pixel[] = [];
    for (let i = 1; i < line.length; i++) {
        const [p, q] = [line[i - 1], line[i]];
        const isOut = Math.max(p[0], q[0]) < b.x0 || Math.min(p[0], q[0]) > b.x1 || Math.max(p[1], q[1]) < b.y0 || Math.min(p[1], q[1]) > b.y1;
        if (isOut) {
            if (piece.length > 1) pieces.push(piece);
            piece = [];
        } else if (piece.length) piece.push(q);
        else piece = [p, q];
    }
    if (piece.length > 1) pieces.push(piece);
    return pieces;
}

function draw(c: Paper, v: View, shift: number, line: Pixel[], isClosed: boolean): void {
    let [px, py] = [NaN, NaN];
    line.forEach(([x, y], i) => {
        const [sx, sy] = [(x + shift - v.x) * v.world + v.width / 2, (y - v.y) * v.world + v.height / 2];
        if (i === 0) c.moveTo(sx, sy);
        else if (Math.abs(sx - px) < STEP_PX && Math.abs(sy - py) < STEP_PX && i < line.length - 1) return;
        else c.lineTo(sx, sy);
        [px, py] = [sx, sy];
    });
    if (isClosed) c.closePath();
}

const meets = (a: Box, b: Box) => a.x0 <= b.x1 && a.x1 >= b.x0 && a.y0 <= b.y1 && a.y1 >= b.y0;

/* The worlds beside each other that the picture shows, each with the part of it that is seen. */
export function worlds(v: View): { shift: number; box: Box }[] {
    const [half, high] = [(v.width / 2 + EDGE_PX) / v.world, (v.height / 2 + EDGE_PX) / v.world];
    const all = [];
    for (let shift = Math.floor(v.x - half); shift <= Math.floor(v.x + half); shift++)
        all.push({ shift, box: { x0: v.x - half - shift, x1: v.x + half - shift, y0: v.y - high, y1: v.y + high } });
    return all;
}

export function drawGround(c: Paper, g: Ground, v: View, p: Palette): void {
    c.fillStyle = p.token('map-sea');
    c.fillRect(0, 0, v.width, v.height);
    c.lineJoin = 'round';
    const each = (act: (shift: number, box: Box) => void) => worlds(v).forEach((w) => act(w.shift, w.box));
    c.beginPath();
    each((shift, box) => {
        for (const l of g.land) if (meets(l.box, box)) draw(c, v, shift, cutPolygon(l.line, box), true);
    });
    c.fillStyle = p.token('map-land');
    c.fill();
    for (const isBorder of [true, false]) {
        c.beginPath();
        each((shift, box) => {
            for (const l of g.lines)
                if (l.isBorder === isBorder && meets(l.box, box)) for (const piece of cutLine(l.line, box)) draw(c, v, shift, piece, false);
        });
        c.strokeStyle = p.token(isBorder ? 'map-border' : 'map-coast');
        c.lineWidth = isBorder ? 0.8 : 0.9;
        c.stroke();
    }
}
