// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { cutLine, cutPolygon, worlds, type Pixel } from '../src/pages/picture/ground';
import { escaped, SvgPaper } from '../src/pages/picture/paper';

const box = { x0: 0, y0: 0, x1: 10, y1: 10 };
const area = (l: Pixel[]) => Math.abs(l.reduce((a, [x, y], i) => a + x * l[(i + 1) % l.length][1] - l[(i + 1) % l.length][0] * y, 0)) / 2;

describe('the ground of a picture', () => {
    it('cuts a polygon to the box, whole where it is within', () => {
        expect(area(cutPolygon([[2, 2], [8, 2], [8, 8], [2, 8]], box))).toBe(36);
        expect(area(cutPolygon([[-5, -5], [5, -5], [5, 5], [-5, 5]], box))).toBe(25);
        expect(area(cutPolygon([[-5, -5], [15, -5], [15, 15], [-5, 15]], box))).toBe(100);
        expect(cutPolygon([[20, 20], [30, 20], [30, 30]], box)).toEqual([]);
    });
    it('keeps of a line what may cross the box', () => {
        expect(cutLine([[-20, 5], [-10, 5], [5, 5], [20, 5], [30, 5]], box)).toEqual([[[-10, 5], [5, 5], [20, 5]]]);
        expect(cutLine([[20, 20], [30, 30]], box)).toEqual([]);
    });
    it('shows both sides of the antimeridian', () => {
        const v = { x: 0.02, y: 0.5, world: 1000, width: 100, height: 100, zoom: 1 };
        expect(worlds(v).map((w) => w.shift)).toEqual([-1, 0]);
        expect(worlds({ ...v, x: 0.5 }).map((w) => w.shift)).toEqual([0]);
    });
});

describe('the SVG of a picture', () => {
    it('escapes what comes from outside, and leaves out what XML does not take', () => {
        expect(escaped('<a href="x">\u0000&')).toBe('&lt;a href=&quot;x&quot;&gt;&amp;');
    });
    it('anchors text by its direction as a canvas aligns it', () => {
        const p = new SvgPaper();
        p.font = '600 13px "Noto Sans"';
        p.direction = 'rtl';
        p.textAlign = 'right';
        p.fillText('<RCH115>', 10, 20);
        p.textAlign = 'left';
        p.fillText('b', 10, 20);
        const svg = p.svg(100, 50, 't', 'd', 'ar', '');
        expect(svg).toContain('font-size="13" font-weight="600" direction="rtl"');
        expect(svg).toContain('&lt;RCH115&gt;');
        expect(svg).toContain('text-anchor="end" direction="rtl"');
    });
    it('closes every group that clipping opened, and draws a whole circle', () => {
        const p = new SvgPaper();
        p.save();
        p.beginPath();
        p.arc(5, 5, 2, 0, 7);
        p.clip();
        p.save();
        p.restore();
        p.restore();
        const svg = p.svg(10, 10, '', '', 'en', '');
        expect(svg.match(/<g /g)).toHaveLength(1);
        expect(svg.match(/<\/g>/g)).toHaveLength(1);
        expect(svg.match(/A2 2/g)).toHaveLength(2);
    });
});
