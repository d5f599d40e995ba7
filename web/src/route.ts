// Where the reader is: the desk, or one of the pages, each with the words of its link. A page is one
// file and one row of pages/index.ts; its link is #page=NAME&key=value…
import { cell } from './cell';
import { PAGES, type Page } from './pages';

export interface Route {
    page: string | null; // null: the desk
    args: Readonly<Record<string, string>>; // only keys of the page, each a value it takes
}

export const DESK: Route = { page: null, args: {} };
export const route = cell<Route>(DESK);
export const heading = cell(''); // of the page that is open: the airport's name, the call sign

export const pageOf = (r: Route): Page | undefined => PAGES.find((p) => p.name === r.page);

const encoded = (s: string) => encodeURIComponent(s).replaceAll('%2C', ',').replaceAll('%3A', ':');

/* The link to a page; empty values are left out. */
export function hrefOf(page: string, args: Record<string, string> = {}): string {
    const rest = Object.entries(args).filter(([, v]) => v !== '');
    return '#' + [['page', page], ...rest].map(([k, v]) => `${k}=${encoded(v)}`).join('&');
}

/* Called once a link asks for another page or the desk; main.tsx has it write history. */
let moved: (href: string, replace: boolean) => void = () => undefined;
export const onMove = (fn: typeof moved) => {
    moved = fn;
};

export function goToPage(page: string, args: Record<string, string> = {}): void {
    moved(hrefOf(page, args), false);
}

/* Another filter or sort of the same page is no step for the browser's Back. */
export function changeArgs(args: Record<string, string>): void {
    const r = route.get();
    if (r.page) moved(hrefOf(r.page, { ...r.args, ...args }), true);
}

export function goToDesk(hash = '#'): void {
    moved(hash, false);
}
