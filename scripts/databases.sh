#!/usr/bin/env bash
# Puts Redis and PostgreSQL into this clone, for the tests of the session stores. On Debian and Ubuntu their packages are
# unpacked into .tools/databases, without installing anything; elsewhere the programs must be in PATH. The tests start the
# servers themselves.
source "$(dirname "$0")/lib.sh"

directory=.tools/databases
[ -e "$directory/.installed" ] && exit

if ! have apt-get || ! have dpkg; then
  for program in redis-server initdb postgres; do
    have "$program" || die "$program is missing, which the tests of the session stores need" \
      "install Redis and PostgreSQL, and add the directories of their programs to PATH" \
      "macOS: brew install redis postgresql"
  done
  exit
fi

# The packages that packages need. Of the libraries those that are not installed, without LLVM, with which PostgreSQL would
# compile long queries. `show` leaves out names that only other packages provide.
with_libraries() {
  apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances \
    --no-pre-depends "$@" | grep '^[a-z]' | sort -u |
    grep -E '^lib|^redis-|^postgresql-(client-)?[0-9]+$' | grep -vE '^lib(c6|llvm|perl|gdbm|db5|elogind)' |
    grep -vxF "$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' 'lib*' | sed -n 's/ installed$//p')" |
    xargs apt-cache show --no-all-versions 2>/dev/null | sed -n 's/^Package: //p' | sort -u
}

# The package `postgresql` depends on that of the current version.
postgresql() { apt-cache depends postgresql 2>/dev/null | sed -n 's/.*Depends: \(postgresql-[0-9]*\)$/\1/p'; }

step "Unpacking Redis and PostgreSQL for the tests (about 30 MB)"
[ -n "$(postgresql)" ] || as_root apt-get update
packages=$(with_libraries redis-server "$(postgresql)")
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
# apt downloads as a user of its own, who must be able to write there.
chmod 777 "$temporary"
# shellcheck disable=SC2086 # one word a package
(cd "$temporary" && apt-get download --quiet $packages) ||
  die "the packages could not be downloaded" "check that Debian's servers can be reached, then try again"
rm -rf "$directory"
mkdir -p "$directory"
for package in "$temporary"/*.deb; do dpkg -x "$package" "$directory"; done
"$directory/usr/bin/redis-server" --version >&2 2>/dev/null ||
  LD_LIBRARY_PATH=$(echo "$PWD/$directory"/usr/lib/*-linux-gnu) "$directory/usr/bin/redis-server" --version >&2 ||
  die "the unpacked redis-server does not run"
touch "$directory/.installed"
