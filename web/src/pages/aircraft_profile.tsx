// Altitude and speed over time, by uPlot; what was not heard is hatched, no line is drawn there. Time
// runs left to right in every language; every instant can be reached without a mouse.
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'preact/hooks';
import { useCell } from '../cell';
import { age, altitudeOf, altitudeUnit, grouped, speedOf, speedUnit, zTime } from '../format';
import { palette, type Palette } from '../theme';
import { language, spoken, t } from '../words';
import { units } from '../settings';
import { useWidth } from '../ui/width';
import { chartData, gapsOf, type FlightPoint } from './aircraft_flight';

const HEIGHT = 220;

function hatch(of: Palette): HTMLCanvasElement {
    const c = document.createElement('canvas');
    c.width = c.height = 8;
    const g = c.getContext('2d')!;
    g.strokeStyle = of.token('line-strong');
    g.beginPath();
    g.moveTo(0, 8);
    g.lineTo(8, 0);
    g.stroke();
    return c;
}

/* Each gap that is seen, from … to in pixels. */
const seenGaps = (u: uPlot, points: FlightPoint[]) => gapsOf(points).map((g) => ({
    ...g, x0: Math.max(u.bbox.left, u.valToPos(g.from.t, 'x', true)), x1: Math.min(u.bbox.left + u.bbox.width, u.valToPos(g.to.t, 'x', true)),
})).filter((g) => g.x1 > g.x0);

function hatchGaps(u: uPlot, points: FlightPoint[], of: Palette): void {
    const pattern = u.ctx.createPattern(hatch(of), 'repeat');
    if (!pattern) return;
    u.ctx.save();
    u.ctx.globalAlpha = 0.6;
    u.ctx.fillStyle = pattern;
    for (const g of seenGaps(u, points)) u.ctx.fillRect(g.x0, u.bbox.top, g.x1 - g.x0, u.bbox.height);
    u.ctx.restore();
}

/* How long nothing was heard, over everything else. */
function nameGaps(u: uPlot, points: FlightPoint[], of: Palette): void {
    const { ctx, bbox } = u;
    const px = devicePixelRatio;
    ctx.save();
    ctx.font = `${12 * px}px "Noto Sans", "Noto Sans Arabic", sans-serif`;
    ctx.textAlign = 'center';
    ctx.direction = spoken().dir;
    for (const g of seenGaps(u, points)) {
        const [text, x, y] = [age(g.to.t - g.from.t), (g.x0 + g.x1) / 2, bbox.top + bbox.height / 2];
        const w = ctx.measureText(text).width;
        if (g.x1 - g.x0 < w + 12 * px) continue;
        ctx.fillStyle = of.token('surface');
        ctx.fillRect(x - w / 2 - 5 * px, y - 11 * px, w + 10 * px, 17 * px);
        ctx.fillStyle = of.token('ink-2');
        ctx.fillText(text, x, y + 2 * px);
    }
    ctx.restore();
}

function options(of: Palette, width: number, points: FlightPoint[], at: (t: number) => void): uPlot.Options {
    const [ink, line] = [of.token('ink-3'), of.token('line')];
    const font = '11px "Noto Sans", "Noto Sans Arabic", sans-serif';
    const axis = { stroke: ink, font, ticks: { show: false }, grid: { stroke: line, width: 1 } };
    return {
        width, height: HEIGHT, tzDate: (s) => uPlot.tzDate(new Date(s * 1000), 'UTC'), legend: { show: false },
        cursor: { points: { show: false }, drag: { x: true, y: false } },
        scales: { ft: { range: (_u, _lo, hi) => [0, Math.max(1000, hi * 1.08)] }, kt: { range: (_u, _lo, hi) => [0, Math.max(100, hi * 1.5)] } },
        series: [{}, { scale: 'ft', stroke: of.token('accent'), width: 2, spanGaps: false, points: { show: false } }, { scale: 'kt', stroke: of.token('ink-2'), width: 1.3, dash: [5, 3], spanGaps: false, points: { show: false } }],
        axes: [
            { ...axis, values: (_u, list) => list.map((s) => zTime(s, false)), space: 70, size: 30 },
            { ...axis, scale: 'ft', values: (_u, list) => list.map((v) => grouped(v)), size: 58 },
            { ...axis, scale: 'kt', side: 1, grid: { show: false }, values: (_u, list) => list.map((v) => grouped(v)), size: 44 },
        ],
        hooks: {
            drawClear: [(u) => hatchGaps(u, points, of)],
            draw: [(u) => nameGaps(u, points, of)],
            setCursor: [(u) => u.cursor.left !== undefined && u.cursor.left >= 0 && at(u.posToVal(u.cursor.left, 'x'))],
        },
    };
}

export default function FlightProfile({ points, at, show }: { points: FlightPoint[]; at: number; show: (t: number) => void }) {
    const [box, width] = useWidth();
    const stage = useRef<HTMLDivElement>(null);
    const [of, unit, lang] = [useCell(palette), useCell(units), useCell(language)];
    useEffect(() => {
        if (!stage.current || width < 80) return;
        const u = new uPlot(options(of, width, points, show), chartData(points, altitudeOf, speedOf), stage.current);
        return () => u.destroy();
    }, [points, width, of, unit, lang]);
    const [first, last] = [points[0].t, points[points.length - 1].t];
    return (
        <div class="profilebox">
            <p class="keys"><span><i class="key alt" />{t('aircraft.altitude', altitudeUnit())}</span><span><i class="key gs" />{t('aircraft.speed', speedUnit())}</span><span><i class="key unheard" />{t('claim.gap')}</span></p>
            <div ref={box} dir="ltr"><div ref={stage} role="img" aria-label={t('aircraft.profileOf', zTime(first, false), zTime(last, false))} /></div>
            <input class="slide" type="range" dir="ltr" min={Math.floor(first)} max={Math.ceil(last)} step={10} value={at} aria-label={t('aircraft.instant')} aria-valuetext={zTime(at)} onInput={(e) => show(Number(e.currentTarget.value))} onKeyDown={(e) => e.stopPropagation()} />
        </div>
    );
}
