#!/usr/bin/env bash
# Holds the alert rules against Prometheus' own checker, and their unit tests. promtool is taken out of Debian's package where
# it is not installed: nothing else of it is needed, and no service is started.
set -euo pipefail
cd "$(dirname "$0")"

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

promtool=$(command -v promtool || true)
if [ -z "$promtool" ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  take() { (cd "$folder" && apt-get download -qq prometheus); }
  if ! take && ! { as_root apt-get update -qq && take; }; then
    echo "promtool is not installed, and Debian's package prometheus could not be loaded (is there a link to its mirror?)." >&2
    exit 1
  fi
  dpkg-deb -x "$folder"/prometheus_*.deb "$folder"
  promtool="$folder/usr/bin/promtool"
fi
"$promtool" check rules lontar-rules.yml
"$promtool" test rules lontar-rules.test.yml
