// Single keys of the desk. They can be switched off, and never act while something is typed.
import { choose, goLive, past, playOrPause, SPEEDS, stepBy, hasHistory } from './data/past';
import { filter, following, predicate, select, selection } from './desk';
import { hasPlace } from './data/aircraft';
import { sky } from './data/sky';
import { toggleLayer } from './layers';
import { PAGES } from './pages';
import { goToDesk, goToPage, route } from './route';
import { take, tool } from './tool';
import { contrastMore } from './theme';
import { copyLink } from './share';
import { theMap } from './stage';
import { front, isTableAsked, showPanel } from './ui/app';
import { helpOpen, singleKeys } from './help';
import { stepOrSay } from './ui/time';

const focus = (id: string) => document.getElementById(id)?.focus();

function focusTable(): void {
    front.set('list');
    isTableAsked.set(true);
    setTimeout(() => focus('table'));
}

function focusMap(): void {
    front.set('map');
    theMap()?.map.getCanvas().focus();
}

function focusPanel(): void {
    showPanel();
    setTimeout(() => focus('panel'));
}

/* In the order west to east, so that N walks over the view as one reads. */
function step(by: number): void {
    const scene = theMap()?.scene;
    if (!scene) return;
    const shows = predicate(filter.get());
    const list = scene.spots.filter((s) => shows(s.a)).sort((p, q) => p.x - q.x || p.y - q.y);
    if (!list.length) return;
    const i = list.findIndex((s) => s.a.hex === selection.get());
    select(list[(i + by + list.length + (i < 0 && by < 0 ? 1 : 0)) % list.length].a.hex);
}

/* The page of the selection, where that page is there. */
function openPage(): void {
    const hex = selection.get();
    if (hex && PAGES.some((p) => p.name === 'aircraft')) goToPage('aircraft', { hex });
}

/* From the selection, else from nothing yet. */
function measure(): void {
    const a = selection.get() ? sky.aircraft.get(selection.get()!) : undefined;
    take('measure', a && hasPlace(a) ? [[a.lat, a.lon]] : []);
    focusMap();
}

const KEYS: Record<string, () => void> = {
    '/': () => focus('search'),
    t: focusTable,
    m: focusMap,
    p: focusPanel,
    n: () => step(1),
    N: () => step(-1),
    '+': () => theMap()?.zoomBy(1),
    '=': () => theMap()?.zoomBy(1),
    '-': () => theMap()?.zoomBy(-1),
    f: () => selection.get() && following.set(!following.get()),
    s: () => void copyLink(),
    h: () => contrastMore.set(!contrastMore.get()),
    '[': () => stepOrSay(-1),
    ']': () => stepOrSay(1),
    e: openPage,
    c: () => toggleLayer('coverage'),
    r: measure,
    '?': () => helpOpen.set(true),
    l: goLive,
    ' ': playOrPause,
    ',': () => stepBy(-60),
    '.': () => stepBy(60),
    '<': () => stepBy(-3600),
    '>': () => stepBy(3600),
    ...Object.fromEntries(SPEEDS.map((x, i) => [String(i + 1), () => choose(x)])),
};

const PAGE_KEYS = ['/', '?', 's', 'h']; // those that act on pages too
const TIME_KEYS = [' ', ',', '.', '<', '>', '1', '2', '3', '4'];
/* Space presses what has the focus. */
const pressable = (e: Element | null) => !!e?.closest('button, a, summary, [role=option], [role=row], [role=grid]');
const typing = (e: Element | null) => !!e?.closest('input, textarea, select, [contenteditable]');

export function listenForKeys(): void {
    document.addEventListener('keydown', (e) => {
        if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || helpOpen.get()) return;
        if (typing(e.target as Element)) return;
        if (e.key === 'Escape') {
            if (tool.get() !== 'select') take('select');
            else if (route.get().page) goToDesk();
            else select(null);
            return;
        }
        if (route.get().page && !PAGE_KEYS.includes(e.key)) return;
        const canvas = theMap()?.map.getCanvas();
        if (e.key === 'Enter' && e.target === canvas) theMap()!.selectNearestToMiddle();
        if (!singleKeys.get()) return;
        if (TIME_KEYS.includes(e.key) && (!(hasHistory.get() || past.get()) || pressable(e.target as Element))) return;
        const act = KEYS[e.key] ?? (e.shiftKey ? undefined : KEYS[e.key.toLowerCase()]);
        if (!act) return;
        e.preventDefault();
        act();
    });
}
