// What every page offers beside its title: its link, and what it shows as a file.
import { copyLink } from '../share';
import { t } from '../words';
import { Link, Save } from './icons';

export const LinkButton = () => <button type="button" class="btn" onClick={() => void copyLink()}><Link />{t('page.link')}</button>;

/* `csv`, `json`: called when asked for, they save the file. */
export function SaveButtons({ csv, json, disabled = false }: { csv?: () => void; json?: () => void; disabled?: boolean }) {
    return (
        <span class="saves" role="group" aria-label={t('page.export')}>
            {csv && <button type="button" class="btn" disabled={disabled} title={t('page.export')} onClick={csv}><Save /><bdi class="ltr">CSV</bdi></button>}
            {json && <button type="button" class="btn" disabled={disabled} title={t('page.export')} onClick={json}><Save /><bdi class="ltr">JSON</bdi></button>}
        </span>
    );
}
