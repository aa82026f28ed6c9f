#!/usr/bin/env bash
# All checks, cheapest first: format, lint, import contracts, types, tests without a window, tests with one, stories.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
export QT_QPA_PLATFORM=offscreen PYTHONDONTWRITEBYTECODE=1
failed=0
step() {
  local name=$1; shift
  local began=$SECONDS
  if "$@"; then echo "ok     $name ($((SECONDS - began)) s)"; else echo "FAILED $name"; failed=1; fi
}
step format $bin/ruff format --check -q .
step lint $bin/ruff check -q .
step types $bin/mypy --no-error-summary
[ $failed -eq 0 ] || exit 1
# One run, so that its last line counts every test there is; the stories come last because they take longest.
$bin/python -m pytest "$@"
exit $?
