// A picture of the desk: a sheet of a chosen form with the map above and its caption below, on a canvas
// or as SVG. The view is the desk's, with at least as much of the map in it.
import { ask } from '../../data/ask';
import { range } from '../../data/density';
import { hasHistory } from '../../data/past';
import { serverNow } from '../../data/sky';
import { latOf, lonOf, mercX, mercY } from '../../geo/mercator';
import { writeInstant } from '../../instant';
import { isShown } from '../../layers';
import type { View } from '../../map/view';
import { paletteOf, type Palette } from '../../theme';
import { language } from '../../words';
import { caption, drawMarks, type About, type Heard } from './caption';
import { drawGround, groundFor, type Pixel } from './ground';
import { airportsFor, drawMap, sceneOf, type Cells, type MapData } from './mapdraw';
import { fonts } from './letters';
import { SvgPaper, type Paper } from './paper';

export const FORMS: Record<string, [width: number, height: number]> = {
    wide: [1280, 800], square: [1080, 1080], tall: [1080, 1350], a4: [1123, 794],
};
export type Paint = 'light' | 'dark';
export interface Wish {
    form: [number, number];
    paint: Paint;
    center: { lat: number; lon: number; zoom: number };
    desk: { width: number; height: number }; // what the desk showed around it, CSS pixels
    link: string;
}
export interface Sheet {
    wish: Wish;
    data: MapData;
    heard: Heard | null;
    ruler: Paper;
    mapHeight?: number; // held, where frame follows frame; else as the caption leaves it
}

const CRUISE_FT = 24_500;
const DAY_S = 86_400;
const PNG_SCALE = 2;

/* The map's part of the sheet. */
function viewOf(w: Wish, height: number): View {
    const scale = Math.min(w.form[0] / w.desk.width, height / w.desk.height);
    const zoom = w.center.zoom + Math.log2(scale);
    return { x: mercX(w.center.lon), y: mercY(w.center.lat), world: 512 * 2 ** zoom, width: w.form[0], height, zoom };
}

function boxOf(v: View): string {
    const half = v.width / 2 / v.world;
    const [north, south] = [latOf(Math.max(0, v.y - v.height / 2 / v.world)), latOf(Math.min(1, v.y + v.height / 2 / v.world))];
    const lon = (x: number) => ((((lonOf(x) + 180) % 360) + 360) % 360) - 180;
    return half >= 0.5 ? `box=${south.toFixed(2)},-180,${north.toFixed(2)},180` : `box=${south.toFixed(2)},${lon(v.x - half).toFixed(2)},${north.toFixed(2)},${lon(v.x + half).toFixed(2)}`;
}

const hours = (from: number, to: number) => `from=${Math.floor(from / 3600) * 3600}&to=${Math.max(Math.floor(from / 3600) + 1, Math.ceil(to / 3600)) * 3600}`;

/* How much of what flew high in this view was heard in the day before; null where nobody knows. */
async function howHeard(v: View): Promise<Heard | null> {
    const now = serverNow();
    if (!hasHistory.get() || now !== now) return null;
    try {
        const { rows } = await ask<{ rows: { p: number | null; p_low: number; p_high: number }[] }>(`api/v1/coverage?by=area&area=${boxOf(v)}&${hours(now - DAY_S, now)}&alt=${CRUISE_FT}-`);
        const known = rows.filter((r) => r.p !== null);
        const r = known[known.length - 1];
        return r ? { p: r.p!, low: r.p_low, high: r.p_high } : null;
    } catch {
        return null; // nothing was learned there
    }
}

interface CellFeature {
    geometry: { coordinates: [number, number][][] };
    properties: { word: string; p: number | null; heard_h: number };
}

async function cellsOf(v: View, kind: Cells['kind']): Promise<Cells> {
    const r = range.get() ?? { from: serverNow() - DAY_S, to: serverNow() };
    try {
        const { features } = await ask<{ features: CellFeature[] }>(`api/v1/coverage?by=cell&format=geojson&area=${boxOf(v)}&${hours(r.from, r.to)}${kind === 'coverage' ? `&alt=${CRUISE_FT}-` : ''}`);
        return {
            kind,
            cells: features.map(({ geometry, properties: q }) => ({
                corners: geometry.coordinates[0].map(([lon, lat]): Pixel => [mercX(lon), mercY(lat)]), word: q.word, p: q.p ?? 0, hours: q.heard_h,
            })),
        };
    } catch {
        return { kind, cells: [] };
    }
}

/* Reads what the picture needs. */
export async function prepare(wish: Wish): Promise<Sheet> {
    const v = viewOf(wish, wish.form[1]);
    const kinds = (['coverage', 'heat'] as const).filter((k) => isShown(k) && hasHistory.get());
    const [ground, airports, heard, ...cells] = await Promise.all([groundFor(v.zoom), airportsFor(v.zoom), howHeard(v), ...kinds.map((k) => cellsOf(v, k))]);
    const ruler = document.createElement('canvas').getContext('2d')!;
    return { wish, data: { ground, airports, cells }, heard, ruler };
}

/* With the instant where the server keeps history: who follows the link sees what the picture shows. */
function aboutOf(s: Sheet): About {
    const at = serverNow();
    const { link } = s.wish;
    return { at, heard: s.heard, link: hasHistory.get() && !/[#&]at=/.test(link) ? `${link}${link.endsWith('#') ? '' : '&'}at=${writeInstant(at)}` : link };
}

/* What the caption leaves of the sheet. */
function mapHeight(s: Sheet, p: Palette): number {
    const [width, height] = s.wish.form;
    const band = caption(s.ruler, width, p, sceneOf(viewOf(s.wish, height), p), aboutOf(s));
    return Math.round(Math.max(height * 0.4, height - band.height));
}

/* Draws the sheet; says what it shows. */
function drawOn(c: Paper, s: Sheet, p: Palette): string {
    const [width, height] = s.wish.form;
    const view = viewOf(s.wish, s.mapHeight ?? mapHeight(s, p));
    const scene = drawMap(c, view, p, s.data);
    drawMarks(c, view, p);
    const band = caption(c, width, p, scene, aboutOf(s));
    c.fillStyle = p.token('surface');
    c.fillRect(0, view.height, width, height - view.height);
    band.draw(view.height);
    return band.words;
}

const CLIP_SPARE_PX = 22; // a caption may grow by a line while it runs

/* For frame after frame: the map keeps its size, and the ground, which does not move, is drawn once. */
export function steady(s: Sheet): Sheet {
    const p = paletteOf(s.wish.paint);
    const held = mapHeight(s, p) - CLIP_SPARE_PX;
    const v = viewOf(s.wish, held);
    const base = document.createElement('canvas');
    [base.width, base.height] = [v.width, v.height];
    drawGround(base.getContext('2d')!, s.data.ground, v, p);
    return { ...s, mapHeight: held, data: { ...s.data, base } };
}

/* On a canvas, so many device pixels a pixel of the sheet. */
export function draw(canvas: HTMLCanvasElement, s: Sheet, scale: number): string {
    const [width, height] = s.wish.form;
    const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
    if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
    const c = canvas.getContext('2d')!;
    c.setTransform(scale, 0, 0, scale, 0, 0);
    return drawOn(c, s, paletteOf(s.wish.paint));
}

export function png(s: Sheet): Promise<Blob> {
    const canvas = document.createElement('canvas');
    draw(canvas, s, PNG_SCALE);
    return new Promise((done, failed) => canvas.toBlob((b) => (b ? done(b) : failed(new Error('PNG'))), 'image/png'));
}

export async function svg(s: Sheet): Promise<Blob> {
    const paper = new SvgPaper();
    const words = drawOn(paper, s, paletteOf(s.wish.paint));
    const [width, height] = s.wish.form;
    const text = paper.svg(width, height, words.split('. ')[0], words, language.get(), await fonts(/[\u0600-\u06ff]/.test(words)));
    return new Blob([text], { type: 'image/svg+xml' });
}
