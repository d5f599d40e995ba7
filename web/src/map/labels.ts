// Call signs beside aircraft, the selection's tag: drawn on a canvas over the map, in the page's font.
// Where labels would cover each other the later one is left out.
import { isShown } from '../layers';
import type { Palette } from '../theme';
import { PAINTERS } from './paint';
import { tagLine } from '../format';
import type { Scene, Spot } from './scene';

const ALL_FROM_ZOOM = 7;
const ALL_UP_TO = 400;
const FEW = 40; // so few in view are labeled at any zoom
const FONT = '"Noto Sans", "Noto Sans Arabic", system-ui, sans-serif';

interface Box {
    x0: number;
    y0: number;
    x1: number;
    y1: number;
}

export class Labels {
    private readonly canvas = document.createElement('canvas');
    private readonly c: CanvasRenderingContext2D;
    private readonly tag = document.createElement('div');
    private readonly widths = new Map<string, number>();
    private tagText = '';
    private isClean = false;

    constructor(private readonly box: HTMLElement) {
        this.canvas.className = 'labels';
        this.canvas.setAttribute('aria-hidden', 'true');
        this.tag.className = 'tag';
        this.tag.dir = 'ltr';
        this.tag.hidden = true;
        this.tag.setAttribute('aria-hidden', 'true');
        box.append(this.canvas, this.tag);
        this.c = this.canvas.getContext('2d')!;
    }

    private size(w: number, h: number): void {
        const r = devicePixelRatio;
        if (this.canvas.width !== Math.round(w * r) || this.canvas.height !== Math.round(h * r)) {
            this.canvas.width = Math.round(w * r);
            this.canvas.height = Math.round(h * r);
        }
        this.c.setTransform(r, 0, 0, r, 0, 0);
        this.c.clearRect(0, 0, w, h);
    }

    draw(scene: Scene, palette: Palette): void {
        const v = scene.current;
        if (!v) return;
        this.placeTag(scene.selected);
        const n = scene.spotCount;
        const all = isShown('labels') && ((v.zoom >= ALL_FROM_ZOOM && n <= ALL_UP_TO) || n <= FEW);
        const busy = PAINTERS.filter((p) => (p.layer === null || isShown(p.layer)) && !p.isIdle?.(scene));
        const isEmpty = busy.length === 0 && !scene.hovered && !all;
        if (isEmpty && this.isClean) return; // a canvas that is not touched need not be put on the screen anew
        this.isClean = isEmpty;
        this.size(v.width, v.height);
        const c = this.c;
        for (const p of busy) p.paint({ c, v, palette, scene });
        c.setLineDash([]);
        c.textAlign = 'left';
        c.direction = 'ltr';
        c.font = `500 11px ${FONT}`;
        c.lineWidth = 3;
        c.lineJoin = 'round';
        c.textBaseline = 'middle';
        c.strokeStyle = palette.token('map-halo');
        c.fillStyle = palette.token('ink-2');
        const taken: Box[] = [];
        const s = scene.selected;
        if (s) taken.push({ x0: s.x - 60, y0: s.y - 18, x1: s.x + 60, y1: s.y + 64 });
        if (scene.hovered) this.hoverLabel(scene.hovered, palette, taken);
        if (!all) return;
        for (const spot of scene.spots)
            if (spot !== s && spot !== scene.hovered && spot.a.flight && !spot.isOutline) this.label(spot, taken);
    }

    private width(text: string): number {
        let w = this.widths.get(text);
        if (w === undefined) {
            if (this.widths.size > 5000) this.widths.clear();
            this.widths.set(text, (w = this.c.measureText(text).width));
        }
        return w;
    }

    private label(spot: Spot, taken: Box[]): void {
        const w = this.width(spot.a.flight);
        const b = { x0: spot.x + 12, y0: spot.y - 7, x1: spot.x + 16 + w, y1: spot.y + 7 };
        for (const o of taken) if (b.x0 < o.x1 && b.x1 > o.x0 && b.y0 < o.y1 && b.y1 > o.y0) return;
        taken.push(b);
        this.c.strokeText(spot.a.flight, spot.x + 13, spot.y);
        this.c.fillText(spot.a.flight, spot.x + 13, spot.y);
    }

    private hoverLabel(spot: Spot, palette: Palette, taken: Box[]): void {
        const text = spot.a.flight || spot.a.hex;
        const c = this.c;
        c.save();
        c.font = `600 12px ${FONT}`;
        c.lineWidth = 4;
        c.fillStyle = palette.token('ink');
        const w = c.measureText(text).width;
        c.strokeText(text, spot.x + 16, spot.y);
        c.fillText(text, spot.x + 16, spot.y);
        c.restore();
        taken.push({ x0: spot.x, y0: spot.y - 9, x1: spot.x + 20 + w, y1: spot.y + 9 });
    }

    private placeTag(s: Spot | null): void {
        this.tag.hidden = !s;
        if (!s) {
            this.box.removeAttribute('data-tag');
            return;
        }
        const a = s.a;
        const second = tagLine(a);
        const text = `${a.flight || a.hex}\n${second}`;
        if (text !== this.tagText) {
            this.tagText = text;
            const b = document.createElement('b');
            b.textContent = a.flight || a.hex;
            const small = document.createElement('span');
            small.textContent = second;
            this.tag.replaceChildren(b, small);
        }
        this.tag.style.transform = `translate(${Math.round(s.x)}px, ${Math.round(s.y + 26)}px) translateX(-50%)`;
    }
}
