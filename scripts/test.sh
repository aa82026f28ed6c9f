#!/usr/bin/env bash
# All checks, cheapest first: format, lint, types, then every test in three lanes side by side.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
export QT_QPA_PLATFORM=offscreen
failed=0
step() {
  local name=$1 began=$SECONDS
  shift
  if "$@"; then echo "ok     $name ($((SECONDS - began)) s)"; else echo "FAILED $name"; failed=1; fi
}
step format $bin/ruff format --check -q .
step lint $bin/ruff check -q .
step types $bin/mypy --no-error-summary
[ $failed -eq 0 ] || exit 1

# Three lanes of about the same length: the parts of the window, the walks through the whole window (which mostly
# wait), and everything else.
mkdir -p build
rm -f build/promises-*.json
order="--randomly-seed=${SEED:-$RANDOM}"
echo "order of the tests: $order"
# A window that waits for ever inside the toolkit hears no Python signal: its stacks are written, and it ends.
hangs=(-o faulthandler_timeout=100 -o faulthandler_exit_on_timeout=true)
COMPANION_PROMISES=build/promises-window.json $bin/python -m pytest -q "$order" "${hangs[@]}" tests/ui >build/test-window.log 2>&1 &
window=$!
COMPANION_PROMISES=build/promises-walks.json $bin/python -m pytest -q "$order" tests/stories >build/test-walks.log 2>&1 &
walk=$!
COMPANION_PROMISES=build/promises-rest.json $bin/python -m pytest -q "$order" --ignore=tests/ui --ignore=tests/stories "$@"
rest=$?
wait $window
windows=$?
wait $walk
walks=$?
cat build/test-walks.log build/test-window.log
# With arguments it is a part of the tests that runs: only the whole shows whether every promise has its test.
if [ $# -eq 0 ]; then step promises $bin/python -m tests.promises build/promises-{window,walks,rest}.json; fi
[ $rest -eq 0 ] && [ $windows -eq 0 ] && [ $walks -eq 0 ] && [ $failed -eq 0 ]
