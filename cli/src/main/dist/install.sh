#!/bin/sh
# Installs Wherry from the folder that this script lies in, or takes it away. May be run again, also over an older version.
# It never touches images, containers and volumes in /var/lib/wherry.
set -eu

usage() {
    cat <<'EOF'
Usage: install.sh [--prefix DIR] [--uninstall]

  --prefix DIR   Where it goes; default: /usr/local
  --uninstall    Take it away; settings, images, containers and volumes stay

DESTDIR, when set, is put before every path, and no service is started: for making packages.
EOF
}

say() { echo "install.sh: $*" >&2; }
fail() {
    say "$*"
    exit 1
}

prefix=/usr/local
uninstall=
while [ $# -gt 0 ]; do
    case $1 in
    --prefix)
        [ $# -gt 1 ] || fail '--prefix needs a folder'
        prefix=$2
        shift
        ;;
    --prefix=*) prefix=${1#*=} ;;
    --uninstall) uninstall=yes ;;
    -h | --help)
        usage
        exit 0
        ;;
    *) fail "unknown option $1: see install.sh --help" ;;
    esac
    shift
done
case $prefix in
/*) prefix=${prefix%/} ;;
*) fail '--prefix must begin with /' ;;
esac
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
dest=${DESTDIR:-}
# systemd reads units of few folders.
case $prefix in
/usr | /usr/local) units=$dest$prefix/lib/systemd/system ;;
*) units=$dest/etc/systemd/system ;;
esac
[ -n "$dest" ] || [ "$(id -u)" = 0 ] || fail 'must be run by root'
systemd() { [ -z "$dest" ] && [ -d /run/systemd/system ]; }

# put MODE FILE TARGET: a file appears whole or not at all, and a program that runs keeps its old one.
put() {
    mkdir -p "$(dirname "$3")"
    cp "$2" "$3.new"
    chmod "$1" "$3.new"
    mv -f "$3.new" "$3"
}

link() {
    mkdir -p "$(dirname "$2")"
    ln -sfn "$1" "$2"
}

# The files of the folder $1 of the archive, by their names below it.
files() { (cd "$here/$1" && find . -type f | sed 's|^\./||'); }

check() {
    "$here/lib/wherry/wherry" --version >/dev/null 2>&1 ||
        fail "the programs do not run here: they need Linux on x86-64 with the GNU C library"
}

install_files() {
    files lib/wherry/lib 2>/dev/null | while read -r file; do
        put 644 "$here/lib/wherry/lib/$file" "$dest$prefix/lib/wherry/lib/$file"
    done
    for program in wherryd wherry; do
        put 755 "$here/lib/wherry/$program" "$dest$prefix/lib/wherry/$program"
    done
    link ../lib/wherry/wherry "$dest$prefix/bin/wherry"
    link ../lib/wherry/wherryd "$dest$prefix/sbin/wherryd"
    files share | while read -r file; do
        put 644 "$here/share/$file" "$dest$prefix/share/$file"
    done
    [ -e "$dest/etc/wherry/wherryd.yaml" ] || put 644 "$here/etc/wherry/wherryd.yaml" "$dest/etc/wherry/wherryd.yaml"
}

install_service() {
    scratch=$(mktemp)
    sed "s|/usr/sbin/wherryd|$prefix/sbin/wherryd|" "$here/lib/systemd/system/wherry.service" >"$scratch"
    put 644 "$scratch" "$units/wherry.service"
    rm -f "$scratch"
    put 644 "$here/lib/systemd/system/wherry.socket" "$units/wherry.socket"
    systemd || return 0
    systemctl daemon-reload
    systemctl --quiet enable wherry.socket wherry.service
    systemctl start wherry.socket
    # Containers keep running: conmon holds them.
    systemctl restart wherry.service
}

install_group() {
    [ -z "$dest" ] || return 0
    grep -q '^wherry:' /etc/group && return
    if command -v groupadd >/dev/null; then groupadd --system wherry; else addgroup -S wherry; fi
}

has() {
    for tool; do
        for folder in $(echo "$PATH" | tr : ' ') /usr/local/sbin /usr/sbin /sbin /usr/lib/podman /usr/libexec/podman; do
            [ ! -x "$folder/$tool" ] || return 0
        done
    done
    return 1
}

# Says which programs of the host the daemon lacks, and how to get them.
tools() {
    missing=
    for tool in runc conmon netavark aardvark-dns; do
        has "$tool" || missing="$missing $tool"
    done
    has iptables nft || missing="$missing iptables"
    [ -n "$missing" ] || return 0
    if has apt-get; then
        how="apt-get install$missing"
    elif has dnf; then
        how="dnf install$missing"
    elif has pacman; then
        how="pacman -S$missing"
    elif has apk; then
        how="apk add$missing"
    else
        how='install them as this system does'
    fi
    say "the daemon needs more programs:$missing ($how)"
}

remove() {
    if systemd; then
        systemctl stop wherry.socket wherry.service 2>/dev/null || true
        systemctl --quiet disable wherry.socket wherry.service 2>/dev/null || true
    fi
    rm -f "$units/wherry.service" "$units/wherry.socket" "$dest$prefix/bin/wherry" "$dest$prefix/sbin/wherryd"
    rm -rf "$dest$prefix/lib/wherry" "$dest$prefix/share/doc/wherry" "$dest$prefix/share/wherry"
    files share | while read -r file; do
        rm -f "$dest$prefix/share/$file"
    done
    ! systemd || systemctl daemon-reload
    say "removed; settings in /etc/wherry, the group wherry, and all in /var/lib/wherry stay"
}

if [ -n "$uninstall" ]; then
    remove
    exit 0
fi
check
install_files
install_group
install_service
tools
if systemd; then
    say "installed: try 'wherry version'; who is to use it without being root joins the group wherry"
else
    say "installed: start the daemon with $prefix/sbin/wherryd"
fi
