// English: the table every other language must fill.
import { claims } from './claims';
import { desk } from './desk';
import { hearing } from './hearing';
import { movements } from './movements';
import { pages } from './pages';
import { operation } from './operation';
import { picture } from './picture';
import { watches } from './watches';

export const en = { ...desk, ...claims, ...movements, ...pages, ...picture, ...operation, ...watches, ...hearing };

export type Messages = typeof en;
export type MessageKey = keyof Messages;
