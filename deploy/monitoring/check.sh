#!/usr/bin/env bash
# Holds the alert rules against Prometheus' own checker, and their unit tests. promtool is taken out of Debian's package where
# it is not installed: nothing else of it is needed, and no service is started.
set -euo pipefail
cd "$(dirname "$0")"

promtool=$(command -v promtool || true)
if [ -z "$promtool" ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  [ -n "$(apt-cache madison prometheus)" ] || apt-get update -qq
  (cd "$folder" && apt-get download -qq prometheus && dpkg-deb -x prometheus_*.deb .)
  promtool="$folder/usr/bin/promtool"
fi
"$promtool" check rules lontar-rules.yml
"$promtool" test rules lontar-rules.test.yml
