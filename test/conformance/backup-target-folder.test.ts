import { join } from 'node:path';
import { targetOf } from '../../src/backup/target-of.ts';
import { temporaryFolders } from '../support/temporary-folders.ts';
import { testBackupTarget } from './backup-target.ts';

const newFolder = temporaryFolders();

testBackupTarget('in a folder', () => targetOf(join(newFolder(), 'not/there/yet')));
