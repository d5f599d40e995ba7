// A part of a page that is loaded when it is first shown.
import type { FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../words';

export function lazyPart<P extends object>(load: () => Promise<{ default: FunctionComponent<P> }>): FunctionComponent<P> {
    let loaded: FunctionComponent<P> | null = null;
    return function Lazy(props: P) {
        const [state, set] = useState<'' | 'there' | 'lost'>(loaded ? 'there' : '');
        useEffect(() => {
            if (!loaded) load().then((m) => { loaded = m.default; set('there'); }, () => set('lost'));
        }, []);
        if (loaded) {
            const Part = loaded;
            return <Part {...props} />;
        }
        return <p class="empty mut" role="status">{t(state === 'lost' ? 'page.lost' : 'page.loading')}</p>;
    };
}
