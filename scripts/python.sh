#!/usr/bin/env bash
# Creates a Python environment in this clone, with Clerk's official Python client, for the tests.
source "$(dirname "$0")/lib.sh"

environment=.tools/python
requirements=tests/clients/python/requirements.txt
cmp -s "$requirements" "$environment/.installed" && exit

if ! python3 -c 'import ensurepip' 2>/dev/null; then
  step "Installing Python for the tests"
  have apt-get || die "Python 3 with venv is missing" "install it from https://www.python.org"
  apt_install python3 python3-venv
fi
step "Installing the Python packages that the tests use"
python3 -m venv --clear "$environment"
"$environment/bin/pip" install --quiet --disable-pip-version-check -r "$requirements" ||
  die "pip failed" "check that PyPI can be reached, then try again"
cp "$requirements" "$environment/.installed"
