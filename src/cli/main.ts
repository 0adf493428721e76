#!/usr/bin/env node
/** The start of the program. What it consists of is loaded after this. */
import { keepCompiledCode } from './compiled-code.ts';

keepCompiledCode();
await import('./program.ts');
