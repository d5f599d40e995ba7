// A flight on a small map of its own, drawn to measure: colored by altitude, empty with a bracket at each
// end where nothing was heard. The map itself is not mirrored.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { useCell } from '../cell';
import { css } from '../color';
import { cityOf } from '../data/airports';
import { age } from '../format';
import { mercX, mercY } from '../geo/mercator';
import { trailColor, type FalseSpan } from '../map/trail';
import { palette } from '../theme';
import { useAirports } from '../ui/parts';
import { useWidth } from '../ui/width';
import { spoken, t } from '../words';
import { gapsOf, type FlightPoint } from './aircraft_flight';
import { cutLine, cutPolygon, groundFor, type Ground, type Pixel } from './picture/ground';

const HEIGHT = 320;
const PAD_PX = 46;
const FINE_WIDTH = 0.012; // of the world: below it the finest coast
const FINE_ZOOM = 6;
const LEAST_WIDTH = 0.002;
/* A sentence of the page's direction on a chart that runs left to right. */
const isolated = (s: string) => (spoken().dir === 'rtl' ? `\u2067${s}\u2069` : s);
const PIECE_FT = 1000; // one color

interface View {
    x: (x: number) => number;
    y: (y: number) => number;
    west: number;
    east: number;
    north: number;
    south: number;
}

function viewOf(points: { x: number; y: number }[], width: number): View {
    const [xs, ys] = [points.map((p) => p.x), points.map((p) => p.y)];
    const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const scale = Math.min((width - 2 * PAD_PX) / Math.max(x1 - x0, LEAST_WIDTH), (HEIGHT - 2 * PAD_PX) / Math.max(y1 - y0, LEAST_WIDTH));
    const [cx, cy] = [(x0 + x1) / 2, (y0 + y1) / 2];
    return {
        x: (x) => width / 2 + (x - cx) * scale, y: (y) => HEIGHT / 2 + (y - cy) * scale,
        west: cx - width / 2 / scale, east: cx + width / 2 / scale, north: cy - HEIGHT / 2 / scale, south: cy + HEIGHT / 2 / scale,
    };
}

function useGround(zoom: number): Ground | null {
    const [ground, set] = useState<Ground | null>(null);
    useEffect(() => {
        let stopped = false;
        groundFor(zoom).then((g) => !stopped && set(g), () => console.info('masar: the coasts cannot be read'));
        return () => { stopped = true; };
    }, [zoom]);
    return ground;
}

const STEP_PX = 0.7; // points closer than this are one

/* The lines in view as one path; also their copies beyond the antimeridian. */
function pathOf(lines: { line: Pixel[]; box: { x0: number; y0: number; x1: number; y1: number } }[], v: View, isClosed: boolean): string {
    const out: string[] = [];
    for (const { line, box } of lines)
        for (const turn of [-1, 0, 1]) {
            if (box.x1 + turn < v.west || box.x0 + turn > v.east || box.y1 < v.north || box.y0 > v.south) continue;
            const seen = { x0: v.west - turn, x1: v.east - turn, y0: v.north, y1: v.south };
            for (const piece of isClosed ? [cutPolygon(line, seen)] : cutLine(line, seen)) {
                let [px, py] = [NaN, NaN];
                const steps = piece.flatMap(([lon, lat]) => {
                    const [x, y] = [v.x(lon + turn), v.y(lat)];
                    if (Math.abs(x - px) < STEP_PX && Math.abs(y - py) < STEP_PX) return [];
                    [px, py] = [x, y];
                    return [`${x.toFixed(1)} ${y.toFixed(1)}`];
                });
                if (steps.length > 1) out.push(`M${steps.join('L')}${isClosed ? 'Z' : ''}`);
            }
        }
    return out.join('');
}

/* Runs of one color: fewer elements than one a point. */
function pieces(points: FlightPoint[], falseSpans: readonly FalseSpan[]): FlightPoint[][] {
    const out: FlightPoint[][] = [];
    const band = (p: FlightPoint) => (falseSpans.some(([from, to]) => p.t >= from && p.t <= to) ? 'false' : p.ground || p.alt !== p.alt ? 'ground' : Math.round(p.alt / PIECE_FT));
    points.forEach((p, i) => {
        const run = out[out.length - 1];
        if (i === 0 || p.gap) out.push([p]);
        else if (run.length > 1 && band(p) !== band(run[run.length - 1])) out.push([points[i - 1], p]);
        else run.push(p);
    });
    return out;
}

function Gaps({ points, v }: { points: FlightPoint[]; v: View }) {
    return (
        <>
            {gapsOf(points).map(({ from, to }) => {
                const [x0, y0, x1, y1] = [v.x(from.x), v.y(from.y), v.x(to.x), v.y(to.y)];
                const long = Math.hypot(x1 - x0, y1 - y0);
                if (long < 6) return null;
                const [nx, ny] = [(-(y1 - y0) / long) * 5, ((x1 - x0) / long) * 5];
                const bracket = (x: number, y: number) => <path d={`M${x - nx} ${y - ny}L${x + nx} ${y + ny}`} stroke="var(--ink-2)" stroke-width="1.4" />;
                return (
                    <g key={to.t}>
                        {bracket(x0, y0)}{bracket(x1, y1)}
                        {long > 60 && <text class="ax halo" x={(x0 + x1) / 2} y={(y0 + y1) / 2 + 4} text-anchor="middle">{isolated(age(to.t - from.t))}</text>}
                    </g>
                );
            })}
        </>
    );
}

export function FlightMap({ points, here, codes, falseSpans }: { points: FlightPoint[]; here: FlightPoint | undefined; codes: string[]; falseSpans: readonly FalseSpan[] }) {
    const [box, width] = useWidth();
    const p = useCell(palette);
    const all = useAirports();
    const fields = codes.flatMap((c) => { const a = all.get(c); return a ? [a] : []; });
    const anchors = fields.map((a) => { const x = mercX(a.lon); return { a, x: x - Math.round(x - points[0].x), y: mercY(a.lat) }; });
    const v = useMemo(() => viewOf([...points, ...anchors], Math.max(200, width)), [points, width, anchors.length]);
    const ground = useGround(v.east - v.west < FINE_WIDTH ? FINE_ZOOM : 0);
    const drawn = useMemo(() => ground && {
        land: pathOf(ground.land, v, true), coast: pathOf(ground.lines.filter((l) => !l.isBorder), v, false), border: pathOf(ground.lines.filter((l) => l.isBorder), v, false),
    }, [ground, v]);
    return (
        <div class="flightmap" ref={box} dir="ltr">
            {width > 0 && (
                <svg width={width} height={HEIGHT} role="img" aria-label={t('aircraft.mapOf')}>
                    <rect width={width} height={HEIGHT} fill="var(--map-sea)" />
                    {drawn && <><path d={drawn.land} fill="var(--map-land)" fill-rule="evenodd" /><path d={drawn.border} fill="none" stroke="var(--map-border)" stroke-width=".8" /><path d={drawn.coast} fill="none" stroke="var(--map-coast)" stroke-width=".9" /></>}
                    <Gaps points={points} v={v} />
                    <g fill="none" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round">
                        {pieces(points, falseSpans).map((run) => {
                            const last = run[run.length - 1];
                            return <path key={run[0].t} d={`M${run.map((q) => `${v.x(q.x).toFixed(1)} ${v.y(q.y).toFixed(1)}`).join('L')}`} stroke={css(trailColor(last, p, falseSpans))} />;
                        })}
                    </g>
                    {anchors.map(({ a, x, y }) => (
                        <g key={a.icao}>
                            <rect x={v.x(x) - 4} y={v.y(y) - 4} width="8" height="8" fill="var(--surface)" stroke="var(--ink)" stroke-width="1.4" transform={`rotate(45 ${v.x(x)} ${v.y(y)})`} />
                            <text class="ax ink halo" x={v.x(x) + (v.x(x) > width - 120 ? -9 : 9)} y={v.y(y) - 7} text-anchor={v.x(x) > width - 120 ? 'end' : 'start'}>{cityOf(a)} {`\u2066${a.icao}\u2069`}</text>
                        </g>
                    ))}
                    {here && <circle cx={v.x(here.x)} cy={v.y(here.y)} r="6" fill="var(--plate)" stroke="var(--surface)" stroke-width="2" />}
                </svg>
            )}
        </div>
    );
}
