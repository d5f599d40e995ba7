// Altitude over time, from the trail: time runs left to right in every language; gaps are hatched.
import { css } from '../color';
import { age, flightLevel, zTime } from '../format';
import type { TrailPoint } from '../map/trail';
import { palette } from '../theme';
import { t } from '../words';

const W = 340;
const H = 104;
const LEFT = 40;
const RIGHT = 6;
const TOP = 6;
const BOTTOM = 16;
const LONGEST_S = 3600; // of a trail, which may be longer, and may have ended long ago

function top(points: TrailPoint[]): number {
    const most = points.reduce((m, p) => (p.alt > m ? p.alt : m), 4000);
    return Math.ceil((most * 1.05) / 4000) * 4000;
}

export function Profile({ points, now }: { points: TrailPoint[]; now: number }) {
    const list = points.filter((p) => p.t >= now - LONGEST_S);
    if (list.length < 3) return null;
    const from = list[0].t;
    if (now - from < 30) return null;
    const ceiling = top(list);
    const x = (s: number) => LEFT + ((s - from) / (now - from)) * (W - LEFT - RIGHT);
    const y = (ft: number) => H - BOTTOM - (Math.max(0, ft) / ceiling) * (H - BOTTOM - TOP);
    const height = (p: TrailPoint) => (p.ground ? 0 : p.alt);
    const ramp = palette.get().ramp;
    const drawn = [];
    const gaps = [];
    for (let i = 1; i < list.length; i++) {
        const [p, q] = [list[i - 1], list[i]];
        if (q.gap) gaps.push([p, q]);
        else if (height(p) === height(p) && height(q) === height(q))
            drawn.push(
                <path key={i} d={`M${x(p.t).toFixed(1)} ${y(height(p)).toFixed(1)}L${x(q.t).toFixed(1)} ${y(height(q)).toFixed(1)}`} stroke={q.ground ? 'var(--alt-ground)' : css(ramp.at(q.alt))} />,
            );
    }
    const grid = [0, ceiling / 2, ceiling];
    return (
        <section class="profile">
            <h3>{t('panel.trail')}</h3>
            <svg viewBox={`0 0 ${W} ${H}`} width={W} height={H} direction="ltr" role="img" aria-label={`${t('panel.trail')}, ${zTime(from, false)}–${zTime(now, false)}`}>
                <defs>
                    <pattern id="trail-unheard" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V7" stroke="var(--map-unheard)" stroke-width="1.4" /></pattern>
                </defs>
                {grid.map((ft) => (
                    <g key={ft}>
                        <path d={`M${LEFT} ${y(ft)}H${W - RIGHT}`} stroke="var(--line)" />
                        <text class="ax" x={LEFT - 5} y={y(ft) + 4} text-anchor="end">{ft ? flightLevel(ft) : '0'}</text>
                    </g>
                ))}
                {gaps.map(([p, q]) => (
                    <g key={p.t}>
                        <rect x={x(p.t)} y={TOP} width={Math.max(1, x(q.t) - x(p.t))} height={H - BOTTOM - TOP} fill="url(#trail-unheard)" />
                        {x(q.t) - x(p.t) > 44 && <text class="ax halo" x={(x(p.t) + x(q.t)) / 2} y={H - BOTTOM - 6} text-anchor="middle">{age(q.t - p.t)}</text>}
                    </g>
                ))}
                <g fill="none" stroke-width="2.2" stroke-linecap="round">{drawn}</g>
                <text class="ax" x={LEFT} y={H - 3}>{zTime(from, false)}</text>
                <text class="ax" x={W - RIGHT} y={H - 3} text-anchor="end">{zTime(now, false)}</text>
            </svg>
        </section>
    );
}
