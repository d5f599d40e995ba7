// The place where pages stand: loads the page a link names, and says so where it cannot.
import type { FunctionComponent } from 'preact';
import { useEffect, useErrorBoundary, useState } from 'preact/hooks';
import { useCell } from '../cell';
import { asking, askEarly } from '../data/ask';
import type { Page, PageProps } from '../pages';
import { goToDesk, pageOf, route } from '../route';
import { speakPages, t, type MessageKey } from '../words';
import { PageHead } from './parts';

interface Loaded {
    name: string;
    Shown: FunctionComponent<PageProps>;
}

export const titleOf = (key: MessageKey) => (t as (k: MessageKey) => string)(key);

/* A page's code and words; a link that is pointed at fetches them before it is pressed. */
export const fetchPage = (page: Page) => Promise.all([page.load(), speakPages()]);

function Missing({ text }: { text: string }) {
    return (
        <>
            <PageHead title={text} />
            <p class="empty"><button type="button" class="btn" onClick={() => goToDesk()}>{t('page.toDesk')}</button></p>
        </>
    );
}

export function PageHost() {
    const r = useCell(route);
    const page = pageOf(r);
    const [loaded, set] = useState<Loaded | null>(null);
    const [failed, setFailed] = useState('');
    const isAsking = useCell(asking);
    const [broken, reset] = useErrorBoundary((e) => console.error('masar: the page failed', e));
    useEffect(() => {
        reset();
        setFailed('');
        if (!page) return;
        askEarly(page.asks?.(r.args));
        fetchPage(page).then(([m]) => set({ name: page.name, Shown: m.default }), () => setFailed(page.name));
    }, [page?.name]);
    const isHere = loaded !== null && loaded.name === page?.name;
    useEffect(() => {
        if (isHere) document.getElementById('page-title')?.focus();
    }, [isHere, r.page]);
    if (!page) return <main class="page"><Missing text={t('page.unknown', r.page ?? '')} /></main>;
    return (
        <main class="page" id="page" aria-busy={!isHere} data-asking={isAsking}>
            {broken || failed === page.name ? <Missing text={t('page.lost')} /> : isHere ? <loaded.Shown args={r.args} /> : <p class="empty loading mut" role="status">{t('page.loading')}</p>}
        </main>
    );
}
