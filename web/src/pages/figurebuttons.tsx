// A card saves itself as a picture.
import { say } from '../share';
import { t } from '../words';
import { Save } from '../ui/icons';

async function save(button: HTMLElement, name: string, form: 'png' | 'svg'): Promise<void> {
    const card = button.closest<HTMLElement>('.card');
    if (!card) return;
    try {
        await (await import('./figure')).saveFigure(card, name, form);
    } catch (e) {
        say(t('picture.failed', (e as Error).message));
    }
}

export const FigureButtons = ({ name }: { name: string }) => (
    <span class="saves figurebuttons" role="group" aria-label={t('figure.save')}>
        {(['png', 'svg'] as const).map((f) => <button type="button" class="btn" key={f} title={t('figure.save')} onClick={(e) => void save(e.currentTarget, name, f)}><Save /><bdi class="ltr">{f.toUpperCase()}</bdi></button>)}
    </span>
);
