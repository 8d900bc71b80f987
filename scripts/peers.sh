#!/usr/bin/env bash
# Installs and builds the servers of other frameworks that the benchmarks measure beside the app (benches/peers). What
# is already done is kept.
source "$(dirname "$0")/lib.sh"

peers=benches/peers
checksum=$(cksum $peers/package.json $peers/package-lock.json)
if [ "$checksum" != "$(cat $peers/node_modules/.checksum 2>/dev/null)" ]; then
  step "Installing the npm packages of the peers (about 20 seconds, 370 MB)"
  npm ci --prefix $peers --no-audit --no-fund ||
    die "npm ci failed" "check that the npm registry can be reached, then try again"
  echo "$checksum" >$peers/node_modules/.checksum
fi

environment=.tools/peers
requirements=$peers/requirements.txt
if ! cmp -s $requirements $environment/.installed; then
  if ! python3 -c 'import ensurepip' 2>/dev/null; then
    have apt-get || die "Python 3 with venv is missing" "install it from https://www.python.org"
    apt_install python3 python3-venv
  fi
  step "Installing the Python packages of the peers"
  python3 -m venv --clear $environment
  $environment/bin/pip install --quiet --disable-pip-version-check -r $requirements ||
    die "pip failed" "check that PyPI can be reached, then try again"
  cp $requirements $environment/.installed
fi

build=$peers/next/.next
checksum=$(find $peers/package-lock.json $peers/next -name .next -prune -o -type f -print | sort | xargs cksum)
if [ "$checksum" != "$(cat $build/.checksum 2>/dev/null)" ]; then
  step "Building the peer with Next.js (about 30 seconds)"
  # A build that fails leaves parts of the one before.
  rm -rf $build
  NEXT_TELEMETRY_DISABLED=1 $peers/node_modules/.bin/next build $peers/next || die "next build failed"
  echo "$checksum" >$build/.checksum
fi
