// The map of a picture, of one instant: ground, cells of history, what the map's painters draw, trail,
// aircraft, names. The same strokes on a canvas and in SVG.
import { largeAirports, airports, cityOf, type Airport } from '../../data/airports';
import { isEmergency } from '../../data/aircraft';
import { detail, trail } from '../../data/detail';
import { falseSpans, movement } from '../../data/movement';
import { serverNow, sky } from '../../data/sky';
import { css } from '../../color';
import { selection, shownRows } from '../../desk';
import { tagLine } from '../../format';
import { mercX, mercY } from '../../geo/mercator';
import { RECKON_MAX_S } from '../../geo/motion';
import { isShown } from '../../layers';
import { FONT, PAINTERS } from '../../map/paint';
import { Scene, type Spot } from '../../map/scene';
import { SILHOUETTES } from '../../map/silhouettes';
import { trailColor, type TrailPoint } from '../../map/trail';
import { screenX, screenY, type View } from '../../map/view';
import type { Palette } from '../../theme';
import { language } from '../../words';
import { markBoxes } from './caption';
import { drawGround, worlds, type Ground, type Pixel } from './ground';
import { shape, type Paper } from './paper';

const BOX = 64; // units a silhouette is drawn in
const SIZE = 20;
const SIZE_NOTED = 26;
const SIZE_SELECTED = 36;
const AIRPORTS_ZOOM = 4.5;
const ALL_AIRPORTS_ZOOM = 7.5;
const LABELS_MOST = 400;
const COUNTRY_AREAS: [zoom: number, squareDegrees: number][] = [[6, -1], [5, 0.3], [4, 2], [3, 8], [0, 40]];
const COUNTRIES_TO_ZOOM = 8;

export interface Cells {
    kind: 'coverage' | 'heat';
    cells: { corners: Pixel[]; word: string; p: number; hours: number }[];
}
/* What is read before drawing: it does not change with the instant. */
export interface MapData {
    ground: Ground;
    airports: Airport[];
    cells: Cells[];
    base?: HTMLCanvasElement; // the ground as drawn before, where the view stands still
}

export const airportsFor = (zoom: number) => (zoom < AIRPORTS_ZOOM ? Promise.resolve([]) : zoom < ALL_AIRPORTS_ZOOM ? largeAirports() : airports());

/* Names that would cover each other: who asks first stands. */
class Places {
    private readonly taken: [number, number, number, number][] = [];
    constructor(private readonly v: View) {}
    take(x0: number, y0: number, x1: number, y1: number, isFirm = false): boolean {
        const isOut = x0 < 2 || y0 < 2 || x1 > this.v.width - 2 || y1 > this.v.height - 2;
        if (!isFirm && (isOut || this.taken.some(([a, b, c, d]) => x0 < c && x1 > a && y0 < d && y1 > b))) return false;
        this.taken.push([x0, y0, x1, y1]);
        return true;
    }
}

function drawCells(c: Paper, v: View, p: Palette, list: Cells): void {
    for (const cell of list.cells) {
        const isHeard = cell.word === 'heard';
        const heat = Math.log10(0.02 + cell.hours);
        c.globalAlpha = list.kind === 'heat' ? Math.max(0, Math.min(0.65, 0.2 + 0.2 * heat)) : isHeard ? 0.05 + 0.35 * cell.p : 0.55;
        if (c.globalAlpha <= 0) continue;
        c.fillStyle = p.token(list.kind === 'heat' ? 'accent' : isHeard ? 'good' : 'map-unheard');
        c.beginPath();
        for (const [x, y] of cell.corners) c.lineTo(screenX(v, x), screenY(v, y));
        c.closePath();
        c.fill();
    }
    c.globalAlpha = 1;
}

/* Pieces of one color in one stroke, each with its casing below it. */
function drawTrail(c: Paper, v: View, p: Palette, head: Spot | null): void {
    const points = trail.get().filter((q) => q.t <= serverNow() + 1);
    if (points.length < 2) return;
    const at = (q: { x: number; y: number }): Pixel => [screenX(v, q.x), screenY(v, q.y)];
    const spans = falseSpans(movement.get());
    const colorOf = (q: TrailPoint) => css(trailColor(q, p, spans));
    const runs: { color: string; line: Pixel[] }[] = [];
    const gaps: [Pixel, Pixel][] = [];
    points.forEach((q, i) => {
        if (i === 0) return;
        const before = points[i - 1];
        if (q.gap) {
            gaps.push([at(before), at(q)]);
            return;
        }
        const color = colorOf(q);
        const last = runs[runs.length - 1];
        if (last?.color === color && !before.gap && last.line.length) last.line.push(at(q));
        else runs.push({ color, line: [at(before), at(q)] });
    });
    const last = points[points.length - 1];
    if (head) runs.push({ color: colorOf(last), line: [at(last), [head.x, head.y]] });
    c.lineJoin = c.lineCap = 'round';
    for (const isCasing of [true, false])
        for (const r of runs) {
            c.beginPath();
            for (const [x, y] of r.line) c.lineTo(x, y);
            c.strokeStyle = isCasing ? p.token('map-halo') : r.color;
            c.lineWidth = isCasing ? 5.4 : 2.6;
            c.stroke();
        }
    c.lineCap = 'butt';
    for (const [a, b] of gaps) drawGap(c, p, a, b);
    drawCrosses(c, v, p);
}

/* A bracket at each end of what was not heard; nothing between. */
function drawGap(c: Paper, p: Palette, a: Pixel, b: Pixel): void {
    const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
    if (length < 4) return;
    const [nx, ny] = [(-(b[1] - a[1]) / length) * 6, ((b[0] - a[0]) / length) * 6];
    c.strokeStyle = p.token('ink');
    c.lineWidth = 2;
    for (const [x, y] of [a, b]) {
        c.beginPath();
        c.moveTo(x + nx, y + ny);
        c.lineTo(x - nx, y - ny);
        c.stroke();
    }
}

/* Positions that were refused. */
function drawCrosses(c: Paper, v: View, p: Palette): void {
    c.strokeStyle = p.token('trust-suspect');
    c.lineWidth = 1.5;
    for (const r of detail.get()?.rejected ?? []) {
        const [x, y] = [screenX(v, mercX(r.lon)), screenY(v, mercY(r.lat))];
        c.beginPath();
        for (const s of [1, -1]) {
            c.moveTo(x - 4, y - 4 * s);
            c.lineTo(x + 4, y + 4 * s);
        }
        c.stroke();
    }
}

function drawAircraft(c: Paper, p: Palette, s: Spot, isSelected: boolean): void {
    const a = s.a;
    const size = isSelected ? SIZE_SELECTED : isEmergency(a) ? SIZE_NOTED : SIZE;
    const isTurned = a.pointing === a.pointing;
    const color = css(a.ground || a.alt !== a.alt ? p.ramp.ground : p.ramp.at(a.alt));
    c.save();
    c.translate(s.x, s.y);
    if (isTurned) c.rotate((a.pointing * Math.PI) / 180);
    c.scale(size / BOX, size / BOX);
    c.translate(-BOX / 2, -BOX / 2);
    c.lineJoin = 'round';
    const d = SILHOUETTES[isTurned ? a.shape : 'dot'];
    if (s.isOutline) {
        c.lineWidth = 9;
        shape(c, d, null, p.token('map-halo'));
        c.lineWidth = 4;
        shape(c, d, p.token('map-land'), color);
    } else {
        c.lineWidth = isSelected ? 7 : 6;
        shape(c, d, color, p.token(isSelected ? 'ink' : 'map-halo'));
    }
    c.restore();
}

function haloed(c: Paper, p: Palette, text: string, x: number, y: number, ink: string): void {
    c.strokeStyle = p.token('map-halo');
    c.lineWidth = 3.2;
    c.lineJoin = 'round';
    c.strokeText(text, x, y);
    c.fillStyle = p.token(ink);
    c.fillText(text, x, y);
}

function font(c: Paper, weight: number, size: number, align: CanvasTextAlign = 'left', direction: 'ltr' | 'rtl' = 'ltr'): void {
    c.font = `${weight} ${size}px ${FONT}`;
    c.textAlign = align;
    c.textBaseline = 'middle';
    c.direction = direction;
    c.setLineDash([]);
}
const pageDirection = () => (document.documentElement.dir === 'rtl' ? 'rtl' : 'ltr');

function tag(c: Paper, p: Palette, s: Spot, taken: Places): void {
    const name = s.a.flight || s.a.hex;
    const second = tagLine(s.a);
    font(c, 600, 13);
    let w = c.measureText(name).width;
    font(c, 400, 11);
    w = Math.max(w, c.measureText(second).width) + 16;
    const [x, y] = [s.x - w / 2, s.y + 25];
    taken.take(x, y - 46, x + w, y + 36, true);
    c.fillStyle = p.token('plate');
    c.fillRect(x, y, w, second ? 36 : 21);
    c.fillStyle = p.token('ink-inverse');
    font(c, 600, 13, 'center');
    c.fillText(name, s.x, y + 11);
    font(c, 400, 11, 'center');
    c.fillText(second, s.x, y + 26);
}

function drawLabels(c: Paper, p: Palette, scene: Scene, taken: Places): void {
    font(c, 500, 11);
    if (!isShown('labels') || scene.spots.length > LABELS_MOST) return;
    for (const s of scene.spots) {
        if (s === scene.selected || !s.a.flight) continue;
        const w = c.measureText(s.a.flight).width;
        if (taken.take(s.x + 12, s.y - 7, s.x + 16 + w, s.y + 7)) haloed(c, p, s.a.flight, s.x + 13, s.y, 'ink-2');
    }
}

function drawAirports(c: Paper, v: View, p: Palette, list: Airport[], taken: Places): void {
    if (!isShown('airports')) return;
    const seen = list
        .map((a) => ({ a, x: screenX(v, mercX(a.lon)), y: screenY(v, mercY(a.lat)) }))
        .filter(({ a, x, y }) => x > 0 && x < v.width && y > 0 && y < v.height && (a.rank === 0 || v.zoom >= ALL_AIRPORTS_ZOOM))
        .sort((m, n) => m.a.rank - n.a.rank || (m.a.icao < n.a.icao ? -1 : 1));
    for (const { a, x, y } of seen) {
        if (!taken.take(x - 5, y - 5, x + 5, y + 5)) continue;
        c.save();
        c.translate(x, y);
        c.rotate(Math.PI / 4);
        c.beginPath();
        c.rect(-2.9, -2.9, 5.8, 5.8);
        c.fillStyle = p.token('map-halo');
        c.fill();
        c.strokeStyle = p.token('ink-2');
        c.lineWidth = 1.3;
        c.stroke();
        c.restore();
        font(c, 500, 11);
        const text = v.zoom < 9 ? cityOf(a) : `${cityOf(a)}  ${a.icao}`;
        const w = c.measureText(text).width;
        if (taken.take(x + 6, y - 7, x + 10 + w, y + 7)) haloed(c, p, text, x + 8, y, 'ink-2');
    }
}

function drawCountries(c: Paper, v: View, p: Palette, g: Ground, taken: Places): void {
    if (v.zoom >= COUNTRIES_TO_ZOOM) return;
    const least = COUNTRY_AREAS.find(([zoom]) => v.zoom >= zoom)![1];
    font(c, 500, 12, 'center', pageDirection());
    for (const k of [...g.countries].sort((a, b) => b.area - a.area)) {
        if (k.area <= least) continue;
        for (const { shift } of worlds(v)) {
            const [x, y] = [(k.x + shift - v.x) * v.world + v.width / 2, screenY(v, k.y)];
            const text = k.names[language.get()];
            const w = c.measureText(text).width;
            if (taken.take(x - w / 2 - 4, y - 9, x + w / 2 + 4, y + 9)) haloed(c, p, text, x, y, 'map-label');
        }
    }
}

/* Where all aircraft stand now in this view. */
export function sceneOf(v: View, p: Palette): Scene {
    const scene = new Scene();
    if (!sky.clock.known) return scene;
    scene.fill(v, {
        now: serverNow(), reckonLimit: Math.max(RECKON_MAX_S, sky.clock.interval * 1.6), selected: sky.aircraft.get(selection.get() ?? '') ?? null, hovered: null,
        shown: shownRows(), palette: p, edge: 0,
    });
    return scene;
}

/* Draws the map at the paper's origin and says what stands on it. */
export function drawMap(c: Paper, v: View, p: Palette, data: MapData): Scene {
    const scene = sceneOf(v, p);
    const taken = new Places(v);
    for (const [x0, y0, x1, y1] of markBoxes(v)) taken.take(x0, y0, x1, y1, true);
    c.save();
    c.beginPath();
    c.rect(0, 0, v.width, v.height);
    c.clip();
    if (data.base) c.drawImage(data.base, 0, 0, v.width, v.height);
    else drawGround(c, data.ground, v, p);
    for (const cells of data.cells) drawCells(c, v, p, cells);
    for (const painter of PAINTERS)
        if (painter.layer === null || isShown(painter.layer)) {
            c.save();
            painter.paint({ c, v, palette: p, scene });
            c.restore();
        }
    const chosen = scene.selected;
    if (chosen) tag(c, p, chosen, taken);
    if (chosen) drawTrail(c, v, p, chosen.isOutline ? null : chosen);
    for (const s of scene.spots) if (s !== chosen) drawAircraft(c, p, s, false);
    if (chosen) drawAircraft(c, p, chosen, true);
    drawLabels(c, p, scene, taken);
    drawAirports(c, v, p, data.airports, taken);
    drawCountries(c, v, p, data.ground, taken);
    c.restore();
    return scene;
}

