// The link to this view: kept in the address bar, copied on request.
import { cell, type Cell } from './cell';
import { instant, jumped, past } from './data/past';
import { filter, selection, sort, view } from './desk';
import { latOf, lonOf } from './geo/mercator';
import { writeLink } from './link';
import { t } from './words';

export const said = cell(''); // a short message, announced politely

export function currentHash(): string {
    const v = view.get();
    return writeLink({
        map: v ? { lat: latOf(v.y), lon: lonOf(v.x), zoom: v.zoom } : null,
        selected: selection.get(),
        filter: filter.get(),
        sort: sort.get(),
        at: past.get() ? instant() : NaN,
    });
}

const PLAYED_EVERY_MS = 2000; // while time runs, the link runs after it

let timer = 0;

/* Written at rest, so that the history is not filled and nothing is slowed. */
export function keepLink(): void {
    const later = () => {
        clearTimeout(timer);
        timer = window.setTimeout(() => history.replaceState(null, '', location.pathname + currentHash()), 400);
    };
    for (const c of [view, selection, filter, sort, past, jumped]) (c as Cell<unknown>).watch(later);
    setInterval(() => past.get()?.speed && later(), PLAYED_EVERY_MS);
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
