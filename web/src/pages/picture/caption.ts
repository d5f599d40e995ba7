// What stands below a picture, so that it can be checked by who finds it: what, when, from whom, how
// well heard, what it does not say, how long a mile is, and the link to the same view.
import { css, STOPS_FT } from '../../color';
import { ORIGIN_GROUPS, selection, filter, isFiltered } from '../../desk';
import { sky } from '../../data/sky';
import { isSpoofed, leading, movement, claimBand } from '../../data/movement';
import { placeNames } from '../../places';
import { altitudeOf, altitudeUnit, grouped, isolated, percent, summary, zDate, zTime } from '../../format';
import { EARTH_M, latOf } from '../../geo/mercator';
import { FONT } from '../../map/paint';
import type { Scene } from '../../map/scene';
import type { View } from '../../map/view';
import { isShown } from '../../layers';
import { units } from '../../settings';
import type { Palette } from '../../theme';
import { t, type MessageKey } from '../../words';
import type { Paper } from './paper';

export interface Heard {
    p: number; // how much of what flew here is heard; NaN: not known
    low: number;
    high: number;
}
export interface About {
    at: number; // epoch seconds
    heard: Heard | null;
    link: string;
}

const EXPLAINED = ['coverage', 'heat', 'jamming', 'night', 'rings', 'outline'] as const; // layers whose look needs words
const NM_M = 1852;
const PAD = 18;

/* By kind of source: “12 ADS-B, 3 MLAT”. */
function sources(scene: Scene): string {
    const counts = new Map<string, number>();
    for (const { a } of scene.spots) {
        const group = Object.entries(ORIGIN_GROUPS).find(([, g]) => g.prefixes.some((x) => a.origin.startsWith(x)))?.[0] ?? 'other';
        counts.set(group, (counts.get(group) ?? 0) + 1);
    }
    const label = (k: MessageKey) => (t as (k: MessageKey) => string)(k);
    return [...counts].sort((a, b) => b[1] - a[1]).map(([g, n]) => `${isolated(grouped(n))} ${isolated(label(ORIGIN_GROUPS[g].label))}`).join(t('picture.comma'));
}

/* The selection and what is said of it, else how many are shown. */
export function headline(scene: Scene): { title: string; says: string } {
    const hex = selection.get();
    const a = hex ? sky.aircraft.get(hex) : undefined;
    if (!a) return { title: t('picture.count', scene.spots.length), says: '' };
    const m = movement.get();
    const lead = m?.hex === a.hex ? leading(m) : null;
    const first = lead?.claim.candidates[0];
    const place = first ? `${placeNames(first.airport, first.name)} ${isolated(first.airport)}` : '';
    const says = m?.hex === a.hex && isSpoofed(m) ? t('panel.spoofed')
        : lead && first ? t('picture.says', t(lead.says, claimBand(lead.claim), place), isolated(percent(first.p))) : '';
    return { title: [a.flight || a.hex, ...summary(a).split('  ')].filter(Boolean).map(isolated).join(' · '), says };
}

export interface Fact {
    label: string;
    text: string;
}

export function facts(scene: Scene, about: About): Fact[] {
    const { receivers, simulation } = sky.about.get();
    const { heard } = about;
    const list: Fact[] = [];
    const put = (label: string, text: string) => list.push({ label, text });
    if (simulation) put(t('sim.badge'), t('sim.title'));
    put(t('picture.source'), t('picture.sourceText', sources(scene) || t('word.none'), receivers.length));
    if (isFiltered(filter.get())) put(t('picture.filter'), t('picture.filterText', scene.spots.length, sky.aircraft.size));
    put(t('picture.coverage'), heard && heard.p === heard.p
        ? t('picture.coverageText', isolated(percent(heard.p)), isolated(percent(heard.low)), isolated(percent(heard.high)))
        : t('picture.coverageNone'));
    const drawn = EXPLAINED.filter(isShown).map((l) => t(`picture.layer.${l}`));
    if (drawn.length) put(t('picture.layers'), `${drawn.join(t('picture.semicolon'))}.`);
    put(t('picture.caveat'), t('picture.caveatText'));
    return list;
}

/* A round length of at most so many pixels. */
export function scaleOf(v: View, most: number): { px: number; text: string } {
    const perPx = (EARTH_M / v.world) * Math.cos((latOf(v.y) * Math.PI) / 180);
    const unit = units.get() === 'metric' ? 1000 : NM_M;
    const power = 10 ** Math.floor(Math.log10((most * perPx) / unit));
    const length = [5, 2, 1].map((k) => k * power).find((l) => (l * unit) / perPx <= most) ?? power;
    return { px: (length * unit) / perPx, text: `${length < 1 ? String(length) : grouped(length)} ${t(units.get() === 'metric' ? 'unit.km' : 'unit.nm')}` };
}

/* Lines no wider than so many pixels; a word that is wider alone, as links are, is broken. */
export function wrapped(c: Paper, text: string, width: number): string[] {
    const lines: string[] = [];
    let line = '';
    for (const word of text.split(' ')) {
        const longer = line ? `${line} ${word}` : word;
        if (c.measureText(longer).width <= width) {
            line = longer;
            continue;
        }
        if (line) lines.push(line);
        line = word;
        while (c.measureText(line).width > width && line.length > 1) {
            let k = line.length - 1;
            while (k > 1 && c.measureText(line.slice(0, k)).width > width) k--;
            lines.push(line.slice(0, k));
            line = line.slice(k);
        }
    }
    return line ? [...lines, line] : lines;
}

export interface Band {
    height: number;
    words: string; // all of it, for who hears the picture
    draw: (top: number) => void;
}

const isRtl = () => document.documentElement.dir === 'rtl';

function font(c: Paper, weight: number, size: number, align: 'start' | 'end' = 'start', dir = document.documentElement.dir): void {
    c.font = `${weight} ${size}px ${FONT}`;
    c.direction = dir === 'rtl' ? 'rtl' : 'ltr';
    c.textAlign = (align === 'start') === isRtl() ? 'right' : 'left';
    c.textBaseline = 'middle';
}

/* Lays the caption out for a width, then draws it where it is told. */
export function caption(c: Paper, width: number, p: Palette, scene: Scene, about: About): Band {
    const size = width < 800 ? 12 : 13;
    const lh = Math.round(size * (isRtl() ? 1.65 : 1.45));
    const inner = width - 2 * PAD;
    const { title, says } = headline(scene);
    const when = `${zDate(about.at)} · ${isolated(zTime(about.at).replace('Z', ' Z'))}`;
    font(c, 600, size + 5);
    const isNarrow = c.measureText(title).width + c.measureText(when).width + 30 > inner;
    const titles = wrapped(c, title, inner);
    font(c, 400, size + 1);
    const saying = says ? wrapped(c, says, inner) : [];
    const columns = width >= 900 ? 2 : 1;
    const gap = 28;
    const column = (inner - gap * (columns - 1)) / columns;
    const list = facts(scene, about).map((f) => {
        font(c, 600, size);
        const indent = c.measureText(`${f.label}  `).width;
        font(c, 400, size);
        const [first, ...rest] = wrapped(c, f.text, column - indent);
        return { ...f, indent, lines: [first, ...(rest.length ? wrapped(c, rest.join(' '), column) : [])] };
    });
    const heights = list.map((f) => f.lines.length * lh + 4);
    const half = heights.reduce((a, b) => a + b, 0) / columns;
    let [sum, split] = [0, 0];
    while (columns > 1 && split < list.length && sum + heights[split] / 2 <= half) sum += heights[split++];
    if (columns === 1) split = list.length;
    const tall = (from: number, to: number) => heights.slice(from, to).reduce((a, b) => a + b, 0);
    const body = Math.max(tall(0, split), tall(split, list.length));
    font(c, 400, size - 1, 'start', 'ltr');
    const links = wrapped(c, about.link, inner - 90);
    const head = titles.length * (lh + 6) + (isNarrow ? lh + 2 : 0) + saying.length * (lh + 1);
    const height = PAD + head + 8 + body + 6 + links.length * lh + PAD - 4;
    const x = isRtl() ? width - PAD : PAD;
    const end = width - x;
    const on = isRtl() ? -1 : 1;
    const draw = (top: number) => {
        let y = top + PAD + (lh + 6) / 2 - 3;
        c.fillStyle = p.token('surface');
        c.fillRect(0, top, width, height);
        c.fillStyle = p.token('line-strong');
        c.fillRect(0, top, width, 1);
        c.fillStyle = p.token('ink');
        for (const l of titles) {
            font(c, 600, size + 5);
            c.fillText(l, x, y);
            y += lh + 6;
        }
        font(c, 600, isNarrow ? size + 1 : size + 5, isNarrow ? 'start' : 'end');
        c.fillText(when, isNarrow ? x : end, isNarrow ? y : top + PAD + (lh + 6) / 2 - 3);
        if (isNarrow) y += lh + 2;
        font(c, 400, size + 1);
        c.fillStyle = p.token('ink-2');
        for (const l of saying) {
            c.fillText(l, x, y);
            y += lh + 1;
        }
        const first = y + 8;
        list.forEach((f, i) => {
            if (i === split && columns > 1) y = first;
            else if (i === 0) y = first;
            const at = x + on * (i >= split ? column + gap : 0);
            font(c, 600, size);
            c.fillStyle = f.label === t('sim.badge') ? p.token('sim') : p.token('ink');
            c.fillText(f.label, at, y);
            font(c, 400, size);
            c.fillStyle = p.token('ink-2');
            f.lines.forEach((l, k) => c.fillText(l, k ? at : at + on * f.indent, y + k * lh));
            y += f.lines.length * lh + 4;
        });
        y = first + body + 6;
        c.fillStyle = p.token('ink-3');
        font(c, 400, size - 1, 'start', 'ltr');
        for (const [k, l] of links.entries()) c.fillText(l, x, y + k * lh);
        font(c, 600, size, 'end', 'ltr');
        c.fillStyle = p.token('ink-2');
        c.fillText('masar', end, y);
    };
    const words = [title, when, says, ...list.map((f) => `${f.label}: ${f.text}`), about.link].filter(Boolean).join('. ');
    return { height, words, draw };
}

/* North is up on this map; it is said all the same. */
function north(c: Paper, p: Palette, x: number, y: number): void {
    c.beginPath();
    c.moveTo(x, y - 17);
    c.lineTo(x + 7, y + 5);
    c.lineTo(x, y);
    c.lineTo(x - 7, y + 5);
    c.closePath();
    c.fillStyle = p.token('ink');
    c.strokeStyle = p.token('map-halo');
    c.lineWidth = 3;
    c.stroke();
    c.fill();
    c.font = `600 13px ${FONT}`;
    c.textAlign = 'center';
    c.textBaseline = 'middle';
    c.strokeText(t('picture.north'), x, y + 17);
    c.fillText(t('picture.north'), x, y + 17);
}

function plate(c: Paper, p: Palette, x: number, y: number, w: number, h: number): void {
    c.globalAlpha = 0.92;
    c.fillStyle = p.token('surface');
    c.fillRect(x, y, w, h);
    c.globalAlpha = 1;
    c.strokeStyle = p.token('line');
    c.lineWidth = 1;
    c.strokeRect(x + 0.5, y + 0.5, w - 1, h - 1);
}

/* Bar of length, with the latitude it holds for: on this map a mile grows toward the poles. */
function scaleBar(c: Paper, v: View, p: Palette): void {
    const { px, text } = scaleOf(v, Math.min(180, v.width / 4));
    const lat = latOf(v.y);
    const note = t('picture.scaleAt', isolated(`${Math.abs(lat).toFixed(1)}° ${lat < 0 ? 'S' : 'N'}`));
    font(c, 400, 11);
    const w = Math.max(px, c.measureText(note).width, c.measureText(text).width) + 24;
    const [x, y] = [12, v.height - 64];
    plate(c, p, x, y, w, 52);
    c.fillStyle = p.token('ink');
    font(c, 600, 12);
    c.textAlign = 'left';
    c.fillText(text, x + 12, y + 12);
    c.beginPath();
    c.moveTo(x + 12, y + 20);
    c.lineTo(x + 12, y + 27);
    c.lineTo(x + 12 + px, y + 27);
    c.lineTo(x + 12 + px, y + 20);
    c.strokeStyle = p.token('ink');
    c.lineWidth = 1.6;
    c.stroke();
    font(c, 400, 11);
    c.textAlign = 'left';
    c.fillStyle = p.token('ink-2');
    c.fillText(note, x + 12, y + 40);
}

const RAMP_STEPS = 42;

/* What the colors of aircraft and trail mean. */
function legend(c: Paper, v: View, p: Palette): void {
    const w = 236;
    if (v.width < 560) return;
    const [x, y] = [v.width - w - 12, v.height - 64];
    plate(c, p, x, y, w, 52);
    font(c, 500, 11);
    c.textAlign = isRtl() ? 'right' : 'left';
    c.fillStyle = p.token('ink-2');
    c.fillText(t('map.legend', altitudeUnit()), isRtl() ? x + w - 12 : x + 12, y + 12);
    const bar = w - 24;
    const top = STOPS_FT.length - 1;
    for (let i = 0; i < RAMP_STEPS; i++) {
        const at = (i / (RAMP_STEPS - 1)) * top;
        const k = Math.min(top - 1, Math.floor(at));
        c.fillStyle = css(p.ramp.at(STOPS_FT[k] + (STOPS_FT[k + 1] - STOPS_FT[k]) * (at - k)));
        c.fillRect(x + 12 + (bar * i) / RAMP_STEPS, y + 21, bar / RAMP_STEPS + 0.6, 8);
    }
    c.font = `400 11px ${FONT}`;
    c.direction = 'ltr';
    c.fillStyle = p.token('ink-2');
    STOPS_FT.forEach((ft, i) => {
        c.textAlign = i === 0 ? 'left' : i === top ? 'right' : 'center';
        const k = altitudeOf(ft) / 1000;
        c.fillText(grouped(k, k >= 10 || Number.isInteger(k) ? 0 : 1), x + 12 + (bar * i) / top, y + 40);
    });
}

function badge(c: Paper, p: Palette): void {
    if (!sky.about.get().simulation) return;
    font(c, 600, 13);
    c.textAlign = 'left';
    const text = t('sim.badge');
    const w = c.measureText(text).width + 24;
    c.fillStyle = p.token('sim-fill');
    c.fillRect(12, 12, w, 26);
    c.strokeStyle = p.token('sim');
    c.lineWidth = 1.5;
    c.strokeRect(12.75, 12.75, w - 1.5, 24.5);
    c.fillStyle = p.token('sim');
    c.fillText(text, 24, 25.5);
}

/* Where marks lie: no name is put there. */
export const markBoxes = (v: View): [number, number, number, number][] => [
    [0, 0, 140, 44], [v.width - 56, 0, v.width, 66], [0, v.height - 70, 210, v.height], ...(v.width < 560 ? [] : [[v.width - 254, v.height - 70, v.width, v.height] as [number, number, number, number]]),
];

/* What lies over the map's edges. */
export function drawMarks(c: Paper, v: View, p: Palette): void {
    badge(c, p);
    north(c, p, v.width - 30, 34);
    scaleBar(c, v, p);
    legend(c, v, p);
}
