#!/bin/sh
# QGIS's own library for Debian's Python, where it is not there yet. Needs root.
set -eu
/usr/bin/python3 -c 'import qgis.core' 2>/dev/null && exit 0
sudo=""
[ "$(id -u)" = 0 ] || sudo="sudo"
$sudo apt-get -o DPkg::Lock::Timeout=500 update -q
$sudo apt-get -o DPkg::Lock::Timeout=500 install -y -q --no-install-recommends python3-qgis
