// A card of a page as a picture: what stands in it, drawn again as SVG with its letters, under it when it was, from
// whom, what it does not say, and the link. PNG is the same, painted twice as fine.
import { serverNow, sky } from '../data/sky';
import { zDate, zTime } from '../format';
import { currentHash } from '../share';
import { fileName, saveFile } from '../save';
import { paper } from '../settings';
import { language, t } from '../words';
import { fonts } from './picture/letters';

const PAD = 20;
const PNG_SCALE = 2;
const HEAD_PX = PAD + 24; // in which the title stands alone
const PAINT_AGAIN_MS = 100;
const PAINTS_MOST = 50;
const LEFT_OUT = 'button:not(th button), select, input, textarea, .cardacts, .editlink, .sr-only, details, .defs';
const DRAWN = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'stroke-opacity', 'fill-opacity', 'opacity', 'font-size', 'font-weight', 'text-anchor', 'paint-order', 'direction'];

export const escaped = (s: string) => s.replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`);
const n = (v: number) => String(Math.round(v * 100) / 100);

/* What a browser computes for mixed colors, as every program reads it. */
export function plainColor(c: string): string {
    return c.replace(/color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ ([\d.]+))?\)/g, (_m, r, g, b, a) => `rgba(${[r, g, b].map((v) => Math.round(Number(v) * 255)).join(', ')}, ${a ?? 1})`);
}

interface Drawing {
    out: string[];
    defs: Map<string, string>;
    left: number;
    top: number;
    ruler: CanvasRenderingContext2D;
    sheet: Element;
}

/* An SVG of the page, each stroke with the look the page gives it. */
function strokes(d: Drawing, svg: SVGSVGElement): void {
    const box = svg.getBoundingClientRect();
    if (!box.width) return;
    const copy = svg.cloneNode(true) as SVGSVGElement;
    const [from, to] = [[svg, ...svg.querySelectorAll('*')], [copy, ...copy.querySelectorAll('*')]];
    from.forEach((e, i) => {
        const look = getComputedStyle(e);
        for (const k of DRAWN) {
            const v = plainColor(look.getPropertyValue(k));
            for (const [, id] of v.matchAll(/url\("?#([\w-]+)"?\)/g)) pattern(d, id);
            if (v) to[i].setAttribute(k, v.replace(/"/g, ''));
        }
        to[i].removeAttribute('class');
        to[i].removeAttribute('style');
    });
    copy.querySelectorAll('defs').forEach((e) => e.remove());
    copy.querySelectorAll('[fill="rgba(0, 0, 0, 0)"]').forEach((e) => e.setAttribute('fill', 'none'));
    for (const [k, v] of Object.entries({ x: box.left - d.left, y: box.top - d.top, width: box.width, height: box.height })) copy.setAttribute(k, n(v));
    for (const k of ['role', 'aria-label', 'tabindex']) copy.removeAttribute(k);
    d.out.push(new XMLSerializer().serializeToString(copy).replaceAll(' xmlns="http://www.w3.org/2000/svg"', ''));
}

function pattern(d: Drawing, id: string): void {
    if (d.defs.has(id)) return;
    const found = d.sheet.querySelector(`[id="${id}"]`) ?? document.getElementById(id);
    if (!found) return;
    const copy = found.cloneNode(true) as Element;
    found.querySelectorAll('*').forEach((e, i) => {
        const look = getComputedStyle(e);
        for (const k of ['fill', 'stroke', 'stroke-width', 'stroke-opacity']) copy.querySelectorAll('*')[i].setAttribute(k, plainColor(look.getPropertyValue(k)));
    });
    d.defs.set(id, new XMLSerializer().serializeToString(copy).replaceAll(' xmlns="http://www.w3.org/2000/svg"', ''));
}

/* Ground and edges of an element. */
function boxOf(d: Drawing, e: Element): void {
    const look = getComputedStyle(e);
    const r = e.getBoundingClientRect();
    const clear = (c: string) => /, 0\)$|\/ 0\)$|^transparent$/.test(c);
    const [x, y] = [r.left - d.left, r.top - d.top];
    const round = look.borderTopLeftRadius;
    const rx = Math.min(r.width / 2, r.height / 2, round.endsWith('%') ? (parseFloat(round) / 100) * Math.min(r.width, r.height) : parseFloat(round) || 0);
    const hatch = /gradient/.test(look.backgroundImage) ? /(rgba?|color)\([^)]*\)/.exec(look.backgroundImage)?.[0] : undefined;
    if (!clear(look.backgroundColor)) d.out.push(`<rect x="${n(x)}" y="${n(y)}" width="${n(r.width)}" height="${n(r.height)}" rx="${n(rx)}" fill="${plainColor(look.backgroundColor)}"/>`);
    if (hatch) {
        const id = `hatch-${d.defs.size}`;
        d.defs.set(id, `<pattern id="${id}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V5" stroke="${plainColor(hatch)}" stroke-width="2"/></pattern>`);
        d.out.push(`<rect x="${n(x)}" y="${n(y)}" width="${n(r.width)}" height="${n(r.height)}" fill="url(#${id})"/>`);
    }
    const [edge, style] = [parseFloat(look.borderTopWidth), look.borderTopStyle];
    if (rx >= 1 && edge && style === 'solid' && look.borderTopWidth === look.borderBottomWidth && !clear(look.borderTopColor)) {
        d.out.push(`<rect x="${n(x + edge / 2)}" y="${n(y + edge / 2)}" width="${n(r.width - edge)}" height="${n(r.height - edge)}" rx="${n(Math.max(0, rx - edge / 2))}" stroke="${plainColor(look.borderTopColor)}" stroke-width="${n(edge)}"/>`);
        return;
    }
    const edges: [string, number, number, number, number][] = [['top', x, y, x + r.width, y], ['bottom', x, y + r.height, x + r.width, y + r.height], ['left', x, y, x, y + r.height], ['right', x + r.width, y, x + r.width, y + r.height]];
    for (const [side, x1, y1, x2, y2] of edges) {
        const get = (k: string) => look.getPropertyValue(`border-${side}-${k}`);
        const wide = parseFloat(get('width'));
        if (!wide || get('style') === 'none' || clear(get('color'))) continue;
        const dash = get('style') === 'dashed' ? ' stroke-dasharray="4 3"' : get('style') === 'dotted' ? ' stroke-dasharray="1.5 2.5"' : '';
        d.out.push(`<path d="M${n(x1)} ${n(y1)}L${n(x2)} ${n(y2)}" stroke="${plainColor(get('color'))}" stroke-width="${n(wide)}"${dash}/>`);
    }
}

/* The lines a text is broken into, each with where it stands. */
function lines(node: Text): { text: string; left: number; right: number; top: number }[] {
    const all: { text: string; left: number; right: number; top: number }[] = [];
    const range = document.createRange();
    const s = node.data;
    for (let i = 0; i < s.length; ) {
        const size = s.codePointAt(i)! > 0xffff ? 2 : 1;
        range.setStart(node, i);
        range.setEnd(node, i + size);
        const r = range.getClientRects()[0];
        const last = all[all.length - 1];
        if (r && (!last || Math.abs(r.top - last.top) > 4)) all.push({ text: s.slice(i, i + size), left: r.left, right: r.right, top: r.top });
        else if (last) {
            last.text += s.slice(i, i + size);
            if (r) [last.left, last.right] = [Math.min(last.left, r.left), Math.max(last.right, r.right)];
        }
        i += size;
    }
    return all;
}

function letters(d: Drawing, node: Text, of: Element): void {
    if (!node.data.trim()) return;
    const look = getComputedStyle(of);
    d.ruler.font = `${look.fontWeight} ${look.fontSize} ${look.fontFamily}`;
    const ascent = d.ruler.measureText('x').fontBoundingBoxAscent;
    const isRtl = look.direction === 'rtl';
    for (const l of lines(node)) {
        const text = l.text.replace(/\s+/g, ' ').trim();
        if (!text || l.right - l.left < 1) continue;
        d.out.push(`<text x="${n((isRtl ? l.right : l.left) - d.left)}" y="${n(l.top + ascent - d.top)}" font-size="${n(parseFloat(look.fontSize))}" font-weight="${look.fontWeight}" fill="${plainColor(look.color)}"${isRtl ? ' direction="rtl"' : ''}${/line-through/.test(look.textDecorationLine) ? ' text-decoration="line-through"' : ''}>${escaped(text)}</text>`);
    }
}

function draw(d: Drawing, e: Element): void {
    if (e instanceof SVGSVGElement) return strokes(d, e);
    if (getComputedStyle(e).visibility === 'hidden') return;
    boxOf(d, e);
    if (e instanceof HTMLCanvasElement) {
        const r = e.getBoundingClientRect();
        if (r.width) d.out.push(`<image x="${n(r.left - d.left)}" y="${n(r.top - d.top)}" width="${n(r.width)}" height="${n(r.height)}" href="${e.toDataURL()}"/>`);
    }
    for (const child of e.childNodes) {
        if (child instanceof Text) letters(d, child, e);
        else if (child instanceof Element) draw(d, child);
    }
}

const line = (of: string, cls = '') => Object.assign(document.createElement('p'), { textContent: of, className: cls });

/* The card laid out once more, by itself, between the page's title and what must be known of it. */
function laidOut(card: HTMLElement): HTMLElement {
    const sheet = document.createElement('div');
    sheet.className = 'page figure';
    if (paper.get() !== 'desk' && !card.querySelector('canvas')) sheet.dataset.theme = paper.get(); // what is painted stays as it is
    sheet.style.inlineSize = `${Math.max(480, card.clientWidth + 2 * PAD)}px`;
    const copy = card.cloneNode(true) as HTMLElement;
    const [was, now] = [card.querySelectorAll('canvas'), copy.querySelectorAll('canvas')];
    was.forEach((c, i) => now[i].getContext('2d')?.drawImage(c, 0, 0));
    copy.querySelectorAll(LEFT_OUT).forEach((e) => e.remove());
    const head = document.createElement('header');
    const title = document.getElementById('page-title')?.textContent ?? '';
    head.append(line(title, 'figuretitle'));
    const sub = document.querySelector('.pagehead .sec')?.cloneNode(true);
    if (sub?.lastChild instanceof HTMLAnchorElement) sub.lastChild.remove(); // a way to elsewhere
    if (sub?.textContent) head.append(line(sub.textContent.replace(/\s*·\s*$/, ''), 'sec sm'));
    if (sky.about.get().simulation || document.querySelector('.pagehead .simtext')) head.append(line(t('sim.badge'), 'figuresim'));
    const foot = document.createElement('footer');
    const now_s = serverNow();
    foot.append(line(t('figure.source', sky.about.get().receivers.length, `${zDate(now_s)} ${zTime(now_s)}`)), line(t('figure.caveat')), line(`${location.origin}${location.pathname}${currentHash()}`, 'ltr'));
    sheet.append(head, copy, foot);
    document.body.append(sheet);
    return sheet;
}

/* The card as SVG. */
export async function figureOf(card: HTMLElement): Promise<{ svg: string; width: number; height: number }> {
    const sheet = laidOut(card);
    try {
        const r = sheet.getBoundingClientRect();
        const d: Drawing = { out: [], defs: new Map(), left: r.left, top: r.top, ruler: document.createElement('canvas').getContext('2d')!, sheet };
        draw(d, sheet);
        const words = sheet.textContent ?? '';
        const [width, height] = [Math.ceil(r.width), Math.ceil(r.height)];
        const family = getComputedStyle(sheet).fontFamily.replaceAll('"', "'");
        const name = card.querySelector('h2, h3')?.textContent ?? '';
        return {
            width, height,
            svg: `<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" xml:lang="${language.get()}" font-family="${family}" fill="none"><title>${escaped(name)}</title><style>${await fonts(/[\u0600-\u06ff]/.test(words))}text{font-variant-numeric:tabular-nums}</style><defs>${[...d.defs.values()].join('')}</defs>${d.out.join('')}</svg>\n`,
        };
    } finally {
        sheet.remove();
    }
}

/* The letters that come with an SVG are not there when it is: it is painted until its title stands and nothing changes any more. */
async function paintWhole(canvas: HTMLCanvasElement, image: HTMLImageElement): Promise<void> {
    const c = canvas.getContext('2d', { willReadFrequently: true })!;
    const head = canvas.width * PNG_SCALE * HEAD_PX;
    let before = new Uint32Array(0);
    for (let i = 0; i < PAINTS_MOST; i++) {
        c.drawImage(image, 0, 0, canvas.width, canvas.height);
        const now = new Uint32Array(c.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
        const isStill = now.length === before.length && now.every((v, k) => v === before[k]);
        if (isStill && now.subarray(0, head).some((v) => v !== now[0])) return;
        before = now;
        await new Promise((done) => setTimeout(done, PAINT_AGAIN_MS));
    }
}

async function painted(svg: string, width: number, height: number): Promise<Blob> {
    const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
    try {
        const image = new Image();
        image.src = url;
        await image.decode();
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [width * PNG_SCALE, height * PNG_SCALE];
        await paintWhole(canvas, image);
        return await new Promise((done, failed) => canvas.toBlob((b) => (b ? done(b) : failed(new Error('PNG'))), 'image/png'));
    } finally {
        URL.revokeObjectURL(url);
    }
}

export async function saveFigure(card: HTMLElement, name: string, form: 'png' | 'svg'): Promise<void> {
    const f = await figureOf(card);
    saveFile(fileName([name], form), form === 'svg' ? 'image/svg+xml' : 'image/png', form === 'svg' ? f.svg : await painted(f.svg, f.width, f.height));
}
