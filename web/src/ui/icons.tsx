// Signs drawn as lines; the fonts' subsets lack most of them.
import type { ComponentChildren } from 'preact';
import { SILHOUETTES, type Shape } from '../map/silhouettes';

function Line({ size = 16, children }: { size?: number; children: ComponentChildren }) {
    return (
        <svg width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
            {children}
        </svg>
    );
}
const one = (d: string, size?: number) => () => <Line size={size}><path d={d} /></Line>;

export const Search = () => <Line size={14}><circle cx="7" cy="7" r="4.2" /><path d="M10.2 10.2 14 14" /></Line>;
export const Plus = one('M8 3v10M3 8h10', 14);
export const Minus = one('M3 8h10', 14);
export const Play = one('M5 3v10l8-5z');
export const Pause = one('M5.5 3.5v9M10.5 3.5v9');
export const Back = one('M12 3v10L5.5 8zM4 3v10');
export const On = one('M4 3v10l6.5-5zM12 3v10');
export const PreviousEvent = one('M12.5 4 7 8l5.5 4M3.5 3v10M3.5 8H6');
export const NextEvent = one('M3.5 4 9 8l-5.5 4M12.5 3v10M12.5 8H10');
export const Cross = one('m4 4 8 8M12 4l-8 8', 12);
export const Link = one('M6.5 9.5 9.5 6.5M7 4.5l1.6-1.6a3 3 0 0 1 4.3 4.3L11.3 8.8M9 11.5l-1.6 1.6a3 3 0 0 1-4.3-4.3L4.7 7.2', 14);
export const Moon = one('M13 9.6A5.6 5.6 0 0 1 6.4 3 5.6 5.6 0 1 0 13 9.6z');
export const Sun = () => <Line><circle cx="8" cy="8" r="3" /><path d="M8 1.5v1.6M8 12.9v1.6M1.5 8h1.6M12.9 8h1.6M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M12.6 3.4l-1.1 1.1M4.5 11.5l-1.1 1.1" /></Line>;
export const System = () => <Line><circle cx="8" cy="8" r="5.6" /><path d="M8 2.4a5.6 5.6 0 0 1 0 11.2z" fill="currentColor" stroke="none" /></Line>;
export const Question = () => <Line><path d="M5.4 6.2C5.4 4.4 6.5 3.4 8 3.4s2.7 1 2.7 2.5C10.7 7.8 8 8 8 10.1M8 12.5v.3" /></Line>;
export const Home = () => <Line><path d="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10" /></Line>;
export const Aim = () => <Line><circle cx="8" cy="8" r="4" /><path d="M8 1.5V4M8 12v2.5M1.5 8H4M12 8h2.5" /></Line>;
export const LayersSign = one('m8 2 6 3.2L8 8.4 2 5.2zM2.4 8.2 8 11.2l5.6-3M2.4 11 8 14l5.6-3');
export const Ruler = one('M2 10.4 10.4 2 14 5.6 5.6 14zM5 8.6l1.4 1.4M7.2 6.4l1.4 1.4M9.4 4.2l1.4 1.4');
export const MapSign = one('m2 4 4-1.6L10 4l4-1.6V12l-4 1.6L6 12l-4 1.6zM6 2.4V12M10 4v9.6', 20);
export const List = one('M2.5 4h11M2.5 8h11M2.5 12h11', 20);
export const ClockSign = () => <Line size={20}><circle cx="8" cy="8" r="5.6" /><path d="M8 4.6V8l2.4 1.6" /></Line>;
export const Bell = one('M4 11.4V7.2a4 4 0 0 1 8 0v4.2l1.2 1.2H2.8zM6.8 13.8h2.4', 20);
export const More = () => <Line size={20}><circle cx="3.4" cy="8" r="1" /><circle cx="8" cy="8" r="1" /><circle cx="12.6" cy="8" r="1" /></Line>;
export const Camera = () => <Line><path d="M2 5h2.6l1-1.8h4.8l1 1.8H14v8H2z" /><circle cx="8" cy="8.8" r="2.4" /></Line>;
export const Earlier = one('M10 3 5 8l5 5', 14);
export const Later = one('m6 3 5 5-5 5', 14);
export const Save = one('M8 2v8M4.6 6.8 8 10.2l3.4-3.4M2.5 13.5h11', 14);
export const Up = one('M8 13V4M4.6 7.2 8 3.8l3.4 3.4', 10);
export const Down = one('M8 3v9M4.6 8.8 8 12.2l3.4-3.4', 10);

export function Logo({ size = 20 }: { size?: number }) {
    return (
        <svg width={size * 1.5} height={size} viewBox="0 0 33 22" aria-hidden="true">
            <path d="M2 17.5c5 0 8-1.6 10.6-4.6M19.4 7.2C21.4 5.4 24 4.6 27 4.5" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" />
            <circle cx="28.4" cy="4.5" r="3.1" fill="currentColor" />
            <path d="M15.2 10.9l1.4-1.4" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" stroke-dasharray="0 3" opacity=".9" />
        </svg>
    );
}

export function Silhouette({ shape, size, outline = false }: { shape: Shape; size: number; outline?: boolean }) {
    const style = outline
        ? { fill: 'none', stroke: 'currentColor', strokeWidth: 4 }
        : { fill: 'currentColor' };
    return (
        <svg class="sil" width={size} height={size} viewBox="0 0 64 64" style={style} aria-hidden="true">
            <path d={SILHOUETTES[shape]} />
        </svg>
    );
}

export const Climb = () => <svg class="g" width="9" height="9" viewBox="0 0 10 10" aria-hidden="true"><path d="M5 1.5 9 8.5H1z" fill="currentColor" /></svg>;
export const Descend = () => <svg class="g" width="9" height="9" viewBox="0 0 10 10" aria-hidden="true"><path d="M5 8.5 1 1.5h8z" fill="currentColor" /></svg>;
/* Three joined dots: a position found by several receivers. */
export const Mlat = () => (
    <svg class="g" width="13" height="13" viewBox="0 0 14 14" aria-hidden="true" style={{ color: 'var(--trust-mlat)' }}>
        <path d="M7 2.2 12.4 11.5H1.6z" fill="none" stroke="currentColor" stroke-width="1.3" />
        <circle cx="7" cy="2.4" r="1.6" fill="currentColor" /><circle cx="2" cy="11.4" r="1.6" fill="currentColor" /><circle cx="12" cy="11.4" r="1.6" fill="currentColor" />
    </svg>
);
/* A triangle with a cross: the position is false. */
export const Spoofed = () => (
    <svg class="g" width="13" height="13" viewBox="0 0 14 14" aria-hidden="true" fill="none" stroke="var(--trust-spoofed)" stroke-width="1.4">
        <path d="M7 1.6 13 12.2H1z" stroke-linejoin="round" /><path d="M5.2 6.6l3.6 3.6M8.8 6.6l-3.6 3.6" />
    </svg>
);
/* "To": points where the text runs. */
export const To = () => (
    <svg class="g flip" width="11" height="11" viewBox="0 0 14 14" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.5"><path d="M1.5 7h10M8 3.5 11.5 7 8 10.5" /></svg>
);
export const Warning = () => (
    <svg class="g" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
        <path d="M7 1.2 13 12.4H1z" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round" /><path d="M7 5v3.4M7 10.2v.6" stroke="currentColor" stroke-width="1.5" />
    </svg>
);
/* A needle turned to the track. */
export const Needle = ({ deg }: { deg: number }) => (
    <svg class="g needle" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true" style={{ transform: `rotate(${Math.round(deg)}deg)` }}>
        <path d="M6 .8 9.2 11 6 8.8 2.8 11z" fill="currentColor" />
    </svg>
);
