// What stands where there is nothing: why, and the one thing to do about it.
import { useCell } from '../cell';
import { past } from '../data/past';
import { sky } from '../data/sky';
import { filter, isFiltered, NO_FILTER } from '../desk';
import { t } from '../words';
import { chips } from './filters';

const HOW = 'masar serve --in beast:connect=host:30005';
const LISTENING = /^(connected|listening|playing|open|polling|running|ok|done|ended)/;

export function EmptyTable() {
    const link = useCell(sky.link);
    const about = useCell(sky.about);
    const f = useCell(filter);
    const back = useCell(past);
    if (link === 'starting') return <p class="empty loading mut">{t('loading.count', 0)}</p>;
    if (back && sky.aircraft.size === 0) return <p class="empty st">{t('empty.past')}</p>;
    if (link === 'live' && about.sources.length === 0 && sky.aircraft.size === 0)
        return (
            <div class="empty">
                <p class="st">{t('empty.first')}</p>
                <p class="mut">{t('empty.firstHow', HOW)}</p>
            </div>
        );
    const n = about.sources.filter((s) => LISTENING.test(s.state)).length;
    return (
        <div class="empty">
            <p class="st">{t(sky.aircraft.size ? 'table.nothing' : 'empty.none')}</p>
            {about.sources.length > 0 && <p class="mut">{t('empty.sources', n, about.sources.length)}</p>}
            {isFiltered(f) && (
                <>
                    <p class="mut">{t('empty.filters', chips(f).map((c) => c.text).join(', '))}</p>
                    <button type="button" class="btn" onClick={() => filter.set(NO_FILTER)}>{t('filter.clear')}</button>
                </>
            )}
        </div>
    );
}
