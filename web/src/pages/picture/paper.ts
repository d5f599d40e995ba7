// Paper to draw on: a canvas, or SVG made of the same strokes. What the map's painters use of a canvas's
// context is here; they do not know which of the two they draw on.

export type Paper = CanvasRenderingContext2D;

/* Fills and strokes an outline given as SVG path data, in the paper's present place and turn. */
export function shape(c: Paper, d: string, fill: string | null, stroke: string | null): void {
    if (c instanceof SvgPaper) {
        c.outline(d, fill, stroke);
        return;
    }
    const path = new Path2D(d);
    if (stroke) {
        c.strokeStyle = stroke;
        c.stroke(path);
    }
    if (fill) {
        c.fillStyle = fill;
        c.fill(path);
    }
}

const n = (v: number) => String(Math.round(v * 100) / 100);
/* No control characters: XML does not take them even escaped. */
export const escaped = (s: string) =>
    s.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

interface State {
    fillStyle: string;
    strokeStyle: string;
    lineWidth: number;
    lineJoin: string;
    lineCap: string;
    globalAlpha: number;
    font: string;
    textAlign: string;
    textBaseline: string;
    direction: string;
    dash: number[];
    move: string; // transform
    clips: number; // groups to close with restore
}

const FIRST: State = {
    fillStyle: '#000', strokeStyle: '#000', lineWidth: 1, lineJoin: 'miter', lineCap: 'butt', globalAlpha: 1,
    font: '10px sans-serif', textAlign: 'left', textBaseline: 'alphabetic', direction: 'ltr', dash: [], move: '', clips: 0,
};

/* Where the baseline lies below the middle, in parts of the size: as canvas does it for Noto Sans. */
const BASELINE: Record<string, number> = { middle: 0.36, top: 0.88, alphabetic: 0, bottom: -0.2 };

class Strokes {
    private s: State = { ...FIRST };
    private readonly kept: State[] = [];
    private readonly out: string[] = [];
    private d = '';
    private clipId = 0;
    private ruler: CanvasRenderingContext2D | null = null;

    get fillStyle() { return this.s.fillStyle; }
    set fillStyle(v) { this.s.fillStyle = v; }
    get strokeStyle() { return this.s.strokeStyle; }
    set strokeStyle(v) { this.s.strokeStyle = v; }
    get lineWidth() { return this.s.lineWidth; }
    set lineWidth(v) { this.s.lineWidth = v; }
    get lineJoin() { return this.s.lineJoin; }
    set lineJoin(v) { this.s.lineJoin = v; }
    get lineCap() { return this.s.lineCap; }
    set lineCap(v) { this.s.lineCap = v; }
    get globalAlpha() { return this.s.globalAlpha; }
    set globalAlpha(v) { this.s.globalAlpha = v; }
    get font() { return this.s.font; }
    set font(v) { this.s.font = v; }
    get textAlign() { return this.s.textAlign; }
    set textAlign(v) { this.s.textAlign = v; }
    get textBaseline() { return this.s.textBaseline; }
    set textBaseline(v) { this.s.textBaseline = v; }
    get direction() { return this.s.direction; }
    set direction(v) { this.s.direction = v; }
    setLineDash(list: number[]) { this.s.dash = list.slice(); }

    save() {
        this.kept.push({ ...this.s });
        this.s.clips = 0;
    }
    restore() {
        this.out.push('</g>'.repeat(this.s.clips));
        this.s = this.kept.pop() ?? { ...FIRST };
    }
    translate(x: number, y: number) { this.s.move += `translate(${n(x)} ${n(y)})`; }
    rotate(angle: number) { this.s.move += `rotate(${n((angle * 180) / Math.PI)})`; }
    scale(x: number, y: number) { this.s.move += `scale(${String(x)} ${String(y)})`; }

    beginPath() { this.d = ''; }
    moveTo(x: number, y: number) { this.d += `M${n(x)} ${n(y)}`; }
    lineTo(x: number, y: number) { this.d += `${this.d === '' ? 'M' : 'L'}${n(x)} ${n(y)}`; }
    closePath() { if (this.d) this.d += 'Z'; }
    rect(x: number, y: number, w: number, h: number) { this.d += `M${n(x)} ${n(y)}h${n(w)}v${n(h)}h${n(-w)}Z`; }
    /* Whole circles as two halves: an arc that ends where it begins is none. */
    arc(x: number, y: number, r: number, from: number, to: number) {
        const at = (a: number) => `${n(x + r * Math.cos(a))} ${n(y + r * Math.sin(a))}`;
        const bow = (b: number, isLarge: boolean) => `A${n(r)} ${n(r)} 0 ${isLarge ? 1 : 0} 1 ${at(b)}`;
        this.d += `${this.d === '' ? 'M' : 'L'}${at(from)}`;
        if (to - from >= 2 * Math.PI - 1e-6) this.d += `${bow(from + Math.PI, false)}${bow(from, false)}`;
        else this.d += bow(to, to - from > Math.PI);
    }

    private put(text: string): void { this.out.push(text); }
    private get placed(): string { return this.s.move ? ` transform="${this.s.move}"` : ''; }
    private get faint(): string { return this.s.globalAlpha < 1 ? ` opacity="${n(this.s.globalAlpha)}"` : ''; }
    private get pen(): string {
        const { strokeStyle, lineWidth, lineJoin, lineCap, dash } = this.s;
        return `stroke="${escaped(strokeStyle)}" stroke-width="${n(lineWidth)}"${lineJoin !== 'miter' ? ` stroke-linejoin="${lineJoin}"` : ''}${lineCap !== 'butt' ? ` stroke-linecap="${lineCap}"` : ''}${dash.length ? ` stroke-dasharray="${dash.map(n).join(' ')}"` : ''}`;
    }

    fill() { if (this.d) this.put(`<path d="${this.d}" fill="${escaped(this.s.fillStyle)}"${this.faint}${this.placed}/>`); }
    stroke() { if (this.d) this.put(`<path d="${this.d}" fill="none" ${this.pen}${this.faint}${this.placed}/>`); }
    fillRect(x: number, y: number, w: number, h: number) {
        this.put(`<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}" fill="${escaped(this.s.fillStyle)}"${this.faint}${this.placed}/>`);
    }
    strokeRect(x: number, y: number, w: number, h: number) {
        this.put(`<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}" fill="none" ${this.pen}${this.faint}${this.placed}/>`);
    }
    clip() {
        const id = `clip${++this.clipId}`;
        this.put(`<clipPath id="${id}"><path d="${this.d}"${this.placed}/></clipPath><g clip-path="url(#${id})">`);
        this.s.clips++;
    }
    outline(d: string, fill: string | null, stroke: string | null): void {
        if (stroke) this.s.strokeStyle = stroke;
        this.put(`<path d="${d}" fill="${fill ? escaped(fill) : 'none'}" ${stroke ? `${this.pen} paint-order="stroke"` : ''}${this.faint}${this.placed}/>`);
    }

    measureText(text: string): TextMetrics {
        this.ruler ??= document.createElement('canvas').getContext('2d')!;
        this.ruler.font = this.s.font;
        return this.ruler.measureText(text);
    }

    /* Real text in the page's font; its anchor goes by its direction, a canvas's alignment does not. */
    private text(text: string, x: number, y: number, paint: string): void {
        const m = /^(\d{3} )?([\d.]+)px (.*)$/.exec(this.s.font);
        const size = Number(m?.[2] ?? 12);
        const isRtl = this.s.direction === 'rtl';
        const side = this.s.textAlign === 'center' ? 'middle' : (this.s.textAlign === 'right') !== isRtl ? 'end' : 'start';
        const down = (BASELINE[this.s.textBaseline] ?? 0) * size;
        this.put(`<text x="${n(x)}" y="${n(y + down)}" font-size="${n(size)}"${m?.[1] ? ` font-weight="${m[1].trim()}"` : ''}${side !== 'start' ? ` text-anchor="${side}"` : ''}${isRtl ? ' direction="rtl"' : ''} ${paint}${this.faint}${this.placed}>${escaped(text)}</text>`);
    }
    fillText(text: string, x: number, y: number) { this.text(text, x, y, `fill="${escaped(this.s.fillStyle)}"`); }
    strokeText(text: string, x: number, y: number) { this.text(text, x, y, `fill="none" ${this.pen}`); }

    /* The whole sheet. `fonts`: @font-face rules that bring the letters along. */
    svg(width: number, height: number, title: string, words: string, lang: string, fonts: string): string {
        const family = '"Noto Sans","Noto Sans Arabic",system-ui,sans-serif';
        return `<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" xml:lang="${lang}" font-family='${family}' xml:space="preserve"><title>${escaped(title)}</title><desc>${escaped(words)}</desc><style>${fonts}text{font-variant-numeric:tabular-nums}</style>${this.out.join('')}</svg>\n`;
    }
}

/* A context as the painters take one: they use no more of it than Strokes has. */
export const SvgPaper = Strokes as unknown as { new (): Paper & Strokes };
export type SvgPaper = Paper & Strokes;
