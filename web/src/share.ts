// The link to this view: kept in the address bar, read from it, copied on request.
import { cell, type Cell } from './cell';
import { goLive, goTo, instant, jumped, past } from './data/past';
import { filter, select, selection, sort, view } from './desk';
import { latOf, lonOf } from './geo/mercator';
import { layers } from './layers';
import { readLink, writeLink, type LinkState, type Misunderstood } from './link';
import { DESK, hrefOf, onMove, route } from './route';
import { theMap } from './stage';
import { speak, t } from './words';

export const said = cell(''); // a short message, announced politely
export const badLink = cell<Misunderstood[]>([]);

export function currentHash(): string {
    const r = route.get();
    if (r.page) return hrefOf(r.page, r.args);
    const v = view.get();
    return writeLink({
        map: v ? { lat: latOf(v.y), lon: lonOf(v.x), zoom: v.zoom } : null,
        selected: selection.get(),
        filter: filter.get(),
        sort: sort.get(),
        layers: layers.get(),
        at: past.get() ? instant() : NaN,
    });
}

export function openDesk(s: LinkState): void {
    filter.set(s.filter);
    sort.set(s.sort);
    layers.set(s.layers);
    if (s.selected !== selection.get()) select(s.selected);
    if (s.at === s.at) goTo(s.at, 0);
    else goLive();
    if (s.map) theMap()?.show(s.map.lat, s.map.lon, s.map.zoom);
}

/* Opens what a link says. A page's link leaves the desk as it was. */
export function openLink(search: string, hash: string): LinkState {
    const { state, bad } = readLink(search, hash);
    badLink.set(bad);
    if (state.language) void speak(state.language);
    if (!state.route.page) openDesk(state);
    route.set(state.route);
    return state;
}

const PLAYED_EVERY_MS = 2000; // while time runs, the link runs after it
let timer = 0;
const write = (hash: string) => history.replaceState(null, '', location.pathname + hash);

function move(hash: string, replace: boolean): void {
    clearTimeout(timer);
    if (!replace && !route.get().page) write(currentHash());
    if (hash === '#') {
        route.set(DESK);
        history.pushState(null, '', location.pathname + currentHash());
        return;
    }
    history[replace ? 'replaceState' : 'pushState'](null, '', location.pathname + hash);
    openLink('', hash);
}

/* Written at rest, so that the history is not filled and nothing is slowed. */
export function keepLink(): void {
    const later = () => {
        clearTimeout(timer);
        timer = window.setTimeout(() => !route.get().page && write(currentHash()), 400);
    };
    for (const c of [view, selection, filter, sort, layers, past, jumped]) (c as Cell<unknown>).watch(later);
    setInterval(() => past.get()?.speed && later(), PLAYED_EVERY_MS);
}

export function followLinks(): void {
    onMove(move);
    addEventListener('popstate', () => {
        clearTimeout(timer);
        openLink(location.search, location.hash);
    });
}

export async function copyLink(): Promise<void> {
    const url = location.origin + location.pathname + currentHash();
    history.replaceState(null, '', url);
    try {
        await navigator.clipboard.writeText(url);
        say(t('map.copied'));
    } catch {
        prompt(t('panel.link'), url);
    }
}

let saidTimer = 0;
export function say(text: string): void {
    clearTimeout(saidTimer);
    said.set(text);
    saidTimer = window.setTimeout(() => said.set(''), 4000);
}
