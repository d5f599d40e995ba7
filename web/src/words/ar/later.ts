// What only pages say, Arabic.
import type { Later } from '../en';
import { movements } from './movements';
import { picture } from './picture';
import { operation } from './operation';
import { watches } from './watches';
import { hearing } from './hearing';
import { edit } from './edit';
import { faults } from './faults';
import { plan } from './plan';

export const later: Later = { ...movements, ...picture, ...operation, ...watches, ...hearing, ...edit, ...faults, ...plan };
