// The pages: a page is one file here and one row. Its file is loaded when it is opened, and its
// default export is a component that is given the words of its link.
import type { FunctionComponent } from 'preact';
import type { MessageKey } from '../words';

export interface PageProps {
    args: Readonly<Record<string, string>>;
}
export interface Page {
    name: string; // page= in the link
    title: MessageKey; // a text without arguments
    isInBar: boolean; // stands in the bar on top and in the phone's menu
    args: Record<string, (value: string) => boolean>; // keys of its link, and what each takes
    load: () => Promise<{ default: FunctionComponent<PageProps> }>;
}

export const PAGES: Page[] = [
    { name: 'receivers', title: 'page.receivers', isInBar: true, args: {}, load: () => import('./receivers') },
];
