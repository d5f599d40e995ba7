// The pages: a page is one file here and one row. Its file is loaded when it is opened, and its
// default export is a component that is given the words of its link.
import type { FunctionComponent } from 'preact';
import type { MessageKey } from '../words';
import { boardOf, isArea, isCode, isDigits, isHex, isInstant, isText, LEDGER_ARGS, oneOf, WHATS } from './args';

export interface PageProps {
    args: Readonly<Record<string, string>>;
}
export interface Page {
    name: string; // page= in the link
    title: MessageKey; // a text without arguments
    isInBar: boolean; // stands in the bar on top and in the phone's menu
    args: Record<string, (value: string) => boolean>; // keys of its link, and what each takes
    load: () => Promise<{ default: FunctionComponent<PageProps> }>;
    asks?: (args: PageProps['args']) => string | undefined; // what it will ask first: asked while its file is on its way
}

const DAYS = { from: isInstant, to: isInstant };
const PLACE = { ...DAYS, mil: oneOf('0', '1'), which: oneOf('arrivals', 'departures'), unlikely: oneOf('1') };

export const PAGES: Page[] = [
    { name: 'airport', title: 'page.airport', isInBar: true, args: { airport: isCode, ...PLACE }, load: () => import('./place_airport') },
    { name: 'country', title: 'page.country', isInBar: false, args: { country: isCode, ...PLACE }, load: () => import('./place_country') },
    { name: 'area', title: 'page.area', isInBar: false, args: { area: isArea, name: isText, ...PLACE }, load: () => import('./place_area') },
    { name: 'aircraft', title: 'page.aircraft', isInBar: false, args: { hex: (s) => isHex(s.toLowerCase()), leg: (s) => /^\d{1,3}\.\d{0,6}\.\d{1,12}$/.test(s), ...DAYS }, load: () => import('./aircraft') },
    { name: 'ledger', title: 'page.ledger', isInBar: true, args: { ...LEDGER_ARGS, ...DAYS, what: oneOf(...WHATS), sort: (s) => /^-?\w{1,20}$/.test(s), n: isDigits }, load: () => import('./ledger') },
    { name: 'picture', title: 'page.picture', isInBar: false, args: { of: (s) => s.length <= 2000, form: oneOf('wide', 'square', 'tall', 'a4'), paper: oneOf('light', 'dark') }, load: () => import('./picture') },
    {
        name: 'operation', title: 'page.operation', isInBar: true,
        args: {
            name: (s) => /^[\w.-]{1,48}$/.test(s), at: isInstant, show: oneOf('flights', 'plan', 'edit'), kind: (s) => /^[a-z]{1,12}$/.test(s), key: (s) => /^[\w.:/-]{1,48}$/.test(s), add: oneOf('1'), fleet: (s) => /^[A-Za-z0-9:,]{1,40}$/.test(s), hours: (s) => /^\d{1,2}(\.\d{1,2})?$/.test(s), edition: isText, line: (s) => /^[\w.-]{0,40}~[a-z0-9?]{1,10}$/.test(s),
            base: isCode, day: isInstant, way: oneOf('departures', 'arrivals', 'all'), standing: oneOf('inside', 'outside', 'none', 'unknown'), country: isCode, hex: isHex,
        },
        load: () => import('./operation'),
        asks: ({ name, at }) => name && boardOf(name, at),
    },
    { name: 'watches', title: 'page.watches', isInBar: true, args: { show: oneOf('edit', 'log', 'expected'), id: isDigits, watch: isText, rule: (s) => s.length <= 1000 }, load: () => import('./watches') },
    { name: 'receivers', title: 'page.receivers', isInBar: true, args: { number: isDigits }, load: () => import('./receivers') },
];
