#!/usr/bin/env bash
# What has to hold before a commit: format and lint, types, unit tests. `npm run check` calls it.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
PATH=$PWD/node_modules/.bin:$PATH

biome check .
eslint .
knip
tsc --noEmit
tsc -p src/web/ui
vitest run --project unit
